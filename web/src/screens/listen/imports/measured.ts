// What follows from what is decided: which columns are in use, what is still open, and the gaps that the file would
// give; measured again a moment after each change.
import { computed, onBeforeUnmount, ref, watch, type Ref } from 'vue'
import { api, take } from '@/lib/api'
import { useResource } from '@/lib/resource'
import type { GapReport, Reading } from '@/generated/api'
import type { Document } from '@/screens/record/studies/document'
import type { DecidedState } from './decided'
import type { ImportFile } from './file'
import { openColumns } from './reading'
import { isRated, itemsOf, problemsOf, ratedIn, rolesOf, rowsOf, type Choice } from './roles'
import { orServqual } from './roles/servqual'
import { stepFacts, type Step } from './steps'
import type { Where } from './where'

const PAUSE_MS = 250 // after a change, before the gaps are measured again

export function useMeasured(file: ImportFile, where: Where, decided: DecidedState, step: Ref<Step>) {
  const { preview, reading } = file
  const { fields, study, letBe } = decided

  const used = computed<ReadonlySet<string>>(() =>
    where.isNew.value ? new Set(rolesOf(study.value ?? {}).keys()) : new Set(fields.value.mapping.map((m) => m.source)),
  )
  /** Those of them whose answers become numbers. */
  const rated = computed<ReadonlySet<string>>(() => {
    if (where.isNew.value) return ratedIn(study.value ?? {})
    const wanted = new Set((preview.data?.targets ?? []).filter((x) => isRated(x.role)).map((x) => x.column))
    return new Set(fields.value.mapping.filter((m) => wanted.has(m.target)).map((m) => m.source))
  })
  const problems = computed(() =>
    preview.data && where.isNew.value && study.value ? problemsOf(study.value, preview.data, letBe.value) : [],
  )
  const open = computed(() => {
    if (!preview.data) return { roles: 0, cells: 0, columns: 0 }
    const columns = openColumns(preview.data, used.value, reading.value)
    const cells = columns.reduce((sum, c) => sum + c.not_understood, 0)
    return { roles: problems.value.length, cells, columns: columns.filter((c) => !c.not_understood).length }
  })
  const steps = computed(() => stepFacts(step.value, preview.data, open.value))
  const pairs = computed(() =>
    preview.data && study.value
      ? rowsOf(study.value, preview.data, letBe.value).filter((row) => row.tab === 'pairs')
      : [],
  )

  /** What was decided a moment ago, so that not every keystroke is measured. */
  const wanted = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    [() => fields.value.document, reading, step, where.isNew, () => preview.data],
    () => {
      clearTimeout(timer)
      const seen = step.value === 'roles' || step.value === 'check'
      const worth = seen && where.isNew.value && preview.data && itemsOf(study.value ?? {}).length
      const now = worth ? JSON.stringify({ study: study.value, reading: reading.value }) : ''
      timer = setTimeout(() => (wanted.value = now || wanted.value), PAUSE_MS)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => clearTimeout(timer))
  const gaps = useResource<GapReport>(
    (signal) => {
      if (!wanted.value || !file.id.value) return null
      const body = JSON.parse(wanted.value) as { study: Document; reading: Reading }
      return take(api.POST('/uploads/{id}/gaps', { params: { path: { id: file.id.value } }, body, signal }))
    },
    [wanted, file.id],
  )
  return { used, rated, problems, open, steps, pairs, gaps, ...useChoices(study) }
}
export type Measured = ReturnType<typeof useMeasured>

/** Dimensions and touchpoints to choose from: the catalogue's (where it has no dimensions the five that every
 * industry knows), and the study's own. */
function useChoices(study: Ref<Document | null>) {
  const dimensions = useResource(() => take(api.GET('/dimensions')))
  const touchpoints = useResource(() => take(api.GET('/touchpoints')))
  function choices(known: Choice[] | undefined, key: string): Choice[] {
    const own = study.value?.[key]
    const all = [...(Array.isArray(own) ? (own as Choice[]) : []), ...(known ?? [])]
    const plain = all.map(({ code, label, stage }) => ({
      code,
      ...(label ? { label } : {}),
      ...(stage ? { stage } : {}),
    }))
    return plain.filter((one, i) => plain.findIndex((other) => other.code === one.code) === i)
  }
  return {
    dimensions: computed(() => choices(orServqual(dimensions.data?.dimensions), 'dimensions')),
    touchpoints: computed(() => choices(touchpoints.data?.touchpoints, 'touchpoints')),
  }
}
