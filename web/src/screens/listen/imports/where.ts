// Where a file's answers go: a study that is there, or a new one that the import makes. The choice is in the address.
import { computed } from 'vue'
import { useQuery } from '@/lib/query'
import { studies } from '@/lib/view'

/** In the address and among what was decided: the study that is made. */
export const NEW = 'new'

export function useWhere() {
  const { param } = useQuery()
  const studyCode = param('study')
  const into = param('into')
  const target = computed(() => studies.list?.find((s) => s.code === (into.value || studyCode.value)) ?? null)
  const isNew = computed(() => into.value === NEW || !target.value)
  /** What is decided is kept under it: the study's id, or NEW. */
  const key = computed(() => (isNew.value ? NEW : (target.value?.id ?? NEW)))
  return { into, target, isNew, key }
}
export type Where = ReturnType<typeof useWhere>
