// The part that each column plays, and the study document that says so: the one place where that stands; rows
// are read from it, and every act makes another document. Nothing here changes what it is given.
import type { ColumnRole, Preview, PreviewColumn } from '@/generated/api'
import { text } from '@/i18n'
import type { Document } from '@/screens/record/studies/document'

/** The same in both languages, or one for each. */
export type Words = string | { 'zh-CN'?: string; en?: string }
export const say = (words: Words | undefined, fallback: string) =>
  typeof words === 'string' ? words : text(words, fallback)
type Scale = { min: number; max: number; step?: number }
export type Item = {
  code: string
  label?: Words
  expectation?: string
  perception?: string
  adequate?: string
  importance?: string
  dimension?: string
  touchpoint?: string
  scale?: Scale
}
type Coded = { code?: string; label?: Words; column?: string; kind?: string; stage?: string; scale?: Scale }
export type Half = 'expectation' | 'perception'
export const HALVES: Half[] = ['expectation', 'perception']
/** Keys of the document that name one column. */
export const SINGLE = ['wave', 'weight', 'customer', 'episode', 'time', 'id'] as const
/** What a column may be made by hand. */
export const ROLES = [...HALVES, 'outcome', 'group', ...SINGLE, 'ignored'] as const
export type Role = (typeof ROLES)[number]

const list = <T>(document: Document, key: string): T[] => (Array.isArray(document[key]) ? (document[key] as T[]) : [])
export const itemsOf = (document: Document) => list<Item>(document, 'items')
const put = (document: Document, key: string, value: unknown[]): Document => {
  const { [key]: _, ...rest } = document
  return value.length || key === 'items' ? { ...document, [key]: value } : rest
}

/** What stands for a study where nothing was proposed: no items yet. */
export function emptyStudy(preview: Preview): Document {
  const code = preview.upload.name
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
  return { study: code || 'study', title: code || 'study', items: [] }
}

/** The columns' parts as the document has them; a column may stand in several places: the first counts. */
export function rolesOf(document: Document): Map<string, ColumnRole> {
  const roles = new Map<string, ColumnRole>()
  const add = (column: unknown, role: ColumnRole) => {
    if (typeof column === 'string' && !roles.has(column)) roles.set(column, role)
  }
  for (const item of itemsOf(document))
    for (const half of [...HALVES, 'adequate', 'importance'] as const) add(item[half], half)
  for (const outcome of list<Coded>(document, 'outcomes')) add(outcome.column, 'outcome')
  for (const group of list<Coded>(document, 'groups')) add(group.column, 'group')
  for (const key of SINGLE) add(document[key], key)
  return roles
}

const RATED = new Set<string>([...HALVES, 'adequate', 'importance', 'outcome'])
/** Columns whose answers become numbers. */
export const ratedIn = (document: Document): Set<string> =>
  new Set([...rolesOf(document)].filter(([, role]) => RATED.has(role)).map(([column]) => column))
export const isRated = (role: string) => RATED.has(role)

export const columnOf = (preview: Preview, name: string | undefined) => preview.columns.find((c) => c.name === name)
export const indexOf = (preview: Preview, name: string | undefined) => preview.columns.findIndex((c) => c.name === name)

export type Tab = 'pairs' | 'loose' | 'outcomes' | 'background' | 'others'
export const TABS: Tab[] = ['pairs', 'loose', 'outcomes', 'background', 'others']
export type Row = { key: string; tab: Tab; item?: Item; columns: PreviewColumn[]; role: ColumnRole }

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

/** All columns of the file, each in one row: pairs first in the file's order. */
export function rowsOf(document: Document, preview: Preview): Row[] {
  const roles = rolesOf(document)
  const halves = halvesFound(preview)
  const rows: Row[] = itemsOf(document).map((item) => {
    const columns = HALVES.flatMap((half) => columnOf(preview, item[half]) ?? [])
    const tab = item.expectation && item.perception ? 'pairs' : 'loose'
    return { key: item.code, tab, item, columns, role: item.expectation ? 'expectation' : 'perception' }
  })
  for (const column of preview.columns) {
    const role = roles.get(column.name) ?? 'ignored'
    if (role === 'expectation' || role === 'perception') continue
    const shown = role === 'ignored' && column.role ? column.role : role
    rows.push({ key: column.name, tab: tabOf(role, halves.has(column.name)), columns: [column], role: shown })
  }
  const place = (row: Row) => indexOf(preview, row.columns[0]?.name)
  return rows.sort((a, b) => place(a) - place(b))
}

