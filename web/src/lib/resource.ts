// A thing read from the server: its data, whether it is being read, whether that has taken long enough to say so, and
// what went wrong. Reading again keeps the old data on screen; a newer read cancels an older one. What failed because
// the server was away is read again when it is back.
import { onScopeDispose, reactive, watch, type WatchSource } from 'vue'
import { ApiError } from './api'
import { whenBack } from './connection'

export type Resource<T> = {
  data: T | null
  error: ApiError | null
  busy: boolean
  slow: boolean
  reload: () => Promise<void>
}

const SLOW_MS = 200
const PAUSE_MS = 1000 // doubled each time
const PAUSE_MOST_MS = 30_000

export function useResource<T>(
  load: (signal: AbortSignal) => Promise<T> | null,
  deps: WatchSource[] = [],
): Resource<T> {
  let controller: AbortController | null = null
  let misses = 0 // one after the other, though the server is there
  const resource = reactive({ data: null, error: null, busy: false, slow: false, reload }) as Resource<T>

  async function reload() {
    controller?.abort()
    const mine = (controller = new AbortController())
    const promise = load(mine.signal)
    if (!promise) {
      Object.assign(resource, { data: null, error: null, busy: false, slow: false })
      return
    }
    resource.busy = true
    const timer = setTimeout(() => (resource.slow = true), SLOW_MS)
    try {
      const data = await promise
      misses = 0
      if (mine === controller) Object.assign(resource, { data, error: null })
    } catch (error) {
      if (mine !== controller || mine.signal.aborted) return // a newer read is under way, or nobody is looking
      if (!(error instanceof ApiError)) throw error
      resource.error = error
      if (error.offline) void again(mine)
    } finally {
      clearTimeout(timer)
      if (mine === controller) Object.assign(resource, { busy: false, slow: false })
    }
  }

  /** When the server is back: at once, then, where only this has no answer, after longer and longer. */
  async function again(mine: AbortController) {
    await whenBack()
    if (misses++) await new Promise((go) => setTimeout(go, Math.min(PAUSE_MOST_MS, PAUSE_MS * 2 ** (misses - 2))))
    if (mine === controller) await reload()
  }

  watch(deps, reload, { immediate: true })
  onScopeDispose(() => {
    controller?.abort()
    controller = null
  })
  return resource
}
