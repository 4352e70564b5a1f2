// The file of an import: sent, known by its upload in the address, and read by the server as somebody says. Going to
// another file leaves the first where it is: the way back to it stays open.
import { computed, ref } from 'vue'
import { api, ApiError, take, upload } from '@/lib/api'
import { useQuery } from '@/lib/query'
import { locale } from '@/i18n'
import { useResource } from '@/lib/resource'
import { explain } from '@/lib/toast'
import { loadStudies, studies } from '@/lib/view'
import type { Preview, Reading, Upload } from '@/generated/api'
import type { Where } from './where'

export function useFile(where: Where) {
  const { param, patch } = useQuery()
  const id = param('upload')
  const before = param('before') // the upload that was left for another
  const reading = ref<Reading>({}) // what somebody says of the file
  const list = useResource(() => loadStudies())
  /** The file as the server reads it, for a study or without one. */
  const preview = useResource<Preview>(
    (signal) => {
      if (!id.value || !studies.list) return null
      const study = where.isNew.value ? undefined : where.target.value?.id
      const path = { id: id.value }
      if (!Object.keys(reading.value).length)
        return take(api.GET('/uploads/{id}/preview', { params: { path, query: { study } }, signal }))
      const body = { study, reading: reading.value }
      return take(api.POST('/uploads/{id}/preview', { params: { path }, body, signal }))
    },
    [id, where.target, where.into, () => list.data, reading, locale], // reasons and notes are the server's sentences
  )

  const sent = ref<number | null>(null)
  const wrong = ref('')
  const unsent = ref<File | null>(null) // may go the next time
  let controller: AbortController | null = null
  async function send(file: File) {
    wrong.value = ''
    unsent.value = null
    sent.value = 0
    controller = new AbortController()
    try {
      const path = `/uploads?name=${encodeURIComponent(file.name)}`
      const done = await upload<Upload>(path, file, (share) => (sent.value = share), controller.signal)
      patch({ upload: done.id, before: undefined })
    } catch (error) {
      if (controller.signal.aborted) return
      wrong.value = explain(error)
      if (error instanceof ApiError && error.passing) unsent.value = file
    } finally {
      sent.value = null
    }
  }
  const stop = () => controller?.abort()
  const another = () => patch({ upload: undefined, step: undefined, before: id.value || undefined }, true)
  const back = () => patch({ upload: before.value, before: undefined }, true)
  const left = computed(() => (id.value ? '' : before.value))
  return { id, reading, preview, sent, wrong, unsent, send, stop, another, back, left }
}
export type ImportFile = ReturnType<typeof useFile>
