// What the Gaps screen reads and how its views slice it. Only slicing and ordering: every number is the server's.
import type { GapGroup, GapReport, GapRow } from '@/generated/api'
import { i18n, text } from '@/i18n'
import { count, percent, signed } from '@/lib/format'
import type { HeadLine } from '@/lib/heading'
import type { Level, TableRow } from '@/lib/rows'
import type { Term } from '@/lib/term'

export const views = ['list', 'heat', 'map', 'zone', 'trend'] as const
export type GapView = (typeof views)[number]
export const levels: Level[] = ['item', 'dimension', 'touchpoint', 'cell']
export const sorts = ['gap', 'perception', 'expectation', 'n'] as const

const plural = { item: 'items', dimension: 'dimensions', touchpoint: 'touchpoints', cell: 'cells' } as const

export function rowsAt(report: GapReport, level: Level): GapRow[] {
  return report[plural[level]]
}

/** Levels that have anything to show; cells only where items carry both a dimension and a touchpoint. */
export function levelsIn(report: GapReport): Level[] {
  return levels.filter((level) => rowsAt(report, level).length > 1 || (level === 'item' && report.items.length))
}

export function groupName(group: GapGroup): string {
  return group.keys.map((key) => key.value ?? '–').join(' · ')
}

/** A group's own rows; a group has none of cells. */
function rowsOf(group: GapGroup, level: Level | 'overall'): GapRow[] {
  if (level === 'cell') return []
  if (level === 'overall') return group.overall ? [group.overall] : []
  return group[plural[level]] ?? []
}

/** Groups that are large enough to be shown. */
export function shownGroups(report: GapReport): GapGroup[] {
  return report.groups.filter((group) => !group.suppressed)
}

/** Rows of the list: the whole sample's, or every group's with the group's name. */
export function tableRows(report: GapReport, level: Level | 'overall', by: string): TableRow[] {
  if (by)
    return shownGroups(report).flatMap((group) =>
      rowsOf(group, level).map((row) => ({ ...row, level, group: groupName(group) })),
    )
  const rows = level === 'overall' ? [report.overall] : rowsAt(report, level)
  return rows.map((row) => ({ ...row, level }))
}

/** Rows split by groups, those of one item together, the items in the order called `sort` of everybody's values. */
export function sideBySide(report: GapReport, level: Level, sort: string): TableRow[][] {
  const groups = tableRows(report, level, 'groups')
  return ordered(tableRows(report, level, ''), sort)
    .map(({ code }) => groups.filter((row) => row.code === code))
    .filter((rows) => rows.length)
}

/** What each order goes by, least first. What has no such value comes last. */
const orders: Record<(typeof sorts)[number], (row: TableRow) => number> = {
  gap: (row) => row.gap?.value ?? row.perception?.value ?? Infinity,
  perception: (row) => row.perception?.value ?? Infinity,
  expectation: (row) => -(row.expectation?.value ?? -Infinity),
  n: (row) => -row.n,
}

/** In the order called `sort`; by the gap where there is none of that name. */
export function ordered(rows: TableRow[], sort: string): TableRow[] {
  const value = orders[sorts.find((known) => known === sort) ?? 'gap']
  return [...rows].sort((a, b) => compare(value(a), value(b)))
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b // two infinite ones are equal: their difference is none
}

/** The items that a dimension, a touchpoint or a cell is made of. */
export function itemsIn(report: GapReport, level: Level, at: GapRow): GapRow[] {
  const belongs: Record<Level, (item: GapRow) => boolean> = {
    item: () => false,
    dimension: (item) => item.dimension === at.code,
    touchpoint: (item) => item.touchpoint === at.code,
    cell: (item) => item.dimension === at.dimension && item.touchpoint === at.touchpoint,
  }
  return report.items.filter(belongs[level])
}

/** `kind:code` as the address holds it. */
export function parsePick(pick: string): { level: Level; code: string } | null {
  const at = pick.indexOf(':')
  const level = pick.slice(0, at) as Level
  return at > 0 && levels.includes(level) ? { level, code: pick.slice(at + 1) } : null
}

/** What the numbers rest on, a part each with what explains it. */
export function basisOf({ rows, overall, ci, weighted, n_effective, missing, formula }: GapReport) {
  const t = i18n.global.t
  const parts: { words: string; term?: Term }[] = [
    { words: t('gaps.rows', { n: count(rows) }, rows), term: 'n' },
    { words: overall.gap?.value == null ? '' : `${t('level.overall')} ${signed(overall.gap.value)}`, term: 'gap' },
    { words: t('gaps.ci', { ci: percent(ci) }), term: 'interval' },
    { words: weighted ? t('gaps.weighted', { n: count(Math.round(n_effective ?? 0)) }) : '', term: 'weighted' },
    { words: t(`gaps.missing.${missing}`), term: missing },
    { words: formula, term: 'formula' },
  ]
  return parts.filter(({ words }) => words)
}

/** The same over a file or under a picture, with what has to be known of the numbers, as in the server's files. */
export function basisLinesOf(report: GapReport): HeadLine[] {
  const t = i18n.global.t
  const value = basisOf(report)
    .map(({ words }) => words)
    .join(' · ')
  return [
    { name: t('chart.basis'), value },
    ...(report.simulated ? [{ name: t('chart.data'), value: t('shell.simulated') }] : []),
    ...report.notes.map((note) => ({ name: t('chart.note'), value: text(note) })),
  ]
}
