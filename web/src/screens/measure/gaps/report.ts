// What the Gaps screen reads and how its views slice it. Only slicing and ordering: every number is the server's.
import type { GapGroup, GapReport, GapRow } from '@/generated/api'
import type { Level, TableRow } from '@/lib/rows'

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

/** Rows of the list: the whole sample's, or every group's with the group's name. */
export function tableRows(report: GapReport, level: Level | 'overall', by: string): TableRow[] {
  if (!by)
    return level === 'overall'
      ? [{ ...report.overall, level }]
      : rowsAt(report, level).map((row) => ({ ...row, level }))
  return report.groups
    .filter((group) => !group.suppressed)
    .flatMap((group) => {
      const rows =
        level === 'overall'
          ? group.overall
            ? [group.overall]
            : []
          : level === 'cell'
            ? []
            : (group[plural[level] as 'items'] ?? [])
      return rows.map((row) => ({ ...row, level, group: groupName(group) }))
    })
}

export function ordered(rows: TableRow[], sort: string): TableRow[] {
  const value = (row: TableRow) =>
    sort === 'n'
      ? -row.n
      : sort === 'expectation'
        ? -(row.expectation?.value ?? -Infinity)
        : sort === 'perception'
          ? (row.perception?.value ?? Infinity)
          : (row.gap?.value ?? row.perception?.value ?? Infinity)
  return [...rows].sort((a, b) => value(a) - value(b))
}

/** `kind:code` as the address holds it. */
export function parsePick(pick: string): { level: Level; code: string } | null {
  const at = pick.indexOf(':')
  const level = pick.slice(0, at) as Level
  return at > 0 && levels.includes(level) ? { level, code: pick.slice(at + 1) } : null
}
