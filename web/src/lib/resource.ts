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

export function useResource<T>(
  load: (signal: AbortSignal) => Promise<T> | null,
  deps: WatchSource[] = [],
): Resource<T> {
  let controller: AbortController | null = null
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
      if (mine === controller) Object.assign(resource, { data, error: null })
    } catch (error) {
      if (mine !== controller || mine.signal.aborted) return // a newer read is under way, or nobody is looking
      if (!(error instanceof ApiError)) throw error
      resource.error = error
      if (error.offline) void whenBack().then(() => (mine === controller ? reload() : undefined))
    } finally {
      clearTimeout(timer)
      if (mine === controller) Object.assign(resource, { busy: false, slow: false })
    }
  }

  watch(deps, reload, { immediate: true })
  onScopeDispose(() => {
    controller?.abort()
    controller = null
  })
  return resource
}
