// How fast an import goes, from what it told in the last moments; and what it brought, as a sentence. Only of what is
// told while somebody looks: a wait in the queue is no slowness.
import type { Import } from '@/generated/api'
import { i18n } from '@/i18n'
import { count } from '@/lib/format'

/** At `at` (ms) so many rows were read, `share` (0–1) of the file. */
export type Point = { at: number; rows: number; share: number }
export type Pace = { perSecond: number; secondsLeft: number }

const KEPT_MS = 10_000
const LEAST_MS = 1500 // less tells nothing

/** The points of the last moments, with another one. */
export const withPoint = (points: Point[], point: Point): Point[] =>
  [...points, point].filter(({ at }) => point.at - at <= KEPT_MS)

/** null: nothing can be said yet. */
export function paceOf(points: Point[]): Pace | null {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || last.at - first.at < LEAST_MS) return null
  const seconds = (last.at - first.at) / 1000
  const share = (last.share - first.share) / seconds
  const perSecond = (last.rows - first.rows) / seconds
  if (share <= 0 || perSecond <= 0) return null
  return { perSecond, secondsLeft: (1 - last.share) / share }
}

/** “about 40 seconds left”, “about 3 minutes left”: no more exact than anybody can know. */
export function leftInWords(seconds: number): string {
  const t = i18n.global.t
  if (seconds < 55) {
    const n = Math.max(5, Math.ceil(seconds / 5) * 5)
    return t('imports.secondsLeft', { n }, n)
  }
  const n = Math.max(1, Math.round(seconds / 60))
  return t('imports.minutesLeft', { n }, n)
}

/** What became of the rows by their ids; '': all of them are new. */
export function broughtInWords({ added, replaced, left }: Pick<Import, 'added' | 'replaced' | 'left'>): string {
  const t = i18n.global.t
  if (!replaced && !left) return ''
  const named = { added, replaced, left }
  return (Object.keys(named) as (keyof typeof named)[])
    .map((name) => t(`wizard.count.${name}`, { n: count(named[name]) }, named[name]))
    .join(t('list.comma'))
}
