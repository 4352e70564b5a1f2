// Which pairs of a block are seen: the first three, those that somebody has to look at, and all once it is unfolded.
import type { Block, Row } from '../roles'

export const FIRST = 3
export const blockKey = (block: Block) => block.rows[0]?.key ?? ''

/** `seen`: the rows that are shown, in their order; `folded`: how many aren't. */
export function fold(block: Block, open: boolean, needed: (row: Row) => boolean): { seen: Row[]; folded: number } {
  const seen = open ? block.rows : block.rows.filter((row, i) => i < FIRST || needed(row))
  return { seen, folded: block.rows.length - seen.length }
}
/** Rows that can be folded: those after the third that need no look. */
export const foldable = (block: Block, needed: (row: Row) => boolean) =>
  block.rows.filter((row, i) => i >= FIRST && !needed(row)).length
