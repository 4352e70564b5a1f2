// The keys of the roles step. One row at a time is in the tab order (roving focus), the one that was on last; ↑↓ go
// from row to row, and unfold what lies between.
import { nextTick, onBeforeUnmount, onMounted, type Ref } from 'vue'
import type { Row } from '../roles'
import type { Desk } from './desk'

export type Ways = {
  partner: (row: Row) => void
  place: (row: Row, kind: 'dimension' | 'touchpoint') => void
  find: () => void
  /** Lets go of what is held, and closes what is open beside the row. */
  leave: () => void
}

export function useKeys(desk: Desk, box: Ref<HTMLElement | undefined>, ways: Ways) {
  const all = (what: string) => [...(box.value?.querySelectorAll<HTMLElement>(what) ?? [])]
  const rowAt = (target: EventTarget | null) => (target as HTMLElement).closest<HTMLElement>('.role-row')
  const elementOf = (key: string) => all('.role-row').find((element) => element.dataset.row === key)

  async function move(from: HTMLElement, by: number) {
    const list = all('.role-row, .fold[aria-expanded=false]')
    let next = list[list.indexOf(from) + by]
    if (next?.matches('.fold')) {
      const before = new Set(all('.role-row'))
      next.click()
      await nextTick()
      const fresh = all('.role-row').filter((element) => !before.has(element))
      next = fresh.at(by > 0 ? 0 : -1) ?? next
    }
    next?.focus()
  }
  function act(key: string, row: Row, at: HTMLElement): (() => void) | undefined {
    const acts: Record<string, () => void> = {
      ArrowDown: () => void move(at, 1),
      ArrowUp: () => void move(at, -1),
      Enter: () => desk.go({ opened: desk.view.opened === row.key ? '' : row.key }),
      p: () => ways.partner(row),
      d: () => ways.place(row, 'dimension'),
      t: () => ways.place(row, 'touchpoint'),
      '/': ways.find,
    }
    return acts[key.length === 1 ? key.toLowerCase() : key]
  }
  function press(event: KeyboardEvent) {
    const at = rowAt(event.target)
    if (event.key === 'Escape') {
      ways.leave()
      ;(at ?? elementOf(desk.view.row))?.focus()
      return
    }
    const row = desk.rows.value.find((one) => one.key === at?.dataset.row)
    if (!at || !row || event.target !== at || event.ctrlKey || event.metaKey || event.altKey) return
    const run = act(event.key, row, at)
    if (!run) return
    event.preventDefault()
    run()
  }
  function focused(event: FocusEvent) {
    const key = rowAt(event.target)?.dataset.row
    if (key) desk.go({ row: key })
  }
  /** From anywhere on the page. */
  function slash(event: KeyboardEvent) {
    const inText = (event.target as HTMLElement).closest('input, textarea, select')
    if (event.key !== '/' || inText || event.defaultPrevented) return
    event.preventDefault()
    ways.find()
  }
  onMounted(() => addEventListener('keydown', slash))
  onBeforeUnmount(() => removeEventListener('keydown', slash))
  /** The first row of the list, or of one kind. */
  const first = (kind = '') => all(`.role-row${kind}`)[0]
  return { press, focused, elementOf, first }
}
