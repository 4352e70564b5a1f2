// From the server's gap rows to what lists and tables show: labels in the reader's language, columns for screen and
// CSV.
import type { GapReport, GapRow, Study, Text } from '@/generated/api'
import type { DumbbellRow } from '@/charts/rows'
import { bounds, chance, figure, type Column, type Figure } from '@/components/table'
import { i18n, text } from '@/i18n'
import { count, interval, number, percent, signed, toneOf } from './format'

export type Level = 'item' | 'dimension' | 'touchpoint' | 'cell'
export type TableRow = GapRow & { group?: string; level: Level | 'overall' }

export type Labels = { dimension: (code?: string) => string; touchpoint: (code?: string) => string }

/** Names of dimensions and touchpoints as a report or a study's document gives them. */
export function labelsOf(source: Pick<GapReport, 'dimensions' | 'touchpoints'> | null | undefined): Labels {
  const map = (rows?: { code: string; label: Text }[]) =>
    new Map((rows ?? []).map((row) => [row.code, text(row.label, row.code)]))
  const dimensions = map(source?.dimensions),
    touchpoints = map(source?.touchpoints)
  return {
    dimension: (code) => (code ? (dimensions.get(code) ?? code) : ''),
    touchpoint: (code) => (code ? (touchpoints.get(code) ?? code) : ''),
  }
}

export function labelsOfStudy(study: Study | null | undefined): Labels {
  const list = (key: string) =>
    Array.isArray(study?.document?.[key]) ? (study.document[key] as { code: string; label: Text }[]) : []
  return labelsOf({ dimensions: list('dimensions') as never, touchpoints: list('touchpoints') as never })
}

/** A row's name and the smaller line under it. */
export function name(row: GapRow, level: Level | 'overall', labels: Labels): { label: string; sub: string } {
  const own = text(row.label, row.code)
  const parts = level === 'item' ? [labels.dimension(row.dimension), labels.touchpoint(row.touchpoint)] : []
  if (level === 'cell' && row.touchpoint && row.dimension)
    return { label: labels.touchpoint(row.touchpoint) || own, sub: labels.dimension(row.dimension) }
  return { label: own, sub: parts.filter(Boolean).join(' · ') }
}

export function dumbbell(row: GapRow, level: Level | 'overall', labels: Labels, group?: string): DumbbellRow {
  const { label, sub } = name(row, level, labels)
  const small = [group, sub].filter(Boolean).join(' · ')
  return { key: `${level}:${row.code}:${group ?? ''}`, label, sub: small, row, group, pickable: level !== 'overall' }
}

/** `ci`: the level of the intervals, a share. */
export function gapColumns(
  labels: Labels,
  options: { groups: boolean; level: Level | 'overall'; ci: number; zone?: boolean },
): Column<TableRow>[] {
  const t = i18n.global.t
  const tone = (row: TableRow) => toneOf(row.verdict)
  const extra = true
  const share = (value: Figure) => percent(value)
  const group: Column<TableRow> = { key: 'group', label: t('table.group'), value: (r) => r.group ?? '' }
  const both = {
    key: 'interval',
    label: t('table.interval', { ci: percent(options.ci) }),
    number: true,
    term: 'interval' as const,
  }
  return [
    { key: 'label', label: t(`level.${options.level}`), value: (r) => text(r.label, r.code) },
    ...(options.groups ? [group] : []),
    ...placeColumns(labels, options.level),
    figure('n', 'n', count, (r) => r.n, { term: 'n' }),
    figure('expectation', t('term.expectation'), number, (r) => r.expectation?.value, { term: 'expectation' }),
    figure('at_top', t('table.atTop'), share, (r) => r.expectation_at_top, { extra, term: 'atTop' }),
    figure('perception', t('term.perception'), number, (r) => r.perception?.value, { term: 'perception' }),
    figure('gap', t('term.gap'), signed, (r) => r.gap?.value, { tone, term: 'gap' }),
    { ...both, screenOnly: true, value: (r) => r.gap?.low, show: (r) => interval(r.gap) },
    figure('low', t('table.low'), signed, (r) => r.gap?.low, { extra }),
    figure('high', t('table.high'), signed, (r) => r.gap?.high, { extra }),
    { key: 'verdict', label: t('table.verdict'), term: 'verdict', value: (r) => t(`verdict.${r.verdict}`), tone },
    chance('p_holm', t('table.pHolm'), (r) => r.p_holm, { term: 'pHolm' }),
    figure('d_z', 'd_z', number, (r) => r.d_z, { term: 'dz' }),
    figure('sd', t('table.sd'), number, (r) => r.gap?.sd, { extra, term: 'sd' }),
    figure('adequate', t('term.adequate'), number, (r) => r.adequate?.value, { extra, term: 'adequate' }),
    figure('msa', 'MSA', signed, (r) => r.msa?.value, { extra, term: 'msa' }),
    ...(options.zone ? zoneColumns() : []),
    figure('importance', t('term.importance'), number, (r) => r.importance?.value, { extra, term: 'importance' }),
    ...(options.groups ? groupColumns() : []),
    figure('truth', t('table.truth'), signed, (r) => r.truth, { extra, term: 'truth' }),
    { key: 'note', label: t('table.note'), extra, value: (r) => r.note ?? '' },
  ]
}

/** Where items and cells belong; a dimension or a touchpoint is its own place. */
function placeColumns(labels: Labels, level: Level | 'overall'): Column<TableRow>[] {
  if (level !== 'item' && level !== 'cell') return []
  const t = i18n.global.t
  const extra = level === 'cell'
  const dimension = (r: TableRow) => labels.dimension(r.dimension)
  const touchpoint = (r: TableRow) => labels.touchpoint(r.touchpoint)
  return [
    { key: 'dimension', label: t('level.dimension'), extra, term: 'dimension', value: dimension },
    { key: 'touchpoint', label: t('level.touchpoint'), extra, term: 'touchpoint', value: touchpoint },
  ]
}

/** How sure the place to the zone of tolerance is. MSS is the gap by its other name, and has its columns already. */
function zoneColumns(): Column<TableRow>[] {
  const t = i18n.global.t
  return [
    ...bounds('msa', 'MSA', signed, (r: TableRow) => r.msa),
    { key: 'zone', label: t('zone.title'), term: 'zone', value: (r) => (r.zone ? t(`zone.${r.zone}`) : '') },
  ]
}

/** Each group against all others together. */
function groupColumns(): Column<TableRow>[] {
  const t = i18n.global.t
  const differs = (r: TableRow) => (r.differs === undefined ? '' : t(r.differs ? 'conflict.yes' : 'conflict.no'))
  return [
    figure('difference', t('table.difference'), signed, (r) => r.difference?.value),
    ...bounds('difference', t('table.difference'), signed, (r: TableRow) => r.difference),
    chance('p_difference', t('table.pDifference'), (r) => r.p_difference_holm, { term: 'pHolm' }),
    { key: 'differs', label: t('table.differs'), value: differs },
    figure('shrunk', t('table.shrunk'), signed, (r) => r.shrunk, { extra: true, term: 'shrunk' }),
    figure('shrunk_se', t('table.shrunkSe'), number, (r) => r.shrunk_se, { extra: true }),
  ]
}
