// Acts on what is decided, and the way back: every change of the document, the reading, the problems let be is
// remembered before it is done; Ctrl Z outside a text field takes it back, after another step too.
import { computed, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'
import { same } from '@/lib/draft'
import type { Reading } from '@/generated/api'
import type { Document } from '@/screens/record/studies/document'
import { write, type Form } from './decided'
import type { ImportFile } from './file'

const PAST_MOST = 100
type Past = { document: string; reading: Reading; settled: string[] }

export function usePast(file: ImportFile, { fields, settled }: Form, study: Ref<Document | null>) {
  const { reading } = file
  const past = ref<Past[]>([])
  watch(file.id, () => (past.value = []))

  let fresh = true
  /** Once for all that one act changes. */
  function remember() {
    if (!fresh) return
    fresh = false
    void Promise.resolve().then(() => (fresh = true))
    const now = { document: fields.value.document, reading: reading.value, settled: settled.value }
    past.value = [...past.value, now].slice(-PAST_MOST)
  }
  function undo() {
    const before = past.value.at(-1)
    if (!before) return
    past.value = past.value.slice(0, -1)
    fields.value.document = before.document
    if (!same(before.reading, reading.value)) reading.value = before.reading
    settled.value = before.settled
  }
  function pressed(event: KeyboardEvent) {
    const inText = event.target instanceof HTMLElement && event.target.closest('input, textarea')
    if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || inText) return
    event.preventDefault()
    undo()
  }
  onMounted(() => window.addEventListener('keydown', pressed))
  onBeforeUnmount(() => window.removeEventListener('keydown', pressed))

  /** A value whose every change is remembered. */
  const act = <T>(get: () => T, set: (value: T) => void) =>
    computed<T>({
      get,
      set: (value) => {
        remember()
        set(value)
      },
    })
  const document = act<Document>(
    () => study.value ?? {},
    (made) => (fields.value.document = write(made)),
  )
  const told = act<Reading>(
    () => reading.value,
    (next) => (reading.value = next),
  )
  const letBe = act<string[]>(
    () => settled.value,
    (keys) => (settled.value = keys),
  )
  return { past, remember, undo, document, told, letBe }
}
