// What the parts of the roles step share: the rows as they stand, what is looked at, and every act on them. Study
// document, reading, and what is settled are the wizard's: an act sets them, the wizard takes it back.
import { computed, reactive, type Ref } from 'vue'
import { axisOver, ends, type Axis } from '@/charts/geometry'
import type { GapReport, GapRow, Preview, PreviewColumn, Reading } from '@/generated/api'
import type { Document } from '@/screens/record/studies/document'
import * as roles from '../roles'
import { sureOf } from './reason'

export type Input = {
  preview: Preview
  gaps: GapReport | null
  dimensions: roles.Choice[]
  touchpoints: roles.Choice[]
}
export type Models = { document: Ref<Document>; reading: Ref<Reading>; settled: Ref<string[]> }
export const KINDS = ['dimension', 'touchpoint'] as const
export type Kind = (typeof KINDS)[number]

type Made = Record<Kind, roles.Choice[]>
export type View = { tab: roles.Tab; find: string; opened: string; row: string; unfolded: string[]; sheet: string }

export function useDesk(input: Input, { document, reading, settled }: Models) {
  const view = reactive<View>({ tab: 'pairs', find: '', opened: '', row: '', unfolded: [], sheet: '' })
  const rows = computed(() => roles.rowsOf(document.value, input.preview, settled.value))
  const problems = computed(() => roles.problemsOf(document.value, input.preview, settled.value))
  const matches = (row: roles.Row) => {
    const wanted = view.find.trim().toLowerCase()
    return !wanted || row.columns.some((c) => `${c.name} ${c.label ?? ''}`.toLowerCase().includes(wanted))
  }
  const found = computed(() => rows.value.filter(matches))
  const of = (tab: roles.Tab) => found.value.filter((row) => row.tab === tab)
  const count = (tab: roles.Tab) => rows.value.filter((row) => row.tab === tab).length
  const blocks = computed(() => roles.blocksOf(of('pairs'), input.preview))
  const problemsFor = (row: roles.Row) =>
    roles.openFor(
      problems.value,
      row.columns.map((column) => column.name),
    )
  /** Rows that are never folded: not sure, made by hand, or something is open about them. */
  const needed = (row: roles.Row) => {
    const sure = sureOf(row)
    return row.undecided || !!view.find || sure?.level !== 'high' || sure.byHand || problemsFor(row).length > 0
  }

  const choices = useChoices(input)
  return {
    ...{ input, view, choices },
    go: (to: Partial<View>) => void Object.assign(view, to),
    tell: (told: Reading) => void (reading.value = told),
    models: { document, reading, settled },
    ...{ rows, found, problems, of, count, blocks, problemsFor, needed },
    ...useFigures(input, document, rows),
    ...useActs(input, { document, reading, settled }, view, choices),
  }
}
export type Desk = ReturnType<typeof useDesk>

const MOST_STEPS = 20
/** An axis on whole steps of the scale, as far as the values reach; of long scales on round ones. */
function wholeAxis(values: (number | null | undefined)[], scale: roles.Scale): Axis {
  const known = values.filter((value) => value != null)
  if (scale.max - scale.min > MOST_STEPS || !known.length) return axisOver(values, scale)
  const low = Math.max(scale.min, Math.floor(Math.min(...known) - 0.2))
  const high = Math.min(scale.max, Math.ceil(Math.max(...known) + 0.2))
  const ticks = Array.from({ length: Math.max(2, high - low + 1) }, (_, i) => low + i)
  return { low, high: ticks.at(-1)!, step: 1, digits: 0, ticks }
}

