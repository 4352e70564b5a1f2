// What our own drawings of rows share: what a row is, where its parts stand, and which keys open it.
import { computed, type Ref } from 'vue'
import type { GapRow } from '@/generated/api'
import { count } from '@/lib/format'
import { onPaper } from '@/lib/paper'
import { fit, widthOf, type Axis } from './geometry'

/** One row of the server's table with the words beside it. */
export type DumbbellRow = {
  key: string
  label: string
  sub: string
  row: GapRow
  group?: string
  pickable?: boolean
}

export const SMALL = '12px Inter, sans-serif'
export const BOLD = '600 14px Inter, sans-serif'

const NARROW = 520
const NARROW_PITCH = 62
const PAPER_PITCH = 36
const EDGE = 12

const FIRST_SHEET = 20 // rows under the head of a printed page
const SHEET = 26 // rows on a page of nothing else

/** The rows in the pieces that they are drawn in: all together on a screen, a page each on paper. */
export function sheetsOf<Row>(rows: Row[], paper: boolean): Row[][] {
  if (!paper || rows.length <= FIRST_SHEET) return [rows]
  const sheets = [rows.slice(0, FIRST_SHEET)]
  for (let at = FIRST_SHEET; at < rows.length; at += SHEET) sheets.push(rows.slice(at, at + SHEET))
  return sheets
}

/** Names on the left, a scale on the right; on a narrow page the names stand above their row. `margin` is kept free for
 * the value at the right, `pitch` from row to row, `lift` the room for the names above. */
export function useRowLayout(width: Ref<number>, shape: { pitch: number; margin: number; lift: number }) {
  const narrow = computed(() => width.value < NARROW)
  const pitch = computed(() => {
    if (onPaper.value) return PAPER_PITCH
    return narrow.value ? NARROW_PITCH : shape.pitch
  })
  const lift = computed(() => (narrow.value ? shape.lift : 0))
  const left = computed(() => (narrow.value ? EDGE : Math.round(Math.min(300, width.value * 0.34)) + 16))
  const right = computed(() => width.value - (narrow.value ? EDGE : shape.margin))
  /** The middle of row `i`, the first starting at `top`. */
  const middle = (i: number, top: number) => top + (i + 0.5) * pitch.value + lift.value
  /** Where a value of the axis stands. */
  const place = ({ low, high }: Axis, value: number) =>
    left.value + ((value - low) / (high - low)) * (right.value - left.value)
  return { narrow, pitch, lift, left, right, middle, place }
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
