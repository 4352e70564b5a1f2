// How the server fares, read once for the menu's hint and the System screen. For the hint it is read again on the way
// from screen to screen, not by a clock: a clock would keep a session that nobody uses from ending.
import { inject, watch, type InjectionKey } from 'vue'
import { useRoute } from 'vue-router'
import type { System } from '@/generated/api'
import { api, take } from './api'
import { useResource, type Resource } from './resource'
import { may } from './session'

const FRESH_MS = 20_000

export type Care = Resource<System>
export const careKey: InjectionKey<Care> = Symbol('care')

export function useCare(): Care {
  const route = useRoute()
  let read = 0
  const care = useResource<System>((signal) => {
    if (!may('getSystem')) return null
    read = Date.now()
    return take(api.GET('/system', { signal }))
  })
  watch(
    () => route.name,
    () => Date.now() - read > FRESH_MS && void care.reload(),
  )
  return care
}

export function injectCare(): Care {
  const care = inject(careKey)
  if (!care) throw new Error('a screen outside the shell has no care')
  return care
}
