// The part that each column plays, and the study document that says so: the one place where that stands; rows
// are read from it, and every act makes another document. Nothing here changes what it is given.
import type { ColumnRole, Preview, PreviewColumn } from '@/generated/api'
import { text } from '@/i18n'
import type { Document } from '@/screens/record/studies/document'

/** The same in both languages, or one for each. */
export type Words = string | { 'zh-CN'?: string; en?: string }
export const say = (words: Words | undefined, fallback: string) =>
  typeof words === 'string' ? words : text(words, fallback)
export type Scale = { min: number; max: number; step?: number }
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
  /** What expectation and adequate level were answered on, where it isn't `scale`: they are rescaled. */
  expectation_scale?: Scale
}
type Coded = { code?: string; label?: Words; column?: string; kind?: string; stage?: string; scale?: Scale }
export type Half = 'expectation' | 'perception'
export const HALVES: Half[] = ['expectation', 'perception']
/** Keys of the document that name one column. */
export const SINGLE = ['wave', 'weight', 'customer', 'episode', 'time', 'id'] as const
/** What a column may be made by hand. */
export const ROLES = [...HALVES, 'outcome', 'group', ...SINGLE, 'ignored'] as const
export type Role = (typeof ROLES)[number]
/** What stands beside the halves of a pair: a column is one of them for a pair that somebody names. */
export const BESIDE = ['adequate', 'importance'] as const
export type Beside = (typeof BESIDE)[number]

export const list = <T>(document: Document, key: string): T[] =>
  Array.isArray(document[key]) ? (document[key] as T[]) : []
export const itemsOf = (document: Document) => list<Item>(document, 'items')
export const put = (document: Document, key: string, value: unknown[]): Document => {
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
  for (const item of itemsOf(document)) for (const half of [...HALVES, ...BESIDE] as const) add(item[half], half)
  for (const outcome of list<Coded>(document, 'outcomes')) add(outcome.column, 'outcome')
  for (const group of list<Coded>(document, 'groups')) add(group.column, 'group')
  for (const key of SINGLE) add(document[key], key)
  return roles
}

const RATED = new Set<string>([...HALVES, ...BESIDE, 'outcome'])
/** Columns whose answers become numbers. */
export const ratedIn = (document: Document): Set<string> =>
  new Set([...rolesOf(document)].filter(([, role]) => RATED.has(role)).map(([column]) => column))
export const isRated = (role: string) => RATED.has(role)

export const columnOf = (preview: Preview, name: string | undefined) => preview.columns.find((c) => c.name === name)
export const indexOf = (preview: Preview, name: string | undefined) => preview.columns.findIndex((c) => c.name === name)

/** Without halves to compare there is nothing to rescale: what is left lies on the scale it was answered on. */
function onOneScale(item: Item): Item {
  const { expectation_scale, ...rest } = item
  if (!expectation_scale || (item.perception && (item.expectation || item.adequate))) return item
  return item.perception ? rest : { ...rest, scale: expectation_scale }
}

