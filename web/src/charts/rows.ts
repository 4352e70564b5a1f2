// What our own drawings of rows share: what a row is, where its parts stand, and which keys open it.
import { computed, type Ref } from 'vue'
import type { GapRow } from '@/generated/api'
import { count } from '@/lib/format'
import { onPaper } from '@/lib/paper'
import { fit, linesOf, widthOf, type Axis } from './geometry'

/** One row of the server's table with the words beside it. */
export type DumbbellRow = {
  key: string
  label: string
  sub: string
  row: GapRow
  group?: string
  pickable?: boolean
  /** Rows that are compared with each other stand together, one line each, the first under this head. */
  head?: string
  compact?: boolean
}

/** What a row's height depends on; `names`: lines of its name. */
type Room = Pick<DumbbellRow, 'head' | 'compact'> & { names?: number }

export const SMALL = '12px Inter, sans-serif'
export const BOLD = '600 14px Inter, sans-serif'
const PAPER_BOLD = '600 12px Inter, sans-serif'

const NARROW = 520
const NARROW_PITCH = 62
const PAPER_PITCH = 30
const COMPACT_PITCH = 26
const HEAD = 34
const NAME_LINE = 16
const EDGE = 12
const BESIDE = 30 // between a name on the left and the scale

const FIRST_SHEET = 690 // px for rows under the head of a printed page
const SHEET = 930 // and on a page of nothing else

/** The rows in the pieces that they are drawn in: all together on a screen, a page each on paper. */
export function sheetsOf<Row>(rows: Row[], paper: boolean, heightOf: (row: Row) => number): Row[][] {
  if (!paper) return [rows]
  const sheets: Row[][] = [[]]
  let left = FIRST_SHEET
  for (const row of rows) {
    left -= heightOf(row)
    if (left < 0) {
      sheets.push([])
      left = SHEET - heightOf(row)
    }
    sheets.at(-1)!.push(row)
  }
  return sheets
}

/** Names on the left, a scale on the right; on a narrow page the names stand above their row. `margin` is kept free for
 * the value at the right, `pitch` from row to row, `lift` the room for the names above. `beside`: how wide names are
 * that stay on the left on a narrow page too; 0: they don't. `names`: how wide the others are, for which a wide page
 * makes room as far as the scale can spare it. */
export function useRowLayout(
  width: Ref<number>,
  shape: { pitch: number; margin: number; lift: number; beside?: () => number; names?: () => number },
) {
  const narrow = computed(() => width.value < NARROW && !shape.beside?.())
  const pitch = computed(() => {
    if (onPaper.value) return PAPER_PITCH
    return narrow.value ? NARROW_PITCH : shape.pitch
  })
  const lift = computed(() => (narrow.value ? shape.lift : 0))
  const left = computed(() => {
    if (narrow.value) return EDGE
    const usual = Math.min(300, width.value * (onPaper.value ? 0.42 : 0.34)) + 16
    const beside = Math.min((shape.beside?.() ?? 0) + BESIDE, width.value * 0.46)
    const names = Math.min((shape.names?.() ?? 0) + BESIDE, width.value * 0.42)
    return Math.round(Math.max(usual, beside, names))
  })
  const right = computed(() => width.value - (narrow.value ? EDGE : shape.margin))
  /** Where a value of the axis stands. */
  const place = ({ low, high }: Axis, value: number) =>
    left.value + ((value - low) / (high - low)) * (right.value - left.value)
  /** A name as it is written: on a screen there is room for a second line. */
  const named = (label: string, room: number) =>
    linesOf(label, room, onPaper.value ? 1 : 2, onPaper.value ? PAPER_BOLD : BOLD)
  const more = (names = 1) => (names - 1) * NAME_LINE
  /** Room of a row with its head, and how far below its upper edge its line is drawn. */
  const heightOf = ({ head, compact, names }: Room) =>
    (head ? HEAD : 0) + (compact ? COMPACT_PITCH : pitch.value + more(names))
  const lineOf = ({ head, compact, names }: Room) =>
    (head ? HEAD : 0) + (compact ? COMPACT_PITCH / 2 : pitch.value / 2 + lift.value + more(names))
  /** How far above the last line of a name its line `i` of `n` stands. */
  const above = (i: number, n: number) => (n - 1 - i) * NAME_LINE
  return { narrow, pitch, left, right, place, named, above, heightOf, lineOf }
}

/** The smaller line under a name: what fits of the words, then n, which always does. */
export function under(words: string, n: number, room: number): string {
  const tail = `${words ? ' · ' : ''}n ${count(n)}`
  return fit(words, room - widthOf(tail, SMALL), SMALL) + tail
}

/** Whether the key opens what is focused, as it would a button; it does nothing else then. */
export function opens(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' && event.key !== ' ') return false
  event.preventDefault()
  return true
}
