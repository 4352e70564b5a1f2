// Where things stand on the importance–performance map: margins and axes are fixed here, so that it is known where each
// point will be before the chart library draws, and names find places where they cover nothing (charts/labels.ts).
import { axisOver, widthOf, type Axis } from '@/charts/geometry'
import { placeLabels, placeQuadrants, type Box, type Spot } from '@/charts/labels'
import type { Palette } from '@/charts/theme'
import type { DriverReport, DriverRow } from '@/generated/api'

export const DOT = 6
export const EDGES = { left: 52, right: 16, top: 32, bottom: 48 }
const FONT = '12px Inter, sans-serif'
const BOLD = '600 12px Inter, sans-serif'

export const quadrants = [
  { code: 'concentrate', right: false, bottom: false },
  { code: 'keep', right: true, bottom: false },
  { code: 'low', right: false, bottom: true },
  { code: 'overkill', right: true, bottom: true },
] as const
export type QuadrantCode = (typeof quadrants)[number]['code']

export const tones = { concentrate: 'short', keep: 'beyond', low: 'noise', overkill: 'accent' } as const
/** Of a point: full where its quadrant is certain, a ring where it isn't. */
export function pointStyle(row: DriverRow, p: Palette) {
  const color = p[tones[row.quadrant ?? 'low']]
  return row.quadrant_uncertain
    ? { color: p.card, borderColor: color, borderWidth: 2, opacity: 1 }
    : { color, opacity: 1 }
}
/** What a number on a point is written in. */
export const numberColor = (row: DriverRow, p: Palette) =>
  row.quadrant_uncertain ? p[tones[row.quadrant ?? 'low']] : p.card

type Size = { width: number; height: number }
type Words = { name: (row: DriverRow) => string; quadrant: (code: QuadrantCode) => string }
/** Left and top inside the picture. */
type Place = { x: number; y: number }
export type MapLayout = {
  x: Axis
  y: Axis
  rows: DriverRow[] // those that have a place, the most important first
  /** Of each row: its name and where that stands, from the upper left corner of its point; null: no room for the whole
   * of it. What has none bears a number instead, in the order of the rows. */
  labels: (({ text: string } & Place) | null)[]
  /** Where the quadrants' names stand, from the upper left corner of the field; none where it isn't cut. */
  names: ({ code: QuadrantCode; text: string } & Place)[]
}

export function mapLayout(report: DriverReport, size: Size, words: Words): MapLayout {
  const rows = report.rows
    .filter((row) => row.performance != null && row.importance != null)
    .sort((a, b) => b.importance! - a.importance!)
  const { x, y } = axes(report, rows)
  const inside = {
    left: EDGES.left,
    top: EDGES.top,
    right: size.width - 2,
    bottom: size.height - EDGES.bottom,
  }
  const at = (performance: number, importance: number) => ({
    x: EDGES.left + ((performance - x.low) / (x.high - x.low)) * (size.width - EDGES.left - EDGES.right),
    y: EDGES.top + ((y.high - importance) / (y.high - y.low)) * (inside.bottom - inside.top),
  })
  const spots = rows.map<Spot>((row) => {
    const text = words.name(row)
    return { ...at(row.performance!, row.importance!), radius: DOT, text, width: widthOf(text, FONT) + 2 }
  })
  const { cut_performance: across, cut_importance: up } = report
  const middle = across == null || up == null ? null : at(across, up)
  const boxes = middle ? boxesOf(middle, inside, spots, words) : []
  const places = placeLabels(spots, inside, boxes)
  return {
    ...{ x, y, rows },
    labels: places.map((place, i) => place && { text: spots[i]!.text, ...from(spots[i]!, place) }),
    names: boxes.map(({ left, top }, i) => {
      const { code } = quadrants[i]!
      return { code, text: words.quadrant(code), x: left - inside.left + 4, y: top - inside.top + 3 }
    }),
  }
}

const from = (spot: Spot, place: Place) => ({ x: place.x - spot.x + DOT, y: place.y - spot.y + DOT })

function boxesOf(middle: Place, inside: Box, spots: Spot[], words: Words): Box[] {
  const named = quadrants.map((quadrant) => ({ ...quadrant, width: widthOf(words.quadrant(quadrant.code), BOLD) }))
  return placeQuadrants(named, middle, inside, spots)
}

/** Axes that hold every point, its interval and the cut lines; performance is 0–100. */
function axes(report: DriverReport, rows: DriverRow[]): { x: Axis; y: Axis } {
  const weights = rows.flatMap((row) => [row.importance, row.importance_low, row.importance_high])
  const known = weights.filter((weight): weight is number => weight != null)
  return {
    x: axisOver([...rows.map((row) => row.performance), report.cut_performance], { min: 0, max: 100 }),
    y: axisOver([...known, report.cut_importance], { min: Math.min(0, ...known), max: Math.max(1, ...known) }),
  }
}
