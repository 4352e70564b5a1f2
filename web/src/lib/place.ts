// Where a box stands that belongs to something on the page: below it, or above where there is more room, never out of
// sight.
const MARGIN = 8
const LEAST = 160 // px below, before it goes above

type Box = { left: number; top: number; bottom: number }
type Size = { width: number; height: number }
export type Place = { left: number; top: number; most: number }

export function placeBeside(anchor: Box, box: Size, page: Size): Place {
  const left = Math.max(MARGIN, Math.min(anchor.left, page.width - box.width - MARGIN))
  const below = page.height - anchor.bottom - 2 * MARGIN
  const above = anchor.top - 2 * MARGIN
  if (below >= Math.min(box.height, LEAST) || below >= above) return { left, top: anchor.bottom + 4, most: below }
  const height = Math.min(box.height, above)
  return { left, top: anchor.top - 4 - height, most: above }
}

/** Puts a box that is open where it belongs. */
export function standBeside(anchor: Element, box: HTMLElement) {
  box.style.maxHeight = ''
  const size = { width: box.offsetWidth, height: box.offsetHeight }
  const page = { width: innerWidth, height: innerHeight }
  const { left, top, most } = placeBeside(anchor.getBoundingClientRect(), size, page)
  Object.assign(box.style, { left: `${left}px`, top: `${top}px`, maxHeight: `${Math.max(80, most)}px` })
}
