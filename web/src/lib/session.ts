// Who is signed in. One reactive value for the whole client; the server's cookie is the truth, this is its shadow.
import { computed, reactive } from 'vue'
import { api, ApiError, setCsrfToken, take } from './api'
import { callers, type LoginRequest, type Role, type Session, type SetupRequest } from '@/generated/api'
import { applyServerLocale } from '@/i18n'

type State = {
  phase: 'unknown' | 'setup' | 'out' | 'in' | 'unreachable'
  session: Session | null
  error: ApiError | null
  /** The session ended while somebody works: the page stays, and the password is asked for over it. */
  expired: boolean
}

export const state = reactive<State>({ phase: 'unknown', session: null, error: null, expired: false })
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
  await take(api.DELETE('/session')).catch((error) => {
    if (!(error instanceof ApiError) || error.status !== 401) throw error // it had ended already
  })
  leave()
}

/** The session is over, and so is what stands on the page. */
export function leave() {
  state.session = null
  if (state.phase === 'in') state.phase = 'out'
  setCsrfToken('')
  settle(false)
}

// --- a session that ended while somebody works ---
// All requests that it stopped wait for one answer: signed in again as the same person, or not.

let waiting: Promise<boolean> | null = null
let goOn: (again: boolean) => void = () => {}

function settle(again: boolean) {
  state.expired = false
  waiting = null
  goOn(again)
}

/** Resolves when the same person has signed in again (true), or somebody gave up (false). */
export function expired(): Promise<boolean> {
  if (state.phase !== 'in') return Promise.resolve(false)
  state.expired = true
  waiting ??= new Promise((resolve) => (goOn = resolve))
  return waiting
}

export async function signInAgain(password: string) {
  await signIn({ email: user.value!.email, password })
  settle(true)
}

/** Whether somebody signed in anew in another tab: the same person goes on here too, another begins afresh. */
export async function replaced(): Promise<boolean> {
  const before = state.session
  try {
    const now = await take(api.GET('/session'))
    if (!before || now.csrf_token === before.csrf_token) return false
    if (now.user.id !== before.user.id) leave()
    adopt(now)
    if (state.expired) settle(true)
    return now.user.id === before.user.id
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}
