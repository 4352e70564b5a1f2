// The last wave beside this file: what is different, and the way the last file was read, offered again. Nothing of it
// is applied before somebody says so.
import type { Preview, Reading, Text } from '@/generated/api'

export type Difference = {
  kind:
    | 'column_new'
    | 'column_gone'
    | 'label_changed'
    | 'labels_changed'
    | 'scale_changed'
    | 'scale_flipped'
    | 'type_changed'
  column: string
  before?: string
  now?: string
  text: string
}
export type LastWave = {
  study: { id: string; code: string; title: Text }
  import_id: string
  name: string
  finished_at: string
  /** That was said for all its rows. */
  wave?: string
  /** Columns that it took, and of them those that this file has. */
  columns: number
  found: number
  sure: string
  reading?: Reading
  differences: Difference[]
  more: number
}

export const lastOf = (preview: Preview | null): LastWave | undefined => (preview as { last?: LastWave } | null)?.last

/** What makes a wrong number where nobody looks. */
const GRAVE: ReadonlySet<Difference['kind']> = new Set(['scale_flipped', 'scale_changed', 'labels_changed'])
export const isGrave = ({ kind }: Difference) => GRAVE.has(kind)

const SHOWN = 6
/** The grave ones all, of the others the first few; and how many more are listed. */
export function shownOf(differences: Difference[], all: boolean): { shown: Difference[]; more: number } {
  const shown = differences.filter((one, i) => all || isGrave(one) || i < SHOWN)
  return { shown, more: differences.length - shown.length }
}

/** Whether the reading of last time says something that isn't said already. */
export const hasReading = (last: LastWave, now: Reading) =>
  !!last.reading && Object.keys(last.reading).length > 0 && JSON.stringify(last.reading) !== JSON.stringify(now)
