// Which rows of a file are titles, header and answers, said by pointing at them.
import type { Preview, Reading } from '@/generated/api'

export const TITLES_MOST = 100
export const HEADERS_MOST = 4
export const FEET_MOST = 20

export type Shape = Pick<Preview, 'title_rows' | 'header_rows'>
export type Part = 'title' | 'header' | 'answers'

/** What row `row` (from 0) of the file is. */
export function partOf({ title_rows, header_rows }: Shape, row: number): Part {
  if (row < title_rows) return 'title'
  return row < title_rows + header_rows ? 'header' : 'answers'
}

/** Somebody points at a row. The one below the header joins it, a row of the header becomes its last, and the last
 * leaves it; any other row is the header from now on. */
export function pointAt({ title_rows, header_rows }: Shape, row: number): Shape {
  const end = title_rows + header_rows
  if (row === end && header_rows && header_rows < HEADERS_MOST) return { title_rows, header_rows: header_rows + 1 }
  if (row >= title_rows && row < end - 1) return { title_rows, header_rows: row - title_rows + 1 }
  if (header_rows && row === end - 1) return { title_rows, header_rows: header_rows - 1 }
  return { title_rows: row, header_rows: 1 }
}

/** The reading by which the first rows are seen as they stand: nothing is title or header. */
export const asItStands = (reading: Reading): Reading => {
  const { columns: _, ...rest } = reading
  return { ...rest, title_rows: 0, header_rows: 0, foot_rows: 0, all_rows: true }
}