/** The document without the column: an item that has neither half left goes, an item with one half stays. */
export function release(document: Document, column: string): Document {
  const items = itemsOf(document).flatMap((item) => {
    const left = onOneScale(Object.fromEntries(Object.entries(item).filter(([, value]) => value !== column)) as Item)
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

/** What the column's answers were given on, where the reader is sure of it. */
const scaleOf = (column: PreviewColumn | undefined): Scale | undefined =>
  column?.scale_min != null && column.scale_max != null
    ? { min: column.scale_min, max: column.scale_max, step: column.scale_step ?? 1 }
    : undefined
const guessed = (column: PreviewColumn | undefined): Scale | undefined => {
  if (scaleOf(column)) return scaleOf(column)
  const whole = column?.min != null && column.max != null && column.max > column.min
  return whole ? { min: column.min!, max: column.max!, step: 1 } : undefined
}
export const alike = (a: Scale | undefined, b: Scale | undefined) => !!a && !!b && a.min === b.min && a.max === b.max
const holds = (scale: Scale | undefined, column: PreviewColumn | undefined) =>
  !!scale && column?.min != null && column.max != null && column.min >= scale.min && column.max <= scale.max
/** The scale of a column that becomes part of an item: the study's where that holds all answers and none is known. */
export function scaleFor(document: Document, column: PreviewColumn | undefined): Scale | undefined {
  const common = document.scale as Scale | undefined
  return scaleOf(column) ?? (holds(common, column) ? common : guessed(column))
}

/** What the item's answers lie on: its own scale, else the study's. */
export const itemScale = (document: Document, item: Item | undefined): Scale | undefined =>
  item?.scale ?? (document.scale as Scale | undefined)

function newItem(document: Document, preview: Preview, half: Half, column: string): Item {
  const found = columnOf(preview, column)
  const scale = scaleFor(document, found)
  return {
    code: freeCode(document, found?.item ?? column),
    ...(found?.label ? { label: found.label } : {}),
    [half]: column,
    ...(scale && !alike(scale, document.scale as Scale | undefined) ? { scale } : {}),
  }
}

/** Which half a column is where somebody puts two together: as it is, else as it was found. */
export function halfOf(document: Document, preview: Preview, column: string): Half | undefined {
  const role = rolesOf(document).get(column) ?? columnOf(preview, column)?.role
  return HALVES.find((half) => half === role)
}

/** Which of the two is the expectation: the first, unless either is known to be the other half. */
export function inOrder(
  document: Document,
  preview: Preview,
  first: string,
  second: string,
): [expectation: string, perception: string] {
  const turned =
    halfOf(document, preview, first) === 'perception' ||
    (halfOf(document, preview, first) === undefined && halfOf(document, preview, second) === 'expectation')
  return turned ? [second, first] : [first, second]
}
/** Two columns become one pair. The first is the expectation unless either is known to be the other half. */
export function pairUp(document: Document, preview: Preview, first: string, second: string): Document {
  if (first === second) return document
  const [expectation, perception] = inOrder(document, preview, first, second)
  const parted = itemsOf(document)
    .filter((item) => (item.expectation === expectation) !== (item.perception === perception))
    .reduce((made, item) => partUp(made, item.code), document)
  const before = itemsOf(parted).find((item) => item.perception === perception)
  const other = itemsOf(parted).find((item) => item.expectation === expectation)
  const place = itemsOf(parted).findIndex((item) => item.perception === perception || item.expectation === expectation)
  const free = release(release(parted, expectation), perception)
  const known = { ...placeOf(other), ...before }
  const item = { ...newItem(free, preview, 'perception', perception), ...known, expectation, perception }
  const items = [...itemsOf(free)]
  items.splice(place < 0 ? items.length : Math.min(place, items.length), 0, item)
  return withScale(put(free, 'items', items), preview)
}

/** Where the item belongs. */
function placeOf(item: Item | undefined): Partial<Item> {
  const { dimension, touchpoint } = item ?? {}
  return { ...(dimension ? { dimension } : {}), ...(touchpoint ? { touchpoint } : {}) }
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
    const alone = { ...other, expectation, code: freeCode(document, `${code}_e`) }
    return [onOneScale(left), onOneScale(alone)]
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
/** One of this name. Its code is the name as far as a code may hold it, and no other's. */
export function choiceNamed(label: string, known: Choice[]): Choice {
  const plain = label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
  const base = [...plain.replace(/^_|_$/g, '')].slice(0, 32).join('') || 'place'
  for (let i = 1; ; i++) {
    const code = i === 1 ? base : `${base}_${i}`
    if (!known.some((one) => one.code === code)) return { code, label }
  }
}

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

/** The column that says the least acceptable level, or how important the item is; '': none. */
export function setBeside(document: Document, code: string, role: Beside, column: string): Document {
  const free = column ? release(document, column) : document
  const items = itemsOf(free).map((item) => {
    if (item.code !== code) return item
    const { [role]: _, ...rest } = item
    return column ? { ...rest, [role]: column } : rest
  })
  return put(free, 'items', items)
}

/** The halves the other way round. */
export function swapHalves(document: Document, code: string): Document {
  const items = itemsOf(document).map((item) => {
    if (item.code !== code || !item.expectation || !item.perception || item.expectation_scale) return item
    return { ...item, expectation: item.perception, perception: item.expectation }
  })
  return put(document, 'items', items)
}

/** How many of these items are another than before. */
export function changed(before: Document, after: Document, codes: string[]): number {
  const text = (document: Document, code: string) => {
    const item = itemsOf(document).find((one) => one.code === code)
    return JSON.stringify([item?.dimension, item?.touchpoint, itemScale(document, item)])
  }
  return codes.filter((code) => text(before, code) !== text(after, code)).length
}
