// Trying again what stopped. The study is shown as being tried at once; how it went is seen in what the server says
// next: no longer held, or stopped again.
import { reactive, watch } from 'vue'
import { i18n } from '@/i18n'
import { api, take } from '@/lib/api'
import type { Care } from '@/lib/care'
import { keyOf } from '@/lib/system'
import { toast, toastError } from '@/lib/toast'
import type { System, SystemHeld } from '@/generated/api'
import { title } from './words'

type Trying = { held: SystemHeld; sent: boolean }

export function useRetry(care: Care, soon: () => void) {
  const trying = reactive(new Map<string, Trying>())

  async function again(held: SystemHeld) {
    const key = keyOf(held)
    trying.set(key, { held, sent: false })
    try {
      await take(api.POST('/system/retry', { body: { follower: held.follower, study_id: held.study_id } }))
      trying.set(key, { held, sent: true })
      await care.reload()
      soon()
    } catch (error) {
      trying.delete(key)
      toastError(error)
      void care.reload()
    }
  }

  /** What was read before the request was answered says nothing of it. */
  function settle(system: System) {
    for (const [key, { held, sent }] of trying) {
      const now = system.held.find((h) => keyOf(h) === key)
      if (!sent || now?.state === 'bulk') continue
      trying.delete(key)
      toast(i18n.global.t(now ? 'system.notYet' : 'system.caughtUp', { study: title(held) }), {
        kind: now ? 'wrong' : 'done',
      })
    }
  }
  watch(
    () => care.data,
    (data) => data && settle(data),
  )
  return { trying, again }
}
