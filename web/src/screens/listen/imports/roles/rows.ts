// The columns of a file as rows: pairs, halves without a partner, and the rest; pairs by blocks of the questionnaire.
import type { ColumnRole, Preview, PreviewColumn } from '@/generated/api'
import type { Document } from '@/screens/record/studies/document'
import { undecidedPairs, type Pair } from './apart'
import { BESIDE, columnOf, HALVES, indexOf, itemsOf, rolesOf, SINGLE, type Item } from './document'

export type Tab = 'pairs' | 'loose' | 'outcomes' | 'background' | 'others'
export const TABS: Tab[] = ['pairs', 'loose', 'outcomes', 'background', 'others']
/** `items`: those that the row's columns belong to: one, or two where the halves are `undecided`. */
export type Row = {
  key: string
  tab: Tab
  item?: Item
  items: Item[]
  columns: PreviewColumn[]
  role: ColumnRole
  undecided?: boolean
}

/** Columns that look like half of a pair: by their role, or since a warning says so. */
function halvesFound(preview: Preview): Set<string> {
  const warned = preview.warnings.filter((w) => w.code === 'expectation_unplaced' || w.code === 'perception_unplaced')
  const found = preview.columns.filter((column) => HALVES.some((half) => half === column.role))
  return new Set([...warned.flatMap((warning) => warning.columns), ...found.map((column) => column.name)])
}

/** Where a column belongs that is no half of a pair. Halves that were found and have no place are loose. */
function tabOf(role: ColumnRole, isHalf: boolean): Tab {
  if (role === 'outcome') return 'outcomes'
  if (role === 'group' || (SINGLE as readonly string[]).includes(role)) return 'background'
  return role === 'ignored' && isHalf ? 'loose' : 'others'
}

function undecidedRow(document: Document, preview: Preview, [e, p]: Pair): Row {
  const half = (column: string) =>
    itemsOf(document).find((item) => item.expectation === column || item.perception === column)
  const items = [half(p), half(e)].filter((item) => item !== undefined)
  const columns = [e, p].flatMap((name) => columnOf(preview, name) ?? [])
  const key = items[0]?.code ?? p
  return { key, tab: 'pairs', item: items[0], items, columns, role: 'expectation', undecided: true }
}

function itemRow(preview: Preview, item: Item): Row {
  const columns = HALVES.flatMap((half) => columnOf(preview, item[half]) ?? [])
  const tab = item.expectation && item.perception ? 'pairs' : 'loose'
  return { key: item.code, tab, item, items: [item], columns, role: item.expectation ? 'expectation' : 'perception' }
}
function columnRow(column: PreviewColumn, role: ColumnRole, isHalf: boolean): Row {
  const shown = role === 'ignored' && column.role ? column.role : role
  const tab = (BESIDE as readonly string[]).includes(role) ? 'others' : tabOf(role, isHalf)
  return { key: column.name, tab, items: [], columns: [column], role: shown }
}

/** All columns of the file, each in one row: pairs first in the file's order. Halves on scales that differ are a pair
 * as long as nobody said that they aren't. */
export function rowsOf(document: Document, preview: Preview, settled: string[] = []): Row[] {
  const roles = rolesOf(document)
  const halves = halvesFound(preview)
  const apart = undecidedPairs(document, preview, settled)
  const joined = new Set(apart.flat())
  const single = itemsOf(document).filter((item) => !joined.has(item.expectation ?? item.perception ?? ''))
  const partOf = (name: string) => roles.get(name) ?? 'ignored'
  const left = preview.columns.filter(({ name }) => !joined.has(name) && !HALVES.some((half) => half === partOf(name)))
  const rows = [
    ...apart.map((pair) => undecidedRow(document, preview, pair)),
    ...single.map((item) => itemRow(preview, item)),
    ...left.map((column) => columnRow(column, partOf(column.name), halves.has(column.name))),
  ]
  const place = (row: Row) => indexOf(preview, row.columns[0]?.name)
  return rows.sort((a, b) => place(a) - place(b))
}

export type Block = { rows: Row[]; from: [number, number]; to: [number, number] }
/** Pairs whose halves follow each other evenly: a block of the questionnaire. Places count from 1. */
export function blocksOf(pairs: Row[], preview: Preview): Block[] {
  const blocks: Block[] = []
  for (const row of pairs) {
    const [e, p] = [indexOf(preview, row.columns[0]?.name) + 1, indexOf(preview, row.columns[1]?.name) + 1]
    const last = blocks.at(-1)
    const touchpoint = last?.rows[0]?.item?.touchpoint
    const step = last ? e - last.from[1] : 0
    const even = last && step === p - last.to[1] && (step === 1 || step === 2)
    if (last && even && touchpoint === row.item?.touchpoint) {
      last.rows.push(row)
      last.from[1] = e
      last.to[1] = p
    } else blocks.push({ rows: [row], from: [e, e], to: [p, p] })
  }
  return blocks
}
