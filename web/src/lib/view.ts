// What every screen of numbers looks at: study, wave, filters. Read from the address, completed from the server's
// lists. Now means the same everywhere: without a wave in the address it is the newest, by its name; all waves
// together are asked for (`wave=*`).
import { computed, inject, type Ref, reactive, watch, type InjectionKey } from 'vue'
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

/** What stands in the address, and in a call of the API, for all waves together. */
export const ALL_WAVES = '*'

const CATCH_UP_MS = 500
const CATCH_UP_TRIES = 20
const JUST_NOW_MS = 60_000

type Looked = { study: Readonly<Ref<Study | null>>; chosen: Readonly<Ref<boolean>> }

/** Reads numbers of a study that has answers. A study's very first answers take a moment to reach the analysis: till
 * then it asks again. Whatever else the server can't answer stays so: filters that leave nothing, and what names a
 * place in the study's document, as weights that don't count. */
export async function analysed<T>(signal: AbortSignal, view: Looked, load: () => Promise<T>): Promise<T> {
  const last = Date.parse(view.study.value?.last_received_at ?? '')
  const fresh = Math.abs(Date.now() - last) < JUST_NOW_MS && !view.chosen.value
  for (let tries = 1; ; tries++) {
    try {
      return await load()
    } catch (error) {
      const early = error instanceof ApiError && error.code === 'inestimable' && !error.field && fresh
      if (!early || tries === CATCH_UP_TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, CATCH_UP_MS))
      signal.throwIfAborted()
    }
  }
}

export function useView() {
  const { param, texts, patch } = useQuery()
  const studyCode = param('study')
  const wave = param('wave')
  const filterParam = param('filter')
  const given = computed(() => texts('filter').join(';'))
  const filter = computed<Filter>(() => parseFilter(given.value))
  /** As the server is asked: what it can't read, it says. */
  const filterText = computed({
    get: () => formatFilter(filter.value) || given.value,
    set: (text) => (filterParam.value = text),
  })

  const list = useResource<Study[]>(() => (studies.list ? Promise.resolve(studies.list) : loadStudies()))
  /** Without a study in the address it is the newest; one that isn't there is none. */
  const study = computed(() => studies.list?.find((s) => !studyCode.value || s.code === studyCode.value) ?? null)
  /** The code in the address that no study has. */
  const unknown = computed(() => (studies.list && studyCode.value && !study.value ? studyCode.value : ''))
  const id = computed(() => study.value?.id ?? '')
  const answers = computed(() => study.value?.responses ?? 0)
  /** Something is left out: a wave or a filter is chosen. */
  const chosen = computed(() => !!wave.value || !!filterText.value)
  /** Values to filter by are counted in the wave that is looked at. */
  const counted = computed(() => ({ wave: wave.value || undefined }))
  const facets = useResource<Facets>(
    (signal) =>
      id.value && answers.value
        ? analysed(signal, { study, chosen }, () =>
            take(api.GET('/studies/{id}/facets', { params: { path: { id: id.value }, query: counted.value }, signal })),
          )
        : null,
    [id, answers, counted],
  )

  const newest = computed(() => facets.data?.waves.at(-1)?.value ?? '')
  /** The wave looked at: a name, ALL_WAVES, or '' where the study has none. */
  const shownWave = computed(() => wave.value || newest.value)
  /** The query that every analysis call carries; null until it is known which wave is the newest. */
  const query = computed(() => {
    if (!wave.value && !facets.data) return null
    return { wave: shownWave.value || undefined, filter: filterText.value || undefined }
  })

  /** The same for the overview, whose own newest wave it is where the address names none. */
  const asked = computed(() => ({ wave: wave.value || undefined, filter: filterText.value || undefined }))
  /** What goes along from screen to screen. */
  const carried = computed(() => {
    const set = { study: studyCode.value, wave: wave.value, filter: filterText.value }
    return Object.fromEntries(Object.entries(set).filter(([, value]) => value))
  })

  function clear() {
    patch({ wave: undefined, filter: undefined })
  }

  function setFilter(code: string, values: string[]) {
    filterText.value = formatFilter({ ...filter.value, [code]: values })
  }
  function setStudy(code: string) {
    patch({ study: code, wave: undefined, filter: undefined, by: undefined, pick: undefined, outcome: undefined }, true)
  }
  return {
    ...{ list, study, unknown, id, answers, wave, newest, shownWave, filter, filterText, facets, query },
    ...{ asked, carried, chosen, clear, setFilter, setStudy, param, patch },
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