/** Dimensions and touchpoints to choose from, with those that were made here. */
function useChoices(input: Input) {
  const made = reactive<Made>({ dimension: [], touchpoint: [] })
  const of = (kind: Kind) => {
    const known = kind === 'dimension' ? input.dimensions : input.touchpoints
    return [...known, ...made[kind].filter(({ code }) => !known.some((one) => one.code === code))]
  }
  const optionsOf = (kind: Kind) => of(kind).map((one) => ({ value: one.code, label: roles.say(one.label, one.code) }))
  /** One of this name, which goes into the study's document once a row has it; its code. */
  function make(kind: Kind, label: string): string {
    const choice = roles.choiceNamed(label, of(kind))
    made[kind].push(choice)
    return choice.code
  }
  return { of, optionsOf, make }
}
type Choices = ReturnType<typeof useChoices>

/** The numbers of rows. */
function useFigures(input: Input, document: Ref<Document>, rows: Ref<roles.Row[]>) {
  const byCode = computed(() => new Map((input.gaps?.items ?? []).map((row) => [row.code, row])))
  const gapOf = (row: roles.Row): GapRow | undefined =>
    row.undecided || !row.item ? undefined : byCode.value.get(row.item.code)
  const axis = computed(() => {
    const pairs = rows.value.filter((row) => row.tab === 'pairs')
    const scales = pairs.flatMap((row) => roles.itemScale(document.value, row.item) ?? [])
    const whole = scales.length
      ? { min: Math.min(...scales.map((s) => s.min)), max: Math.max(...scales.map((s) => s.max)) }
      : { min: 1, max: 7 }
    const known = pairs.map(gapOf)
    return wholeAxis(
      known.flatMap((row) => [...ends(row?.expectation), ...ends(row?.perception)]),
      whole,
    )
  })
  /** Where the halves of an undecided pair lie, each as a share of its own scale. */
  const shares = (row: roles.Row): { e: number | null; p: number | null } => {
    const share = (half: roles.Half) => {
      const item = row.items.find((one) => one[half])
      const scale = roles.itemScale(document.value, item)
      const value = item && byCode.value.get(item.code)?.[half]?.value
      return value == null || !scale ? null : (value - scale.min) / (scale.max - scale.min)
    }
    return { e: share('expectation'), p: share('perception') }
  }
  /** The scale of each half, as it was answered. */
  const scalesOf = (row: roles.Row): (roles.Scale | undefined)[] =>
    row.columns.map((column) => {
      const item = row.items.find((one) => one.expectation === column.name || one.perception === column.name)
      if (row.undecided && !item) return roles.scaleFor(document.value, column)
      const own = roles.itemScale(document.value, item)
      return item?.expectation === column.name ? (item.expectation_scale ?? own) : own
    })
  return { gapOf, axis, shares, scalesOf }
}