export type Block = { rows: Row[]; from: [number, number]; to: [number, number] }
/** Pairs whose halves follow each other evenly: a block of the questionnaire. Places count from 1. */
export function blocksOf(pairs: Row[], preview: Preview): Block[] {
  const blocks: Block[] = []
  for (const row of pairs) {
    const [e, p] = [indexOf(preview, row.item?.expectation) + 1, indexOf(preview, row.item?.perception) + 1]
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

// --- acts ---

/** The document without the column: an item that has neither half left goes, an item with one half stays. */
export function release(document: Document, column: string): Document {
  const items = itemsOf(document).flatMap((item) => {
    const left = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== column)) as Item
    return left.expectation || left.perception ? [left] : []
  })
  let made = put(document, 'items', items)
  for (const key of ['outcomes', 'groups'])
    made = put(
      made,
      key,
      list<Coded>(made, key).filter((one) => one.column !== column),
    )
  return Object.fromEntries(Object.entries(made).filter(([key, value]) => key === 'items' || value !== column))
}

/** A code that no item has yet. */
function freeCode(document: Document, wanted: string): string {
  const taken = new Set([...itemsOf(document), ...list<Coded>(document, 'outcomes')].map((one) => one.code))
  const base = wanted.slice(0, 56) || 'item'
  for (let i = 1; ; i++) {
    const code = i === 1 ? base : `${base}_${i}`
    if (!taken.has(code)) return code
  }
}

const scaleOf = (column: PreviewColumn | undefined): Scale | undefined =>
  column?.scale_min != null && column.scale_max != null
    ? { min: column.scale_min, max: column.scale_max, step: column.scale_step ?? 1 }
    : undefined
const guessed = (column: PreviewColumn | undefined): Scale | undefined => {
  if (scaleOf(column)) return scaleOf(column)
  const whole = column?.min != null && column.max != null && column.max > column.min
  return whole ? { min: column.min!, max: column.max!, step: 1 } : undefined
}
const alike = (a: Scale | undefined, b: Scale | undefined) => !!a && !!b && a.min === b.min && a.max === b.max

/** What the item's answers lie on: its own scale, else the study's. */
export const itemScale = (document: Document, item: Item | undefined): Scale | undefined =>
  item?.scale ?? (document.scale as Scale | undefined)

function newItem(document: Document, preview: Preview, half: Half, column: string): Item {
  const found = columnOf(preview, column)
  const scale = guessed(found)
  return {
    code: freeCode(document, found?.item ?? column),
    ...(found?.label ? { label: found.label } : {}),
    [half]: column,
    ...(scale && !alike(scale, document.scale as Scale | undefined) ? { scale } : {}),
  }
}

/** Which half a column is where somebody puts two together: as it is, else as it was found. */
function halfOf(document: Document, preview: Preview, column: string): Half | undefined {
  const role = rolesOf(document).get(column) ?? columnOf(preview, column)?.role
  return HALVES.find((half) => half === role)
}

/** Two columns become one pair. The first is the expectation unless either is known to be the other half. */
export function pairUp(document: Document, preview: Preview, first: string, second: string): Document {
  if (first === second) return document
  const turned =
    halfOf(document, preview, first) === 'perception' ||
    (halfOf(document, preview, first) === undefined && halfOf(document, preview, second) === 'expectation')
  const [expectation, perception] = turned ? [second, first] : [first, second]
  const parted = itemsOf(document)
    .filter((item) => (item.expectation === expectation) !== (item.perception === perception))
    .reduce((made, item) => partUp(made, item.code), document)
  const before = itemsOf(parted).find((item) => item.perception === perception)
  const place = itemsOf(parted).findIndex((item) => item.perception === perception || item.expectation === expectation)
  const free = release(release(parted, expectation), perception)
  const item = { ...newItem(free, preview, 'perception', perception), ...before, expectation, perception }
  const items = [...itemsOf(free)]
  items.splice(place < 0 ? items.length : Math.min(place, items.length), 0, item)
  return withScale(put(free, 'items', items), preview)
}

