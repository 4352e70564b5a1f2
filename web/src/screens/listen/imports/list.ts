// The imports that are shown, and the choices to narrow them by.
import type { Import } from '@/generated/api'

export type Chosen = { states: string[]; study: string; text: string }

/** `studyOf`: a study's code by its id. */
export function narrowed(
  imports: Import[],
  { states, study, text }: Chosen,
  studyOf: (id: string) => string,
): Import[] {
  const words = text.trim().toLowerCase()
  return imports.filter(
    (one) =>
      (!states.length || states.includes(one.state)) &&
      (!study || studyOf(one.study_id) === study) &&
      (!words || one.name.toLowerCase().includes(words)),
  )
}

/** The states that there are, with how many each has. */
export function statesOf(imports: Import[]): { state: Import['state']; n: number }[] {
  const states = ['running', 'done', 'failed', 'cancelled', 'undone'] as const
  return states
    .map((state) => ({ state, n: imports.filter((one) => one.state === state).length }))
    .filter(({ n }) => n > 0)
}

/** What it brought and is in the study: of an import that was stopped, cut off or undone, nothing. */
export const broughtBy = (one: Import): number | null => (one.state === 'done' ? one.imported : null)
