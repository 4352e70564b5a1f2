// The width of an element as it changes, for drawings that lay themselves out. The element may appear later.
import { onScopeDispose, ref, watch, type Ref } from 'vue'

export function useWidth(element: Ref<HTMLElement | undefined>, initial = 640): Ref<number> {
  const width = ref(initial)
  const observer = new ResizeObserver(([entry]) => (width.value = entry!.contentRect.width || width.value))
  const measure = () => (width.value = element.value?.clientWidth || width.value)
  let unheard = () => {} // stops listening for the printer

  watch(
    element,
    (now) => {
      leave()
      if (!now) return
      measure()
      observer.observe(now)
      // Paper is narrower than the screen, and printing doesn't wait for the observer.
      addEventListener('beforeprint', measure)
      unheard = () => removeEventListener('beforeprint', measure)
    },
    { flush: 'post', immediate: true },
  )
  function leave() {
    observer.disconnect()
    unheard()
    unheard = () => {}
  }
  onScopeDispose(leave)
  return width
}
