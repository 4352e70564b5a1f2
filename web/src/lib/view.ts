// What every screen of numbers looks at: study, wave, filters. Read from the address, completed from the server's
// lists.
import { computed, inject, reactive, watch, type InjectionKey } from 'vue'
import { useQuery, parseFilter, formatFilter, type Filter } from './query'
import { api, ApiError, take } from './api'
import { useResource } from './resource'
import type { Facets, Study } from '@/generated/api'
import { state } from './session'

/** Studies are few and used on every screen: read once, again after a change. */
export const studies = reactive<{ list: Study[] | null }>({ list: null })

export async function loadStudies(): Promise<Study[]> {
  const { studies: list } = await take(api.GET('/studies'))
  studies.list = list
  return list
}
watch(
  () => state.phase,
  (phase) => phase !== 'in' && (studies.list = null),
)

const CATCH_UP_MS = 500
const CATCH_UP_TRIES = 20
const JUST_NOW_MS = 60_000

/** Reads numbers of a study that has answers. A study's very first answers take a moment to reach the analysis: till
 * then it asks again. Whatever else the server can't answer, filters that leave nothing above all, stays so. */
export async function analysed<T>(signal: AbortSignal, view: View, load: () => Promise<T>): Promise<T> {
  const last = Date.parse(view.study.value?.last_response_at ?? '')
  const fresh = Math.abs(Date.now() - last) < JUST_NOW_MS && !view.chosen.value
  for (let tries = 1; ; tries++) {
    try {
      return await load()
    } catch (error) {
      const early = error instanceof ApiError && error.code === 'inestimable' && fresh
      if (!early || tries === CATCH_UP_TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, CATCH_UP_MS))
      signal.throwIfAborted()
    }
  }
}

export function useView() {
  const { param, patch } = useQuery()
  const studyCode = param('study')
  const wave = param('wave')
  const filterText = param('filter')

  const list = useResource<Study[]>(() => (studies.list ? Promise.resolve(studies.list) : loadStudies()))
  const study = computed(() => studies.list?.find((s) => s.code === studyCode.value) ?? studies.list?.[0] ?? null)
  const id = computed(() => study.value?.id ?? '')
  const answers = computed(() => study.value?.responses ?? 0)
  const facets = useResource<Facets>(
    (signal) =>
      id.value ? take(api.GET('/studies/{id}/facets', { params: { path: { id: id.value } }, signal })) : null,
    [id, answers],
  )
  const filter = computed<Filter>(() => parseFilter(filterText.value))

  /** The query every analysis call carries. */
  const query = computed(() => ({ wave: wave.value || undefined, filter: filterText.value || undefined }))

  /** Something is left out: a wave or a filter is chosen. */
  const chosen = computed(() => !!wave.value || !!filterText.value)
  function clear() {
    patch({ wave: undefined, filter: undefined })
  }

  function setFilter(code: string, values: string[]) {
    filterText.value = formatFilter({ ...filter.value, [code]: values })
  }
  function setStudy(code: string) {
    patch({ study: code, wave: undefined, filter: undefined, by: undefined, pick: undefined, outcome: undefined })
  }
  return {
    list,
    study,
    id,
    answers,
    wave,
    filter,
    filterText,
    facets,
    query,
    chosen,
    clear,
    setFilter,
    setStudy,
    param,
    patch,
  }
}
export type View = ReturnType<typeof useView>

export const viewKey: InjectionKey<View> = Symbol('view')

/** The view of the shell around the calling screen. */
export function injectView(): View {
  const view = inject(viewKey)
  if (!view) throw new Error('a screen outside the shell has no view')
  return view
}
