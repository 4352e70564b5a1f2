// Which rows of a file are titles, header, answers and foot, said by pointing at them.
import type { FileRow, Preview } from '@/generated/api'

export const TITLES_MOST = 100
export const HEADERS_MOST = 4
export const FEET_MOST = 20

export type Shape = Pick<Preview, 'title_rows' | 'header_rows' | 'foot_rows'>
export type Part = 'title' | 'header' | 'answers' | 'foot'
/** `at`: which row of the file it is, from 0; `behind`: how many rows follow it. Either is known near that end. */
export type EndRow = FileRow & { at?: number; behind?: number; gap?: boolean }

/** The first rows, then the last; of a short file each once. `gap`: rows between it and the one above aren't here. */
export function endRows({ first_rows = [], last_rows = [] }: Pick<Preview, 'first_rows' | 'last_rows'>): EndRow[] {
  const rows: EndRow[] = first_rows.map((row, at) => ({ ...row, at }))
  const known = new Map(rows.map((row) => [row.line, row]))
  last_rows.forEach((row, i) => {
    const behind = last_rows.length - 1 - i
    const same = known.get(row.line)
    if (same) same.behind = behind
    else rows.push({ ...row, behind, gap: i === 0 && first_rows.length > 0 })
  })
  return rows
}

/** What the row is taken for. */
export function partOf({ title_rows, header_rows, foot_rows }: Shape, { at, behind }: EndRow): Part {
  if (behind !== undefined && behind < foot_rows) return 'foot'
  if (at === undefined || at >= title_rows + header_rows) return 'answers'
  return at < title_rows ? 'title' : 'header'
}

/** Somebody points at a row of the upper half. The one below the header joins it, a row of the header becomes its last,
 * the last leaves it; any other row is the header from now on. */
function pointAbove({ title_rows, header_rows }: Shape, at: number): Partial<Shape> {
  const end = title_rows + header_rows
  if (at === end && header_rows && header_rows < HEADERS_MOST) return { header_rows: header_rows + 1 }
  if (at >= title_rows && at < end - 1) return { header_rows: at - title_rows + 1 }
  if (header_rows && at === end - 1) return { header_rows: header_rows - 1 }
  return { title_rows: at, header_rows: 1 }
}

/** Of the lower half: the foot begins with the row; its first row is an answer again. */
const pointBelow = ({ foot_rows }: Shape, behind: number): Partial<Shape> => ({
  foot_rows: behind + 1 === foot_rows ? behind : Math.min(behind + 1, FEET_MOST),
})

/** What pointing at the row changes. In a short file, where a row is near both ends, the nearer end counts. */
export function pointAt(shape: Shape, row: EndRow): Partial<Shape> {
  const { at, behind } = row
  const below = behind !== undefined && (at === undefined || (behind < at && at > shape.title_rows + shape.header_rows))
  return below ? pointBelow(shape, behind) : pointAbove(shape, at ?? 0)
}
