// From the server's gap rows to what lists and tables show: labels in the reader's language, columns for screen and CSV.
import type { GapReport, GapRow, Study, Text } from '@/generated/api'
import type { DumbbellRow } from '@/charts/rows'
import type { Column } from '@/components/table'
import { i18n, text } from '@/i18n'
import { count, interval, number, pValue, signed } from './format'

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
  const tone = (row: TableRow) => (row.verdict === 'unknown' ? 'noise' : row.verdict)
  const columns: Column<TableRow>[] = [
    { key: 'label', label: t(`level.${options.level}`), value: (r) => text(r.label, r.code) },
    ...(options.groups ? [{ key: 'group', label: t('table.group'), value: (r: TableRow) => r.group ?? '' }] : []),
    {
      key: 'dimension',
      label: t('level.dimension'),
      extra: options.level !== 'item',
      value: (r) => labels.dimension(r.dimension),
    },
    {
      key: 'touchpoint',
      label: t('level.touchpoint'),
      extra: options.level !== 'item',
      value: (r) => labels.touchpoint(r.touchpoint),
    },
    numeric(
      'n',
      'n',
      (r) => r.n,
      (r) => count(r.n),
    ),
    numeric(
      'expectation',
      t('term.expectation'),
      (r) => r.expectation?.value,
      (r) => number(r.expectation?.value),
    ),
    numeric(
      'perception',
      t('term.perception'),
      (r) => r.perception?.value,
      (r) => number(r.perception?.value),
    ),
    {
      ...numeric(
        'gap',
        t('term.gap'),
        (r) => r.gap?.value,
        (r) => signed(r.gap?.value),
      ),
      tone,
    },
    {
      key: 'interval',
      label: t('table.interval'),
      number: true,
      value: (r) => r.gap?.low,
      show: (r) => interval(r.gap),
    },
    { key: 'verdict', label: t('table.verdict'), value: (r) => t(`verdict.${r.verdict}`), tone },
    {
      ...numeric(
        'p_holm',
        t('table.pHolm'),
        (r) => r.p_holm,
        (r) => pValue(r.p_holm),
      ),
      hint: t('table.pHolmHint'),
    },
    {
      ...numeric(
        'd_z',
        'd_z',
        (r) => r.d_z,
        (r) => number(r.d_z),
      ),
      hint: t('table.dzHint'),
    },
    {
      ...numeric(
        'high',
        t('table.high'),
        (r) => r.gap?.high,
        (r) => signed(r.gap?.high),
      ),
      extra: true,
    },
    {
      ...numeric(
        'sd',
        t('table.sd'),
        (r) => r.gap?.sd,
        (r) => number(r.gap?.sd),
      ),
      extra: true,
    },
    {
      ...numeric(
        'adequate',
        t('term.adequate'),
        (r) => r.adequate?.value,
        (r) => number(r.adequate?.value),
      ),
      extra: true,
    },
    {
      ...numeric(
        'msa',
        'MSA',
        (r) => r.msa?.value,
        (r) => signed(r.msa?.value),
      ),
      extra: true,
      hint: t('zone.msaHint'),
    },
    {
      ...numeric(
        'mss',
        'MSS',
        (r) => r.mss?.value,
        (r) => signed(r.mss?.value),
      ),
      extra: true,
      hint: t('zone.mssHint'),
    },
    {
      ...numeric(
        'importance',
        t('term.importance'),
        (r) => r.importance?.value,
        (r) => number(r.importance?.value),
      ),
      extra: true,
    },
    {
      ...numeric(
        'shrunk',
        t('table.shrunk'),
        (r) => r.shrunk,
        (r) => signed(r.shrunk),
      ),
      extra: true,
      hint: t('table.shrunkHint'),
    },
    {
      ...numeric(
        'truth',
        t('table.truth'),
        (r) => r.truth,
        (r) => signed(r.truth),
      ),
      extra: true,
      hint: t('table.truthHint'),
    },
    { key: 'note', label: t('table.note'), extra: true, value: (r) => r.note ?? '' },
  ]
  return columns
}

function numeric(
  key: string,
  label: string,
  value: (row: TableRow) => number | null | undefined,
  show: (row: TableRow) => string,
): Column<TableRow> {
  return { key, label, number: true, value, show }
}
