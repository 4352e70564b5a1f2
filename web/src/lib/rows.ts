// From the server's gap rows to what lists and tables show: labels in the reader's language, columns for screen and
// CSV.
import type { GapReport, GapRow, Study, Text } from '@/generated/api'
import type { DumbbellRow } from '@/charts/rows'
import { figure, type Column, type Figure } from '@/components/table'
import { i18n, text } from '@/i18n'
import { count, interval, number, percent, pValue, signed, toneOf } from './format'

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
  options: { groups: boolean; level: Level | 'overall'; ci: number },
): Column<TableRow>[] {
  const t = i18n.global.t
  const tone = (row: TableRow) => toneOf(row.verdict)
  const extra = true
  const share = (value: Figure) => percent(value)
  const place = { extra: options.level !== 'item' }
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
    {
      key: 'dimension',
      label: t('level.dimension'),
      ...place,
      term: 'dimension',
      value: (r) => labels.dimension(r.dimension),
    },
    {
      key: 'touchpoint',
      label: t('level.touchpoint'),
      ...place,
      term: 'touchpoint',
      value: (r) => labels.touchpoint(r.touchpoint),
    },
    figure('n', 'n', count, (r) => r.n, { term: 'n' }),
    figure('expectation', t('term.expectation'), number, (r) => r.expectation?.value, { term: 'expectation' }),
    figure('at_top', t('table.atTop'), share, (r) => r.expectation_at_top, { extra, term: 'atTop' }),
    figure('perception', t('term.perception'), number, (r) => r.perception?.value, { term: 'perception' }),
    figure('gap', t('term.gap'), signed, (r) => r.gap?.value, { tone, term: 'gap' }),
    { ...both, screenOnly: true, value: (r) => r.gap?.low, show: (r) => interval(r.gap) },
    figure('low', t('table.low'), signed, (r) => r.gap?.low, { extra }),
    figure('high', t('table.high'), signed, (r) => r.gap?.high, { extra }),
    { key: 'verdict', label: t('table.verdict'), term: 'verdict', value: (r) => t(`verdict.${r.verdict}`), tone },
    figure('p_holm', t('table.pHolm'), pValue, (r) => r.p_holm, { term: 'pHolm' }),
    figure('d_z', 'd_z', number, (r) => r.d_z, { term: 'dz' }),
    figure('sd', t('table.sd'), number, (r) => r.gap?.sd, { extra, term: 'sd' }),
    figure('adequate', t('term.adequate'), number, (r) => r.adequate?.value, { extra, term: 'adequate' }),
    figure('msa', 'MSA', signed, (r) => r.msa?.value, { extra, term: 'msa' }),
    figure('mss', 'MSS', signed, (r) => r.mss?.value, { extra, term: 'mss' }),
    figure('importance', t('term.importance'), number, (r) => r.importance?.value, { extra, term: 'importance' }),
    figure('shrunk', t('table.shrunk'), signed, (r) => r.shrunk, { extra, term: 'shrunk' }),
    figure('truth', t('table.truth'), signed, (r) => r.truth, { extra, term: 'truth' }),
    { key: 'note', label: t('table.note'), extra, value: (r) => r.note ?? '' },
  ]
}
