// The one place that talks to the server. Every call either returns data or throws an ApiError made from the server's
// problem document; the sentences in it are the server's, already in the reader's language.
import createClient from 'openapi-fetch'
import type { paths, Problem } from '@/generated/api'
import { locale } from '@/i18n'

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
}

let csrfToken = ''
let onSignedOut: () => void = () => {}

export function setCsrfToken(token: string) {
  csrfToken = token
}
export function whenSignedOut(handler: () => void) {
  onSignedOut = handler
}

export function requestHeaders(method: string): Record<string, string> {
  const headers: Record<string, string> = { 'Accept-Language': locale.value }
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken
  return headers
}

const client = createClient<paths>({ baseUrl: '/api/v1', credentials: 'same-origin' })
client.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(requestHeaders(request.method))) request.headers.set(name, value)
    return request
  },
  onError({ error }) {
    return error instanceof DOMException && error.name === 'AbortError' ? undefined : new ApiError(0, {})
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
  if (response.status === 401) onSignedOut()
  const problem = typeof body === 'object' && body ? (body as Partial<Problem>) : {}
  const retry = Number(response.headers.get('Retry-After'))
  return new ApiError(response.status, problem, Number.isFinite(retry) && retry > 0 ? retry : undefined)
}

/** Sends a file as the raw body, reporting how much of it has left (0–1). */
export function upload<T>(
  path: string,
  file: Blob,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1${path}`)
    for (const [name, value] of Object.entries(requestHeaders('POST'))) request.setRequestHeader(name, value)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onerror = () => reject(new ApiError(0, {}))
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    request.onload = () => {
      let body: unknown
      try {
        body = JSON.parse(request.responseText)
      } catch {
        body = undefined
      }
      if (request.status >= 200 && request.status < 300) return resolve(body as T)
      if (request.status === 401) onSignedOut()
      reject(new ApiError(request.status, (body as Partial<Problem>) ?? {}))
    }
    signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
