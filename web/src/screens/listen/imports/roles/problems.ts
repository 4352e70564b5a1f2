// What nobody has decided yet, most costly first: warnings that still hold and that nobody let pass, halves on scales
// that differ, numbers and dates that can be read in two ways.
import type { Preview } from '@/generated/api'
import { i18n } from '@/i18n'
import { count } from '@/lib/format'
import type { Document } from '@/screens/record/studies/document'
import { apartKey, madeKey, undecidedPairs, type Pair } from './apart'
import { alike, columnOf, HALVES, itemScale, itemsOf, ratedIn, rolesOf, say, scaleFor, type Scale } from './document'

const COST = [
  'runs_the_other_way',
  'scales_differ',
  'decimal_open',
  'scale_fits_two',
  'expectation_unplaced',
  'perception_unplaced',
  'date_order_open',
] as const
export type ProblemCode = (typeof COST)[number]
/** `pairs`: of scales that differ; `scales`: of those that fit two, or of the two halves. */
export type Problem = {
  key: string
  code: ProblemCode
  columns: string[]
  pairs: Pair[]
  scales: Scale[]
  /** What it is, in a sentence. */
  text: string
}
type Found = Omit<Problem, 'text'>

/** One problem for all pairs whose halves lie on the same two scales. */
function apartProblems(document: Document, preview: Preview, settled: string[]): Found[] {
  const groups = new Map<string, Found>()
  for (const pair of undecidedPairs(document, preview, settled)) {
    const scales = pair.flatMap((name) => scaleFor(document, columnOf(preview, name)) ?? [])
    const group = scales.map(({ min, max }) => `${min}–${max}`).join(' ')
    const one = groups.get(group) ?? { key: group, code: 'scales_differ', columns: [], pairs: [], scales }
    groups.set(group, { ...one, columns: [...one.columns, ...pair], pairs: [...one.pairs, pair] })
  }
  return [...groups.values()].map((one) => ({ ...one, key: `scales_differ:${one.columns.join(',')}` }))
}

const problem = (code: ProblemCode, columns: string[], scales: Scale[] = []): Found[] =>
  columns.length ? [{ key: `${code}:${columns.join(',')}`, code, columns, pairs: [], scales }] : []

/** A column of which two scales are thinkable, till its item lies on another than was proposed. */
function fitsTwo(document: Document, preview: Preview, columns: string[]): string[] {
  return columns.filter((name) => {
    const item = itemsOf(document).find((one) => HALVES.some((half) => one[half] === name))
    return !!item && alike(itemScale(document, item), scaleFor(document, columnOf(preview, name)))
  })
}
function twoScales(preview: Preview, columns: string[]): Scale[] {
  const column = columnOf(preview, columns[0])
  if (column?.scale_min == null || column.scale_max == null || column.other_min == null || column.other_max == null)
    return []
  return [
    { min: column.scale_min, max: column.scale_max, step: 1 },
    { min: column.other_min, max: column.other_max, step: 1 },
  ]
}

/** Halves that were found, have no place, and were given none. */
function unplaced(document: Document, preview: Preview, columns: string[], apart: Set<string>): string[] {
  const roles = rolesOf(document)
  const paired = new Set(
    itemsOf(document).flatMap((item) =>
      item.expectation && item.perception ? [item.expectation, item.perception] : [],
    ),
  )
  const given = (name: string) => roles.has(name) && !columnOf(preview, name)?.item
  return columns.filter((name) => !paired.has(name) && !apart.has(name) && !given(name))
}

function tell(document: Document, preview: Preview, { code, columns, pairs }: Found): string {
  const n = pairs.length || columns.length
  const perceived = pairs[0]?.[1] ?? columns[0]
  const item = pairs[0] && itemsOf(document).find((one) => one.perception === perceived)
  const column = columnOf(preview, perceived)
  const name = item ? say(item.label, item.code) : (column?.label ?? column?.name ?? '')
  return i18n.global.t(`pairing.problem.${code}`, { n: count(n), name }, n)
}

export function problemsOf(document: Document, preview: Preview, settled: string[]): Problem[] {
  const warned = (code: ProblemCode) => preview.warnings.filter((w) => w.code === code).flatMap((w) => w.columns)
  const apart = apartProblems(document, preview, settled)
  const joined = new Set(apart.flatMap((one) => one.columns))
  const rated = ratedIn(document)
  const used = rolesOf(document)
  const two = fitsTwo(document, preview, warned('scale_fits_two'))
  const named = (keep: (column: Preview['columns'][number]) => boolean) =>
    preview.columns.filter(keep).map((column) => column.name)
  const all = [
    ...apart,
    ...problem('runs_the_other_way', warned('runs_the_other_way')),
    ...problem('scale_fits_two', two, twoScales(preview, two)),
    ...problem('expectation_unplaced', unplaced(document, preview, warned('expectation_unplaced'), joined)),
    ...problem('perception_unplaced', unplaced(document, preview, warned('perception_unplaced'), joined)),
    ...problem(
      'decimal_open',
      named((column) => column.decimal_open && rated.has(column.name)),
    ),
    ...problem(
      'date_order_open',
      named((column) => column.date_order_open && used.has(column.name)),
    ),
  ]
  return all
    .filter(({ key }) => !settled.includes(key))
    .sort((a, b) => COST.indexOf(a.code) - COST.indexOf(b.code))
    .map((one) => ({ ...one, text: tell(document, preview, one) }))
}

/** What is settled once somebody let the problem be: pairs are compared no more, what they made is given up. */
export function settle(settled: string[], { key, pairs }: Pick<Problem, 'key' | 'pairs'>): string[] {
  const made = pairs.map(madeKey)
  const kept = settled.filter((one) => !made.includes(one))
  return [...kept, ...(pairs.length ? pairs.map(apartKey) : [key])]
}

/** The problems that are open about one of these columns. */
export const openFor = (problems: Problem[], columns: string[]) =>
  problems.filter((one) => one.columns.some((name) => columns.includes(name)))
