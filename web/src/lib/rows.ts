// From the server's gap rows to what lists and tables show: labels in the reader's language, columns for screen and
// CSV.
import type { GapReport, GapRow, Study, Text } from '@/generated/api'
import type { DumbbellRow } from '@/charts/rows'
import { figure, type Column } from '@/components/table'
import { i18n, text } from '@/i18n'
import { count, interval, number, percent, pValue, signed, verdictTone } from './format'

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

export function gapColumns(labels: Labels, options: { groups: boolean; level: Level | 'overall' }): Column<TableRow>[] {
  const t = i18n.global.t
  const tone = (row: TableRow) => verdictTone[row.verdict]
  const extra = true
  const place = { extra: options.level !== 'item' }
  const group: Column<TableRow> = { key: 'group', label: t('table.group'), value: (r) => r.group ?? '' }
  const interval95 = { key: 'interval', label: t('table.interval'), number: true }
  return [
    { key: 'label', label: t(`level.${options.level}`), value: (r) => text(r.label, r.code) },
    ...(options.groups ? [group] : []),
    { key: 'dimension', label: t('level.dimension'), ...place, value: (r) => labels.dimension(r.dimension) },
    { key: 'touchpoint', label: t('level.touchpoint'), ...place, value: (r) => labels.touchpoint(r.touchpoint) },
    figure('n', 'n', count, (r) => r.n),
    figure('expectation', t('term.expectation'), number, (r) => r.expectation?.value),
    figure(
      'at_top',
      t('table.atTop'),
      (v) => percent(v),
      (r) => r.expectation_at_top,
      {
        extra,
        hint: t('table.atTopHint'),
      },
    ),
    figure('perception', t('term.perception'), number, (r) => r.perception?.value),
    figure('gap', t('term.gap'), signed, (r) => r.gap?.value, { tone }),
    { ...interval95, value: (r) => r.gap?.low, show: (r) => interval(r.gap) },
    { key: 'verdict', label: t('table.verdict'), value: (r) => t(`verdict.${r.verdict}`), tone },
    figure('p_holm', t('table.pHolm'), pValue, (r) => r.p_holm, { hint: t('table.pHolmHint') }),
    figure('d_z', 'd_z', number, (r) => r.d_z, { hint: t('table.dzHint') }),
    figure('high', t('table.high'), signed, (r) => r.gap?.high, { extra }),
    figure('sd', t('table.sd'), number, (r) => r.gap?.sd, { extra }),
    figure('adequate', t('term.adequate'), number, (r) => r.adequate?.value, { extra }),
    figure('msa', 'MSA', signed, (r) => r.msa?.value, { extra, hint: t('zone.msaHint') }),
    figure('mss', 'MSS', signed, (r) => r.mss?.value, { extra, hint: t('zone.mssHint') }),
    figure('importance', t('term.importance'), number, (r) => r.importance?.value, { extra }),
    figure('shrunk', t('table.shrunk'), signed, (r) => r.shrunk, { extra, hint: t('table.shrunkHint') }),
    figure('truth', t('table.truth'), signed, (r) => r.truth, { extra, hint: t('table.truthHint') }),
    { key: 'note', label: t('table.note'), extra, value: (r) => r.note ?? '' },
  ]
}
