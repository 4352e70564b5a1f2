// What a change would give before it is made: the gaps of a study document over the uploaded file, asked once the
// document has stood still for a moment. Answers are kept as long as the file is read the same way; at most 40.
import { computed, onScopeDispose, ref, watch } from 'vue'
import { api, take } from '@/lib/api'
import { useResource, type Resource } from '@/lib/resource'
import type { GapReport, Reading } from '@/generated/api'
import type { Document } from '@/screens/record/studies/document'
import { itemsOf } from '../roles'

const PAUSE_MS = 180
const MOST = 40
export type Trial = { study: Document; reading: Reading; upload: string }

/** `wanted`: null while nothing is tried. */
export function useTrial(wanted: () => Trial | null): Resource<GapReport> & { asked: string } {
  const known = new Map<string, GapReport>()
  const asked = ref('')
  const now = computed(() => {
    const trial = wanted()
    return trial && itemsOf(trial.study).length ? JSON.stringify(trial) : ''
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    now,
    (text) => {
      clearTimeout(timer)
      if (!text || known.has(text)) asked.value = text
      else timer = setTimeout(() => (asked.value = text), PAUSE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  const resource = useResource<GapReport>(
    (signal) => (asked.value ? measure(known, asked.value, signal) : null),
    [asked],
  )
  return Object.assign(resource, { asked }) as unknown as Resource<GapReport> & { asked: string }
}

async function measure(known: Map<string, GapReport>, text: string, signal: AbortSignal): Promise<GapReport> {
  const found = known.get(text)
  if (found) return found
  const { upload: id, ...body } = JSON.parse(text) as Trial
  const report = await take(api.POST('/uploads/{id}/gaps', { params: { path: { id } }, body, signal }))
  const [oldest] = known.keys()
  if (known.size >= MOST && oldest !== undefined) known.delete(oldest)
  known.set(text, report)
  return report
}
