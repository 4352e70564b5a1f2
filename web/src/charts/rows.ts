// What the dumbbell draws: one row of the server's table with the words beside it.
import type { GapRow } from '@/generated/api'

export type DumbbellRow = {
  key: string
  label: string
  sub: string
  row: GapRow
  group?: string
  pickable?: boolean
}
