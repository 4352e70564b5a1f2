// What a date or a number that can be read two ways would be in each: shown beside the question, so that nobody has to
// know what D/M and M/D mean.
import type { PreviewColumn, ReadingColumn } from '@/generated/api'
import { day, number } from '@/lib/format'

/** One way to read the column: what is told for it, and what the sample is then; '': it is no such thing. */
export type Way = { key: string; told: Partial<ReadingColumn>; gives: string }
export type Asked = { column: PreviewColumn; sample: string; kind: 'date' | 'decimal'; ways: Way[] }

const DATE = /(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)/
const THOUSAND = /\d[.,]\d{3}(?!\d)/

function dateOf(year: number, month: number, dayOf: number): string {
  if (month < 1 || month > 12 || dayOf < 1 || dayOf > 31) return ''
  return day(new Date(year < 100 ? year + 2000 : year, month - 1, dayOf, 12).toISOString())
}

function dateWays(sample: string): Way[] {
  const [, first, second, year] = (DATE.exec(sample) ?? []).map(Number)
  const gives = (month?: number, dayOf?: number) => (year == null ? '' : dateOf(year, month!, dayOf!))
  return [
    { key: 'dmy', told: { date_order: 'dmy' }, gives: gives(second, first) },
    { key: 'mdy', told: { date_order: 'mdy' }, gives: gives(first, second) },
  ]
}

/** The number with that decimal mark; the other one stands above thousands. */
function numberOf(sample: string, mark: string): string {
  const text = THOUSAND.exec(sample) ? sample.replace(/[^\d.,+-]/g, '') : ''
  if (!text) return ''
  const value = Number(text.replaceAll(mark === '.' ? ',' : '.', '').replace(mark, '.'))
  const digits = text.includes(mark) ? text.length - text.lastIndexOf(mark) - 1 : 0
  return Number.isFinite(value) ? number(value, digits) : ''
}

function decimalWays(sample: string): Way[] {
  return [
    { key: 'point', told: { decimal: 'point' }, gives: numberOf(sample, '.') },
    { key: 'comma', told: { decimal: 'comma' }, gives: numberOf(sample, ',') },
  ]
}

/** The text that tells most: both ways read it, each as something else. */
function telling(texts: string[], read: (text: string) => Way[]): Pick<Asked, 'sample' | 'ways'> {
  const worth = (ways: Way[]) => new Set(ways.map((way) => way.gives).filter(Boolean)).size
  const all = texts.map((sample) => ({ sample, ways: read(sample) }))
  return all.sort((a, b) => worth(b.ways) - worth(a.ways))[0] ?? { sample: '', ways: read('') }
}

/** The columns whose dates or decimals nobody can know, each with a sample that shows why. */
export function askedOf(columns: PreviewColumn[]): Asked[] {
  return columns.flatMap((column): Asked[] => {
    const texts = [...column.samples, ...column.values.map((value) => value.text)]
    if (column.date_order_open) return [{ column, kind: 'date', ...telling(texts, dateWays) }]
    return column.decimal_open ? [{ column, kind: 'decimal', ...telling(texts, decimalWays) }] : []
  })
}
