// What is decided about a file: for each place its answers may go the columns or the new study, how it is read, which
// problems are let be. All of it is kept in a draft, so that a reload loses nothing; past.ts takes acts back, carry.ts
// takes decisions over to another file.
import { computed, ref, watch, type Ref } from 'vue'
import { same, useDraft } from '@/lib/draft'
import type { Mapping, Preview, Reading } from '@/generated/api'
import { readDocument, type Document } from '@/screens/record/studies/document'
import { useCarry } from './carry'
import type { ImportFile } from './file'
import { usePast } from './past'
import type { Existing } from './request'
import { emptyStudy } from './roles'
import { NEW, type Where } from './where'

export type Fields = { mapping: Mapping[]; document: string; wave: string; skip: boolean; existing?: Existing }
/** What stands in the form for each target of this file: an id of a study, or NEW. */
type Typed = Record<string, Fields>
/** What a draft keeps. */
export type Decided = { targets: Typed; reading: Reading; settled: string[] }

export const write = (document: Document) => JSON.stringify(document, null, 2)

function mappingOf(data: Preview | null): Mapping[] {
  return (data?.columns ?? []).filter((c) => c.target).map((c) => ({ source: c.name, target: c.target! }))
}
function proposal(data: Preview | null): Fields {
  const document = data ? write(data.proposed_study ?? emptyStudy(data)) : ''
  return { mapping: mappingOf(data), document, wave: '', skip: false }
}

function useForm(file: ImportFile, where: Where) {
  const { preview, reading } = file
  const shown = ref(NEW) // the target that the preview at hand is of
  const typed = ref<Typed>({ [NEW]: proposal(null) })
  const bases = ref<Typed>({ ...typed.value })
  const settled = ref<string[]>([]) // problems that somebody let be
  const fields = computed(() => typed.value[shown.value] ?? proposal(null))

  watch(file.id, () => {
    typed.value = { [NEW]: proposal(null) }
    bases.value = { ...typed.value }
    shown.value = NEW
    reading.value = {}
    settled.value = []
  })
  // Another target has fields of its own: what was typed for the first is there when it is chosen again.
  watch(
    () => preview.data,
    (data) => {
      if (!data) return
      const key = where.key.value
      const untouched = same(typed.value[key], bases.value[key])
      bases.value[key] = proposal(data)
      if (untouched) typed.value[key] = proposal(data)
      shown.value = key
    },
  )
  const decided = (): Decided => ({ targets: typed.value, reading: reading.value, settled: settled.value })
  function put(kept: Decided) {
    typed.value = { ...bases.value, ...kept.targets }
    reading.value = kept.reading ?? {}
    settled.value = kept.settled ?? []
  }
  const draft = useDraft<Decided>({
    name: () => (preview.data ? `import/${file.id.value}` : ''),
    value: decided,
    original: () => ({ targets: bases.value, reading: {}, settled: [] }),
    put: (kept) => {
      bases.value = { ...kept.original.targets, ...bases.value }
      put(kept.value)
    },
  })
  return { shown, fields, settled, decided, put, draft }
}
export type Form = ReturnType<typeof useForm>

/** The file's column that says each row's wave, by the mapping or the new study's document; '': there is none. */
function waveOf(where: Where, preview: Preview | null, study: Document | null, mapping: Mapping[]): string {
  if (where.isNew.value) {
    const wave = study?.wave
    return typeof wave === 'string' && preview?.columns.some((c) => c.name === wave) ? wave : ''
  }
  const waves = new Set((preview?.targets ?? []).filter((x) => x.role === 'wave').map((x) => x.column))
  return mapping.find((m) => waves.has(m.target))?.source ?? ''
}

export function useDecided(file: ImportFile, where: Where) {
  const form = useForm(file, where)
  const { fields } = form
  /** The new study; null while its text is none. */
  const study: Ref<Document | null> = computed(() => {
    const read = readDocument(fields.value.document || '{}')
    return 'document' in read ? read.document : null
  })
  const waveColumn = computed(() => waveOf(where, file.preview.data, study.value, fields.value.mapping))
  /** What stands in the form is of the target chosen, and something is mapped. */
  const ready = computed(
    () => form.shown.value === where.key.value && (where.isNew.value || fields.value.mapping.length > 0),
  )
  const past = usePast(file, form, study)
  return { fields, study, waveColumn, ready, draft: form.draft, ...past, ...useCarry(file, form, past.remember) }
}
export type DecidedState = ReturnType<typeof useDecided>
