// The axis that answers are spread over: each step of the scale has its place, answered or not, so that neighbours on
// the axis are neighbours on the scale.
import type { Scale } from '@/generated/api'

const STEPS = [1, 0.5] // that answers are given in; others have no steps of their own
const MOST = 41 // places on an axis; a finer scale shows what was answered alone

/** Every step from one end of `within` to the other and what was answered, each once, least first. Without `within`:
 * from the least to the greatest answer. */
export function placesOf(answered: number[], within?: Scale): number[] {
  const known = [...new Set(answered)].sort((a, b) => a - b)
  const step = STEPS.find((size) => known.every((value) => Number.isInteger(value / size)))
  const low = within?.min ?? known[0]
  const high = within?.max ?? known.at(-1)
  if (!step || low === undefined || high === undefined || (high - low) / step >= MOST) return known
  const steps = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step)
  return [...new Set([...steps, ...known])].sort((a, b) => a - b)
}
