// A table's columns, described once for the screen and for CSV.
import type { Estimate } from '@/generated/api'
import { i18n } from '@/i18n'
import { pValue } from '@/lib/format'
import type { Term } from '@/lib/term'

export type Cell = string | number | boolean | null | undefined
export type Column<Row> = {
  key: string
  label: string
  hint?: string
  term?: Term // explained on its head
  number?: boolean
  extra?: boolean // hidden until chosen
  screenOnly?: boolean // a file has the same in columns of its own
  value: (row: Row) => Cell // what is sorted, and exported unless `file` says how
  file?: (row: Row) => Cell
  show?: (row: Row) => string // what is read
  tone?: (row: Row) => string // class of the cell
}

export type Figure = number | null | undefined

/** A column of numbers: what it is called, how they are set, and where they stand in the row. */
export function figure<Row>(
  key: string,
  label: string,
  set: (value: Figure) => string,
  value: (row: Row) => Figure,
  more: Partial<Column<Row>> = {},
): Column<Row> {
  return { key, label, number: true, value, show: (row) => set(value(row)), ...more }
}

/** A p value: in a file too one too small to tell from nought is called so, and never nought. */
export function chance<Row>(
  key: string,
  label: string,
  value: (row: Row) => Figure,
  more: Partial<Column<Row>> = {},
): Column<Row> {
  const file = (row: Row) => ((value(row) ?? 1) < 0.001 ? '<0.001' : value(row))
  return figure(key, label, pValue, value, { file, ...more })
}

/** The two ends of the interval of what is called `label`. */
export function bounds<Row>(
  key: string,
  label: string,
  set: (value: Figure) => string,
  of: (row: Row) => Estimate | null | undefined,
): Column<Row>[] {
  const t = i18n.global.t
  return [
    figure(`${key}_low`, t('table.lowOf', { of: label }), set, (row) => of(row)?.low, { extra: true }),
    figure(`${key}_high`, t('table.highOf', { of: label }), set, (row) => of(row)?.high, { extra: true }),
  ]
}

/** RFC 4180, with a byte-order mark so that spreadsheets read Chinese; cells that would run as formulas are quoted.
 * `head`: lines above the table that say what it is, each in one cell behind a "#". Extra columns that hold nothing are
 * left out. */
export function toCsv<Row>(columns: Column<Row>[], rows: Row[], head: string[] = []): string {
  const cell = (c: Column<Row>, row: Row) => (c.file ?? c.value)(row) ?? ''
  const kept = columns.filter((c) => !c.screenOnly && !(c.extra && rows.every((row) => cell(c, row) === '')))
  const lines = [
    ...head.map((line) => [escape(`# ${line}`)]),
    kept.map((c) => escape(c.label)),
    ...rows.map((row) => kept.map((c) => escape(cell(c, row)))),
  ]
  return '\ufeff' + lines.map((cells) => cells.join(',')).join('\r\n') + '\r\n'
}

const FIGURES = 4 // of a number in a file: more than any screen shows, and none that only the machine made
const LEAST = 1e-12 // what is left of nought after adding and subtracting

/** A number as a file holds it: whole ones as they are, others to four figures. */
export function rounded(value: number): number {
  if (Number.isInteger(value)) return value
  if (Math.abs(value) < LEAST) return 0
  return Math.abs(value) >= 10 ** FIGURES ? Math.round(value) : Number(value.toPrecision(FIGURES))
}

function escape(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return String(rounded(cell))
  if (typeof cell !== 'string') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
