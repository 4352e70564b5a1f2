// Where somebody was among the roles of a file, for as long as the tab is open: who goes on and comes back, or reloads,
// finds the same part, row, unfolded blocks and scroll.
const PREFIX = 'mindgap.roles.'
const MOST = 20 // files; the oldest go first

export type Place = {
  at: number
  tab: string
  row: string
  opened: string
  find: string
  unfolded: string[]
  top: number
}
type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export function readPlace(shelf: Shelf, upload: string): Place | null {
  try {
    const text = shelf.getItem(PREFIX + upload)
    return text ? (JSON.parse(text) as Place) : null
  } catch {
    return null
  }
}

export function keepPlace(shelf: Shelf, upload: string, place: Omit<Place, 'at'>) {
  const keys = Array.from({ length: shelf.length }, (_, i) => shelf.key(i) ?? '')
  const others = keys
    .filter((key) => key.startsWith(PREFIX) && key !== PREFIX + upload)
    .map((key) => ({ key, at: readPlace(shelf, key.slice(PREFIX.length))?.at ?? 0 }))
    .sort((a, b) => b.at - a.at)
  for (const { key } of others.slice(MOST - 1)) shelf.removeItem(key)
  try {
    shelf.setItem(PREFIX + upload, JSON.stringify({ ...place, at: Date.now() }))
  } catch {
    shelf.removeItem(PREFIX + upload) // no room: the screen opens at its head then
  }
}
