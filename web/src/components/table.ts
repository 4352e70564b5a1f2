// A table's columns, described once for the screen and for CSV.
export type Cell = string | number | boolean | null | undefined
export type Column<Row> = {
  key: string
  label: string
  hint?: string
  number?: boolean
  extra?: boolean // hidden until chosen
  value: (row: Row) => Cell // what is sorted and exported
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

/** RFC 4180, with a byte-order mark so that spreadsheets read Chinese; cells that would run as formulas are quoted. */
export function toCsv<Row>(columns: Column<Row>[], rows: Row[]): string {
  const lines = [columns.map((c) => escape(c.label)), ...rows.map((row) => columns.map((c) => escape(c.value(row))))]
  return '\ufeff' + lines.map((cells) => cells.join(',')).join('\r\n') + '\r\n'
}

function escape(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
