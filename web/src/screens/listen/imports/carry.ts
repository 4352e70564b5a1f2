// Going to another file, a mended one most often, loses nothing: what was decided for the first is offered for the next
// that has all of its columns.
import { computed, ref } from 'vue'
import type { Preview } from '@/generated/api'
import type { Decided, Form } from './decided'
import type { ImportFile } from './file'

export type Carried = { name: string; columns: string[]; decided: Decided }
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** The file has every column that the decisions were made for. */
export function fits(carried: Carried | null, data: Preview | null): boolean {
  const there = new Set(data?.columns.map((column) => column.name))
  return !!carried && !!data && carried.columns.every((name) => there.has(name))
}

export function useCarry(file: ImportFile, form: Form, remember: () => void) {
  const { preview } = file
  const carried = ref<Carried | null>(null)

  /** Before another file comes; where nothing was decided, what was carried before stays. */
  function carry() {
    const data = preview.data
    if (!data || !form.draft.changed.value) return
    const columns = data.columns.map((column) => column.name)
    carried.value = copy({ name: data.upload.name, columns, decided: form.decided() })
  }
  const carriable = computed(() => (fits(carried.value, preview.data) ? carried.value : null))
  function takeOver() {
    if (!carriable.value) return
    remember()
    form.put(copy(carriable.value.decided))
    carried.value = null
  }
  const discard = () => (carried.value = null)
  return { carry, carriable, takeOver, discard }
}
