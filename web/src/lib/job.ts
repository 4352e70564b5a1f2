// A job followed while it runs. Events tell its progress; a server that is away is said after a moment, and asked
// again until it answers. (The browser begins again by itself after a broken line, but never after an answer other
// than 200.)
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { Job } from '@/generated/api'
import { suspect } from './connection'

const AWAY_MS = 4000 // longer than the browser's own pause before it begins again
const AGAIN_MS = 2000

/** Follows the job that `id` names; '' is none. `ended` is called when the job ends and when its events can't be had.
 * */
export function useJob(id: () => string, ended: () => unknown): { job: Ref<Job | null>; away: Ref<boolean> } {
  const job = ref<Job | null>(null)
  const away = ref(false)
  let events: EventSource | null = null
  let late: ReturnType<typeof setTimeout> | undefined
  let next: ReturnType<typeof setTimeout> | undefined

  function close() {
    events?.close()
    clearTimeout(late)
    clearTimeout(next)
    late = undefined
    away.value = false
  }
  function here() {
    clearTimeout(late)
    late = undefined
    away.value = false
  }
  function broken(source: EventSource, jobId: string) {
    void suspect()
    late ??= setTimeout(() => (away.value = true), AWAY_MS)
    if (source.readyState !== EventSource.CLOSED) return
    clearTimeout(next)
    next = setTimeout(() => {
      listen(jobId)
      void ended()
    }, AGAIN_MS)
  }
  function listen(jobId: string) {
    const source = (events = new EventSource(`/api/v1/jobs/${jobId}/events`))
    source.onopen = here
    source.onerror = () => broken(source, jobId)
    source.addEventListener('job', (event) => {
      job.value = JSON.parse((event as MessageEvent<string>).data) as Job
      if (job.value.state === 'running' || job.value.state === 'queued') return
      close()
      void ended()
    })
  }

  watch(
    id,
    (jobId) => {
      close()
      job.value = null
      if (jobId) listen(jobId)
    },
    { immediate: true },
  )
  onScopeDispose(close)
  return { job, away }
}
