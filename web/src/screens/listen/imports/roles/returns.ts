// Left and returned: the same part, row, unfolded blocks and scroll of this file (kept.ts).
import { nextTick, onBeforeUnmount, onMounted } from 'vue'
import { TABS, type Tab } from '../roles'
import type { Desk } from './desk'
import { keepPlace, readPlace } from './kept'

type Rows = { elementOf: (key: string) => HTMLElement | undefined; first: () => HTMLElement | undefined }

export function useReturn(desk: Desk, rows: Rows) {
  const page = () => document.scrollingElement!
  const upload = desk.input.preview.upload.id
  let top = 0
  const scrolled = () => (top = page().scrollTop)
  /** As it was left; the wizard has scrolled to its head by then. */
  function restore(row: string, to: number) {
    rows.elementOf(row)?.focus({ preventScroll: true })
    page().scrollTop = to
  }
  onMounted(async () => {
    const kept = readPlace(sessionStorage, upload)
    if (kept) {
      const { row, opened, find, unfolded } = kept
      desk.go({ tab: TABS.find((tab) => tab === kept.tab) ?? ('pairs' as Tab), row, opened, find, unfolded })
    }
    await nextTick()
    if (!rows.elementOf(desk.view.row)) desk.go({ row: rows.first()?.dataset.row ?? '' })
    requestAnimationFrame(() => {
      if (kept) restore(kept.row, kept.top)
      scrolled()
      addEventListener('scroll', scrolled, { passive: true })
    })
  })
  onBeforeUnmount(() => {
    removeEventListener('scroll', scrolled)
    const { tab, row, opened, find, unfolded } = desk.view
    keepPlace(sessionStorage, upload, { tab, row, opened, find, unfolded, top })
  })
}
