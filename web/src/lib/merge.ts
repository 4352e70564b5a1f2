// Two people changed the same thing: what differs, part by part, and the thing put together from what was chosen. A
// part is a field of the thing; of a list whose elements have codes (items, dimensions, touchpoints…) a field of one
// element, or the whole element where not all three have it, or the order of the list.
//
// Invariant: what both sides agree on isn't asked; choosing theirs for every part gives theirs, mine gives mine.

type Thing = Record<string, unknown>
export type Side = 'mine' | 'theirs' | 'original'
/** `path`: key; or list, code and (unless the whole element) field; or list and ORDER. */
export type Difference = { path: string[]; original: unknown; theirs: unknown; mine: unknown; chosen: Side | '' }

export const ORDER = '\u0000order'

/** The same whatever order an object's keys stand in. */
const same = (a: unknown, b: unknown) => canonical(a) === canonical(b)
const canonical = (value: unknown) =>
  JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

const codeOf = (element: unknown): string => {
  const { code, column } = (element ?? {}) as Thing
  return [code, column].find((name) => typeof name === 'string') ?? ''
}
const isCoded = (value: unknown): value is Thing[] => Array.isArray(value) && value.length > 0 && value.every(codeOf)
const isList = (value: unknown): value is Thing[] =>
  value === undefined || (Array.isArray(value) && (!value.length || isCoded(value)))
const union = (...lists: string[][]) => [...new Set(lists.flat())]

/** A side that alone changed a part is chosen; where both did, nobody is. */
function difference(path: string[], original: unknown, theirs: unknown, mine: unknown): Difference[] {
  if (same(theirs, mine)) return []
  const agreed = same(original, mine) ? 'theirs' : ''
  const chosen = same(original, theirs) ? 'mine' : agreed
  return [{ path, original, theirs, mine, chosen }]
}

export function differences(original: Thing, theirs: Thing, mine: Thing): Difference[] {
  const keys = union(Object.keys(mine), Object.keys(theirs))
  return keys.flatMap((key) => {
    const [o, t, m] = [original[key], theirs[key], mine[key]]
    const coded = [o, t, m].some(isCoded) && [o, t, m].every(isList)
    return coded
      ? ofList(key, (o ?? []) as Thing[], (t ?? []) as Thing[], (m ?? []) as Thing[])
      : difference([key], o, t, m)
  })
}

function ofList(key: string, original: Thing[], theirs: Thing[], mine: Thing[]): Difference[] {
  const codes = (list: Thing[]) => list.map(codeOf)
  const parts = union(codes(mine), codes(theirs)).flatMap((code) => {
    const [o, t, m] = [original, theirs, mine].map((list) => list.find((element) => codeOf(element) === code))
    if (!o || !t || !m) return difference([key, code], o, t, m)
    return union(Object.keys(m), Object.keys(t)).flatMap((field) =>
      difference([key, code, field], o[field], t[field], m[field]),
    )
  })
  const shared = (list: Thing[]) =>
    codes(list).filter((c) => [original, theirs, mine].every((l) => codes(l).includes(c)))
  return [...parts, ...difference([key, ORDER], shared(original), shared(theirs), shared(mine))]
}

/** Theirs, with each part as it was chosen. */
export function merged(theirs: Thing, mine: Thing, parts: Difference[]): Thing {
  const result = JSON.parse(JSON.stringify(theirs)) as Thing
  for (const part of parts) if (part.chosen !== 'theirs') put(result, mine, part)
  return result
}

function put(result: Thing, mine: Thing, part: Difference) {
  const [key, code, field] = part.path as [string, string?, string?]
  const value = part.chosen === 'original' ? part.original : part.mine
  if (code === undefined) return set(result, key, value)
  const list = (result[key] ??= []) as Thing[]
  if (code === ORDER) return sort(list, value as string[])
  const at = list.findIndex((element) => codeOf(element) === code)
  if (field !== undefined) return set(list[at]!, field, value)
  if (value === undefined) list.splice(at, at < 0 ? 0 : 1)
  else if (at >= 0) list[at] = value as Thing
  else list.splice(place(list, (mine[key] ?? []) as Thing[], code), 0, value as Thing)
}

function set(target: Thing, key: string, value: unknown) {
  if (value === undefined) delete target[key]
  else target[key] = value
}

/** Behind the element that it stands behind in mine. */
function place(list: Thing[], mine: Thing[], code: string): number {
  const before = mine
    .slice(
      0,
      mine.findIndex((element) => codeOf(element) === code),
    )
    .map(codeOf)
  return list.reduce((at, element, i) => (before.includes(codeOf(element)) ? i + 1 : at), 0)
}

/** The elements that `order` names in that order, on the places they have together. */
function sort(list: Thing[], order: string[]) {
  const places = list.flatMap((element, i) => (order.includes(codeOf(element)) ? [i] : []))
  const named = order.map((code) => list.find((element) => codeOf(element) === code)).filter((e) => e !== undefined)
  places.forEach((at, i) => (list[at] = named[i] ?? list[at]!))
}
