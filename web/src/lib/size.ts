// The width of an element as it changes, for drawings that lay themselves out. The element may appear later.
import { onScopeDispose, ref, watch, type Ref } from 'vue'

export function useWidth(element: Ref<HTMLElement | undefined>, initial = 640): Ref<number> {
  const width = ref(initial)
  const observer = new ResizeObserver(([entry]) => (width.value = entry!.contentRect.width || width.value))
  watch(
    element,
    (now) => {
      observer.disconnect()
      if (!now) return
      width.value = now.clientWidth || width.value
      observer.observe(now)
    },
    { flush: 'post', immediate: true },
  )
  onScopeDispose(() => observer.disconnect())
  return width
}
