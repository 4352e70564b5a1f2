// Does something again and again while somebody looks: a pause after each time, none while the page is hidden, and at
// once when it is shown again.
import { onScopeDispose } from 'vue'

export function useRefresh(work: () => Promise<unknown>, pause: () => number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false

  function next() {
    clearTimeout(timer)
    if (!over && !document.hidden) timer = setTimeout(run, pause())
  }
  async function run() {
    clearTimeout(timer)
    await work()
    next()
  }
  const turned = () => (document.hidden ? clearTimeout(timer) : void run())

  document.addEventListener('visibilitychange', turned)
  onScopeDispose(() => {
    over = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', turned)
  })
  next()
  return { soon: next }
}
