// The one place that talks to the server. Every call either returns data or throws an ApiError made from the server's
// problem document; the sentences in it are the server's, already in the reader's language.
import createClient from 'openapi-fetch'
import type { paths, Problem } from '@/generated/api'
import { locale } from '@/i18n'
import { answered, suspect } from './connection'

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
    readonly retryAfter?: number,
  ) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`)
  }
  get code() {
    return this.problem.code
  }
  get field() {
    return this.problem.field
  }
  get hint() {
    return this.problem.hint
  }
  get offline() {
    return this.status === 0
  }
  /** Asking again may help: what the caller got wrong, or may not do, stays so. */
  get passing() {
    return this.offline || this.status === 429 || (this.status >= 500 && this.status !== 501)
  }
}

/** What may be done about a session that ended: true when it goes on, so that the request is sent once more. */
export type Revive = {
  /** Nobody is signed in (any more). */
  expired: () => Promise<boolean>
  /** A change was refused: perhaps only because somebody signed in anew in another tab. */
  replaced: () => Promise<boolean>
}

let csrfToken = ''
let revive: Revive = { expired: async () => false, replaced: async () => false }

export function setCsrfToken(token: string) {
  csrfToken = token
}
export function whenSessionEnds(handlers: Revive) {
  revive = handlers
}

export function requestHeaders(method: string): Record<string, string> {
  const headers: Record<string, string> = { 'Accept-Language': locale.value }
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken
  return headers
}

const SESSION = /^\/api\/v1\/(session|setup)$/ // where 401 is about the password, not the session

/** Whether it is worth sending again, now that the session goes on. */
async function goesOn(path: string, method: string, status: number): Promise<boolean> {
  if (SESSION.test(path)) return false
  if (status === 401) return revive.expired()
  return status === 403 && method !== 'GET' && revive.replaced()
}

/** Sends it, and once more when the session had ended and somebody signed in again. */
async function patient(request: Request): Promise<Response> {
  const again = request.clone()
  const response = await fetch(request)
  answered()
  if (!(await goesOn(new URL(request.url).pathname, request.method, response.status))) return response
  for (const [name, value] of Object.entries(requestHeaders(again.method))) again.headers.set(name, value)
  return fetch(again)
}

const client = createClient<paths>({ baseUrl: '/api/v1', credentials: 'same-origin', fetch: patient })
client.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(requestHeaders(request.method))) request.headers.set(name, value)
    return request
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined
    void suspect()
    return new ApiError(0, {})
  },
})
export const api = client

/** Unwraps an openapi-fetch answer: the data, or a thrown ApiError. */
export async function take<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer
  if (response.ok) return data as T
  throw refused(response, error)
}

function refused(response: Response, body: unknown): ApiError {
  const problem = typeof body === 'object' && body ? (body as Partial<Problem>) : {}
  const retry = Number(response.headers.get('Retry-After'))
  return new ApiError(response.status, problem, Number.isFinite(retry) && retry > 0 ? retry : undefined)
}

/** Sends a file as the raw body, reporting how much of it has left (0–1). */
export async function upload<T>(
  path: string,
  file: Blob,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await sendFile<T>(path, file, onProgress, signal)
  } catch (error) {
    const refusal = error instanceof ApiError ? error.status : 0
    if (!(await goesOn(`/api/v1${path}`, 'POST', refusal))) throw error
    return sendFile<T>(path, file, onProgress, signal)
  }
}

function sendFile<T>(path: string, file: Blob, onProgress: (share: number) => void, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1${path}`)
    for (const [name, value] of Object.entries(requestHeaders('POST'))) request.setRequestHeader(name, value)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onerror = () => {
      void suspect()
      reject(new ApiError(0, {}))
    }
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    request.onload = () => {
      let body: unknown
      try {
        body = JSON.parse(request.responseText)
      } catch {
        body = undefined
      }
      if (request.status >= 200 && request.status < 300) return resolve(body as T)
      reject(new ApiError(request.status, (body as Partial<Problem>) ?? {}))
    }
    signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
