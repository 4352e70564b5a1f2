// v-sideways: what is wider or higher than its place scrolls, and fades at the edge behind which more of it lies, so
// that nobody takes what is seen for the whole (styles/base.css). Not at the upper edge, where heads of columns stand.
import type { ObjectDirective } from 'vue'

/** Sides on which something lies out of sight; a pixel is none. */
type Box = Pick<
  HTMLElement,
  'scrollLeft' | 'scrollWidth' | 'clientWidth' | 'scrollTop' | 'scrollHeight' | 'clientHeight'
>
export function hiddenSides(box: Box): string {
  const left = box.scrollLeft > 1
  const right = box.scrollLeft + box.clientWidth < box.scrollWidth - 1
  const below = box.scrollTop + box.clientHeight < box.scrollHeight - 1
  return [left && 'left', right && 'right', below && 'below'].filter(Boolean).join(' ')
}

const watched = new WeakMap<HTMLElement, ResizeObserver>()
const look = (box: HTMLElement) => (box.dataset.more = hiddenSides(box))

export const vSideways: ObjectDirective<HTMLElement> = {
  mounted(box) {
    const again = () => look(box)
    const observer = new ResizeObserver(again)
    for (const part of [box, ...box.children]) observer.observe(part)
    watched.set(box, observer)
    box.addEventListener('scroll', again, { passive: true })
  },
  updated: look,
  beforeUnmount(box) {
    watched.get(box)?.disconnect()
  },
}