function useActs(input: Input, { document, settled }: Models, view: View, choices: Choices) {
  const change = (made: Document) => void (document.value = made)
  const pairOf = (first: string, second: string) => {
    const [a, b] = [first, second].map((name) => roles.rolesOf(document.value).get(name))
    const item = a && a === b ? roles.itemsOf(document.value).find((one) => HALVES_OF(one).includes(second)) : undefined
    const other = item && HALVES_OF(item).find((name) => name !== second)
    return roles.inOrder(document.value, input.preview, first, other ?? second)
  }
  /** Two columns become a pair; on scales that differ they wait for a choice. On a half of its own kind a column takes
   * that half's place. */
  function join(first: string, second: string) {
    if (!first || !second || first === second) return
    const pair = pairOf(first, second)
    view.tab = 'pairs'
    if (!roles.scalesDiffer(document.value, input.preview, pair)) {
      const made = roles.pairUp(document.value, input.preview, ...pair)
      view.row = roles.itemsOf(made).find((item) => item.perception === pair[1])?.code ?? ''
      return change(made)
    }
    const parted = roles
      .itemsOf(document.value)
      .filter((item) => HALVES_OF(item).length === 2 && pair.some((name) => HALVES_OF(item).includes(name)))
      .reduce((made, item) => roles.partUp(made, item.code), document.value)
    if (parted !== document.value) change(parted)
    settled.value = [...settled.value.filter((key) => key !== roles.apartKey(pair)), roles.madeKey(pair)]
  }
  function part(row: roles.Row) {
    if (row.undecided) leaveApart([row.columns[0]!.name, row.columns[1]!.name])
    else if (row.item) partItem(row.item)
  }
  /** What was compared after a choice doesn't wait for that choice again. */
  function partItem({ code, expectation: e, perception: p, expectation_scale }: roles.Item) {
    change(roles.partUp(document.value, code))
    if (e && p && (expectation_scale || roles.scalesDiffer(document.value, input.preview, [e, p]))) leaveApart([e, p])
  }
  const leaveApart = (pair: roles.Pair) => (settled.value = roles.settle(settled.value, { key: '', pairs: [pair] }))
  const rescale = (pairs: roles.Pair[]) =>
    change(pairs.reduce((made, pair) => roles.rescale(made, input.preview, pair), document.value))
  const letBe = (problem: roles.Problem) => (settled.value = roles.settle(settled.value, problem))
  /** The scale that is chosen where two fit; the one that was proposed is no change. */
  function choose(problem: roles.Problem, scale: roles.Scale) {
    if (roles.alike(scale, problem.scales[0])) return letBe(problem)
    change(roles.setScale(document.value, roles.codesWith(document.value, problem.columns), scale))
  }
  const choiceOf = (kind: Kind, code: string) => choices.of(kind).find((one) => one.code === code) ?? null
  const assign = (row: roles.Row, kind: Kind, code: string) => {
    const codes = row.items.map((item) => item.code)
    change(roles.assign(document.value, codes, kind, choiceOf(kind, code)))
  }
  const beside = (row: roles.Row, role: roles.Beside, column: string) =>
    row.item && change(roles.setBeside(document.value, row.item.code, role, column))
  const become = (column: string, role: roles.Role) =>
    change(roles.setRole(document.value, input.preview, column, role))
  const swap = (row: roles.Row) => row.item && change(roles.swapHalves(document.value, row.item.code))
  return { change, join, part, leaveApart, rescale, letBe, choose, choiceOf, assign, beside, become, swap, pairOf }
}

/** The columns of the item's halves. */
const HALVES_OF = (item: roles.Item) => roles.HALVES.flatMap((half) => item[half] ?? [])

/** Columns that could be the other half of one: named ones first, then those without a partner, then the rest. */
export function partnersOf(
  desk: Desk,
  own: PreviewColumn,
): { column: PreviewColumn; group: 'named' | 'free' | 'rest' }[] {
  const preview = desk.input.preview
  const named = [own.partner, ...own.candidates].flatMap((name) => roles.columnOf(preview, name) ?? [])
  const free = desk.rows.value.filter((row) => row.tab === 'loose').flatMap((row) => row.columns)
  const rest = preview.columns.filter((column) => column.min != null && column.kind !== 'time')
  const seen = new Set([own.name])
  const fresh = (columns: PreviewColumn[], group: 'named' | 'free' | 'rest') =>
    columns.flatMap((column) => {
      if (seen.has(column.name)) return []
      seen.add(column.name)
      return [{ column, group }]
    })
  return [...fresh(named, 'named'), ...fresh(free, 'free'), ...fresh(rest, 'rest')]
}

/** Halves without a partner, expectations first, each with the column that looks most like its other half; that column
 * has no row of its own then. */
export function looseOf(desk: Desk): { row: roles.Row; best: PreviewColumn | undefined }[] {
  const loose = desk.of('loose')
  const preview = desk.input.preview
  const isExpected = (row: roles.Row) => row.item?.expectation || row.columns[0]?.role === 'expectation' || !row.item
  const taken = new Set<string>()
  const listed = [...loose.filter(isExpected), ...loose.filter((row) => !isExpected(row))].flatMap((row) => {
    const own = row.columns[0]
    if (!own || taken.has(own.name)) return []
    const best = [own.partner, ...own.candidates].flatMap((name) => roles.columnOf(preview, name) ?? [])[0]
    if (best) taken.add(best.name)
    return [{ row, best }]
  })
  return listed.filter(({ row }) => !taken.has(row.columns[0]!.name))
}
