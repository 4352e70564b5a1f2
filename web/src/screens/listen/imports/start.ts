// The import itself: checked by a dry run while the last step is on the screen, then begun. Refused, it says why beside
// the document where it is about the document.
import { computed, ref, watch, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { api, ApiError, take } from '@/lib/api'
import { explain } from '@/lib/toast'
import type { ImportCreate } from '@/generated/api'
import { readDocument, refusal, type Wrong } from '@/screens/record/studies/document'
import { byId, knownIn, needsAgain } from './check'
import type { DecidedState } from './decided'
import { useDryRun } from './dryrun'
import type { ImportFile } from './file'
import { lastOf } from './last'
import { requestOf } from './request'
import type { Step } from './steps'
import type { Where } from './where'

/** What was refused and why: beside the document where it is about the document. */
function useRefusal(file: ImportFile, where: Where, { fields }: DecidedState) {
  const wrong = ref('')
  const refused = ref<Wrong | null>(null) // of the new study's document
  const duplicate = ref(false) // the server has said that the file is there already
  function forget() {
    wrong.value = ''
    refused.value = null
  }
  watch(() => [file.preview.data, fields.value.document], forget) // what was said is of what stood there before

  /** Whether it is about the new study's document. */
  function ofDocument(error: unknown): boolean {
    const why = refusal(fields.value.document, error)
    if (!where.isNew.value || !(why.taken || why.line)) return false
    refused.value = why
    return true
  }
  function refuse(error: unknown) {
    if (!ofDocument(error)) wrong.value = explain(error)
    duplicate.value = error instanceof ApiError && error.code === 'conflict'
  }
  /** The document's text is none: says where. */
  function refuseText() {
    const read = readDocument(fields.value.document)
    if ('wrong' in read) refused.value = read.wrong
  }
  return { wrong, refused, duplicate, forget, ofDocument, refuse, refuseText }
}

export function useStart(file: ImportFile, where: Where, decided: DecidedState, step: Ref<Step>) {
  const router = useRouter()
  const { fields, study, waveColumn, ready, draft } = decided
  const { wrong, refused, duplicate, forget, ofDocument, refuse, refuseText } = useRefusal(file, where, decided)
  const again = ref(false)
  const busy = ref(false)

  /** Of the study's last import, where this one says none: an id is told within its wave, so all its ids look new. */
  const lastWave = computed(() =>
    where.isNew.value || waveColumn.value || fields.value.wave ? undefined : lastOf(file.preview.data)?.wave,
  )
  const request = computed<ImportCreate | null>(() =>
    requestOf({
      upload: file.id.value,
      study: where.isNew.value ? null : (where.target.value?.id ?? ''),
      document: study.value,
      mapping: fields.value.mapping,
      reading: file.reading.value,
      wave: waveColumn.value ? '' : fields.value.wave,
      skip: fields.value.skip,
      existing: fields.value.existing,
      again: again.value,
    }),
  )
  const seen = computed(() => step.value === 'check' && ready.value && !!file.preview.data?.rows)
  const { check, current } = useDryRun(request, seen)
  const asLast = computed<ImportCreate | null>(() => {
    const asked = request.value
    const allNew = check.data && !byId(check.data) && asked?.existing !== 'add'
    return asked && allNew && lastWave.value ? { ...asked, wave: lastWave.value } : null
  })
  const { check: checkAsLast } = useDryRun(asLast, seen)
  const known = computed(() => (asLast.value ? knownIn(lastWave.value, check.data, checkAsLast.data) : null))
  /** It would be refused as long as nobody says that the same answers may come once more. */
  const held = computed(() => current.value && !!check.data && needsAgain(check.data) && !again.value)

  watch(
    () => check.error,
    (error) => error && ofDocument(error),
  )

  async function start() {
    forget()
    if (!request.value) return refuseText()
    busy.value = true
    try {
      const job = await take(api.POST('/imports', { body: request.value }))
      draft.sent()
      await router.push({ name: 'import', params: { id: job.id } })
    } catch (error) {
      refuse(error)
    } finally {
      busy.value = false
    }
  }
  return { again, duplicate, wrong, refused, busy, check, current, held, known, start }
}
