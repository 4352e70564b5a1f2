// Asks for the dry run as soon as the check is on the screen, and again whenever something is decided otherwise there.
import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import { api, take } from '@/lib/api'
import { useResource } from '@/lib/resource'
import type { ImportCheck, ImportCreate } from '@/generated/api'

const PAUSE_MS = 300 // so that not every keystroke reads the file

/** `asked`: what would be imported; null: nothing yet. `seen`: the check is on the screen. */
export function useDryRun(asked: Ref<ImportCreate | null>, seen: Ref<boolean>) {
  const text = computed(() => (seen.value && asked.value ? JSON.stringify(asked.value) : ''))
  const wanted = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    text,
    (now) => {
      clearTimeout(timer)
      timer = setTimeout(() => (wanted.value = now), wanted.value && now ? PAUSE_MS : 0)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  const check = useResource<ImportCheck>(
    (signal) => {
      if (!wanted.value) return null
      const body = JSON.parse(wanted.value) as ImportCreate
      return take(api.POST('/imports/check', { body, signal }))
    },
    [wanted],
  )
  /** What is shown is of what is asked now. */
  const current = computed(() => !!check.data && !check.busy && wanted.value === text.value)
  return { check, current }
}
