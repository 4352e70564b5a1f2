// How sure an importance is: a thin upright line through its point, and the same in words.
import { MINUS, NONE } from '@/lib/format'
import type { Palette } from '@/charts/theme'
import type { DriverRow } from '@/generated/api'

type Value = number | null | undefined
type Place = { value: (at: number) => number; coord: (point: [number, number]) => [number, number] }

/** "3.1% … 12.0%"; empty where there is no interval. */
export function intervalOf(row: DriverRow, set: (value: Value) => string): string {
  const ends = [set(row.importance_low), set(row.importance_high)]
  return ends.includes(NONE) ? '' : ends.join(ends.some((end) => end.startsWith(MINUS)) ? ' … ' : '–')
}

export function whiskers(rows: DriverRow[], p: Palette) {
  const whole = (row: DriverRow) => row.performance != null && row.importance_low != null && row.importance_high != null
  const sure = rows.filter(whole)
  return {
    type: 'custom',
    silent: true,
    z: 1,
    encode: { x: 0, y: [1, 2] },
    data: sure.map((row) => [row.performance, row.importance_low, row.importance_high]),
    renderItem: (_: unknown, place: Place) => {
      const low = place.coord([place.value(0), place.value(1)])
      const high = place.coord([place.value(0), place.value(2)])
      return {
        type: 'line',
        shape: { x1: low[0], y1: low[1], x2: high[0], y2: high[1] },
        style: { stroke: p.mute, opacity: 0.35, lineWidth: 1 },
      }
    },
  }
}
