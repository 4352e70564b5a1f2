// Why two columns are a pair, as the rows tell it: what their names have in common, who else could be the other half,
// and how sure the pair is.
import type { Confidence, Preview, PreviewColumn } from '@/generated/api'
import { columnOf, type Row } from '../roles'

export type Piece = { text: string; same: boolean }
const LONGEST = 300 // characters that are compared
const LEAST = 2 // letters that count as equal

/** The longest text that stands in both, as places in each. */
function longest(a: string, b: string): [from: number, inB: number, length: number] {
  let best: [number, number, number] = [0, 0, 0]
  let before = new Array<number>(b.length + 1).fill(0)
  for (let i = 1; i <= a.length; i++) {
    const row = new Array<number>(b.length + 1).fill(0)
    for (let k = 1; k <= b.length; k++) {
      if (a[i - 1] !== b[k - 1]) continue
      const length = before[k - 1]! + 1
      row[k] = length
      if (length > best[2]) best = [i - length, k - length, length]
    }
    before = row
  }
  return best
}

const different = (text: string): Piece[] => (text ? [{ text, same: false }] : [])

/** Both texts in pieces, the equal ones marked; first the longest, then what is left on either side of it. */
export function marked(a: string, b: string): [Piece[], Piece[]] {
  const [headA, headB] = [a.slice(0, LONGEST), b.slice(0, LONGEST)]
  const [from, inB, length] = longest(headA, headB)
  if (length < LEAST) return [different(a), different(b)]
  const before = marked(a.slice(0, from), b.slice(0, inB))
  const after = marked(a.slice(from + length), b.slice(inB + length))
  const same = { text: a.slice(from, from + length), same: true }
  return [
    [...before[0], same, ...after[0]],
    [...before[1], same, ...after[1]],
  ]
}

/** Other columns that could be the half of one of these. */
export function othersOf(preview: Preview, columns: PreviewColumn[]): { of: PreviewColumn; other: PreviewColumn }[] {
  const own = new Set(columns.map((column) => column.name))
  const seen = new Set<string>()
  return columns.flatMap((column) =>
    [column.partner, ...column.candidates].flatMap((name) => {
      const other = columnOf(preview, name)
      if (!other || own.has(other.name) || seen.has(other.name)) return []
      seen.add(other.name)
      return [{ of: column, other }]
    }),
  )
}

const LEVELS: Confidence[] = ['low', 'middle', 'high']
export type Sure = { level: Confidence; reason: string; byHand: boolean }
/** How sure a pair is: as its less certain half, with its reason; a pair that somebody made is sure. */
export function sureOf(row: Row): Sure | null {
  const [e, p] = row.columns
  if (e && p && e.partner !== p.name) return { level: 'high', reason: '', byHand: true }
  const told = row.columns.filter((column) => column.confidence)
  if (!told.length) return null
  const least = Math.min(...told.map((column) => LEVELS.indexOf(column.confidence!)))
  const level = LEVELS[least]!
  return { level, reason: told.find((column) => column.confidence === level)?.reason ?? '', byHand: false }
}
/** The reason without what it quotes: that stands in the row itself. */
export const shortReason = (reason: string) => reason.split(/[“：(]|: /)[0]!.trim()

/** How many of the three bars are filled. */
export const barsOf = (level: Confidence) => LEVELS.indexOf(level) + 1

export const titleOf = (column: PreviewColumn) => column.label ?? column.name
/** The first different answers, as many as a row has room for. */
export const samplesOf = (column: PreviewColumn, most = 4) => column.samples.slice(0, most).join('\u2002')
/** "7–12", or one place. */
export const places = (from: number, to: number) => (from === to ? String(from) : `${from}–${to}`)