/** A study has a scale once it has items; the first item's where it has none. */
function withScale(document: Document, preview: Preview): Document {
  const [first] = itemsOf(document)
  if (document.scale || !first || first.scale) return document
  const scale = guessed(columnOf(preview, first.perception ?? first.expectation))
  return scale ? { ...document, scale } : document
}

/** The pair's halves each for itself: both stay, and are compared no more. */
export function partUp(document: Document, code: string): Document {
  const items = itemsOf(document).flatMap((item) => {
    if (item.code !== code || !item.expectation || !item.perception) return [item]
    const { expectation, ...left } = item
    const { perception: _, adequate: __, importance: ___, ...other } = item
    return [left, { ...other, expectation, code: freeCode(document, `${code}_e`) }]
  })
  return put(document, 'items', items)
}

/** The column plays another part; what it was before is given up. */
export function setRole(document: Document, preview: Preview, column: string, role: Role): Document {
  const free = release(document, column)
  if (role === 'ignored') return free
  if (role === 'expectation' || role === 'perception') {
    const item = newItem(free, preview, role, column)
    return withScale(put(free, 'items', [...itemsOf(free), item]), preview)
  }
  const label = columnOf(preview, column)?.label
  const named = { code: freeCode(free, column), ...(label ? { label } : {}), column }
  if (role === 'outcome') return put(free, 'outcomes', [...list(free, 'outcomes'), outcomeOf(preview, named)])
  if (role === 'group') return put(free, 'groups', [...list(free, 'groups'), named])
  return { ...free, [role]: column }
}

/** 0 to 10 is recommendation; what else was answered is an index on its own scale. */
function outcomeOf(preview: Preview, named: { code: string; column: string }) {
  const scale = guessed(columnOf(preview, named.column))
  if (scale && scale.min === 0 && scale.max === 10) return { ...named, kind: 'nps' }
  return { ...named, kind: 'index', ...(scale ? { scale } : {}) }
}

export type Choice = { code: string; label?: Words; stage?: string }
/** Dimension or touchpoint of these items; '' takes it away. What no item has any more isn't in the document. */
export function assign(
  document: Document,
  codes: string[],
  key: 'dimension' | 'touchpoint',
  choice: Choice | null,
): Document {
  const items = itemsOf(document).map((item) => {
    if (!codes.includes(item.code)) return item
    return { ...item, [key]: choice?.code }
  })
  const used = new Set(items.map((item) => item[key]))
  const known = list<Choice>(document, `${key}s`).filter((one) => used.has(one.code))
  const fresh = choice && !known.some((one) => one.code === choice.code) && used.has(choice.code) ? [choice] : []
  return put(put(document, 'items', items), `${key}s`, [...known, ...fresh])
}

/** The scale of these items; of all of them it is the study's. */
export function setScale(document: Document, codes: string[], scale: Scale): Document {
  const all = itemsOf(document).every((item) => codes.includes(item.code))
  const items = itemsOf(document).map((item) => {
    if (!codes.includes(item.code)) return item
    const { scale: _, ...rest } = item
    return all ? rest : { ...rest, scale }
  })
  return { ...put(document, 'items', items), ...(all ? { scale } : {}) }
}

/** The items that have one of these columns. */
export const codesWith = (document: Document, columns: string[]) =>
  itemsOf(document)
    .filter((item) => HALVES.some((half) => columns.includes(item[half] ?? '')))
    .map((item) => item.code)

export const setTitle = (document: Document, title: string): Document => ({ ...document, title })
export const setCode = (document: Document, study: string): Document => ({ ...document, study })

// --- what is open ---

export type Problem = { key: string; code: string; text: string; columns: string[] }
/** What nobody has decided yet, most costly first: warnings that still hold, and that nobody let pass. */
export function problemsOf(document: Document, preview: Preview, settled: string[]): Problem[] {
  const pairs = new Set(
    itemsOf(document)
      .filter((item) => item.expectation && item.perception)
      .flatMap((item) => [item.expectation!, item.perception!]),
  )
  return preview.warnings.flatMap((warning) => {
    if (warning.code === 'not_understood' || warning.code === 'pair_uncertain') return []
    const about = warning.code === 'scale_fits_two' ? warning.columns : warning.columns.filter((c) => !pairs.has(c))
    const key = `${warning.code}:${about.join(',')}`
    return about.length && !settled.includes(key)
      ? [{ key, code: warning.code, text: warning.text, columns: about }]
      : []
  })
}
