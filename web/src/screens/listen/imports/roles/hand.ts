// The half that somebody holds, as the rows see it: where it is, what it would give there, and the ways to take it.
import type { GapRow } from '@/generated/api'
import type { Held } from './drag'

export type Hand = {
  held: Held | null
  /** What letting go would give; null: not known yet, or no pair. */
  gain: GapRow | null
  press: (event: PointerEvent, column: string, row: string) => void
  tap: (column: string, row: string) => void
  hover: (column: string, row: string) => void
}
