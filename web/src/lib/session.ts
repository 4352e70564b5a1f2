// Who is signed in. One reactive value for the whole client; the server's cookie is the truth, this is its shadow.
import { computed, reactive } from 'vue'
import { api, ApiError, setCsrfToken, take } from './api'
import { callers, type LoginRequest, type Role, type Session, type SetupRequest } from '@/generated/api'
import { applyServerLocale } from '@/i18n'

type State = {
  phase: 'unknown' | 'setup' | 'out' | 'in' | 'unreachable'
  session: Session | null
  error: ApiError | null
}

export const state = reactive<State>({ phase: 'unknown', session: null, error: null })
export const user = computed(() => state.session?.user ?? null)
export const organisation = computed(() => state.session?.organisation ?? null)

/** What the server lets some roles do, by the name it has in the API's description. */
export type Operation = keyof typeof callers

/** Whether the server would let the signed-in user do this. Only hides what it would refuse anyway. */
export function may(operation: Operation): boolean {
  const roles: readonly Role[] = callers[operation]
  return !!user.value && roles.includes(user.value.role)
}

export function adopt(session: Session) {
  setCsrfToken(session.csrf_token)
  state.session = session
  state.phase = 'in'
  state.error = null
}

/** Finds out on start whether to set up, sign in, or go on. */
export async function begin() {
  try {
    const session = await take(api.GET('/session'))
    applyServerLocale(session.user.language)
    adopt(session)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.status !== 401 && error.status !== 403) return fail(error)
    try {
      state.phase = (await take(api.GET('/setup'))).needed ? 'setup' : 'out'
    } catch (second) {
      fail(second as ApiError)
    }
  }
}

function fail(error: ApiError) {
  state.phase = 'unreachable'
  state.error = error
}

export async function signIn(body: LoginRequest) {
  adopt(await take(api.POST('/session', { body })))
}

export async function setUp(body: SetupRequest) {
  adopt(await take(api.POST('/setup', { body })))
}

export async function signOut() {
  await take(api.DELETE('/session'))
  leave()
}

/** The session is over: on purpose, or because the server said so. */
export function leave() {
  state.session = null
  if (state.phase === 'in') state.phase = 'out'
  setCsrfToken('')
}
