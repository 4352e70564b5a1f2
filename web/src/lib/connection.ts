// Whether the server answers. One request without an answer is enough to ask; then one cheap question again and again
// (it names nobody, so that it keeps no session alive) until there is an answer. Everything that failed meanwhile
// waits for whenBack and goes on by itself.
import { reactive } from 'vue'

const ASK_MS = 1500
const PATIENCE_MS = 4000 // for one answer

export const connection = reactive({ away: false })

let asking = false
let timer: ReturnType<typeof setTimeout> | undefined
let waiting: (() => void)[] = []

/** A request had no answer. Says nothing yet: the server may be there all the same. */
export async function suspect() {
  if (asking) return
  asking = true
  const here = await ask()
  asking = false
  if (here) return answered()
  if (!connection.away) {
    connection.away = true
    globalThis.addEventListener?.('online', soon)
    globalThis.document?.addEventListener?.('visibilitychange', soon)
  }
  clearTimeout(timer)
  if (!globalThis.document?.hidden) timer = setTimeout(suspect, ASK_MS) // else when somebody looks again
}

/** The server answered something: it is here. */
export function answered() {
  clearTimeout(timer)
  if (connection.away) {
    connection.away = false
    globalThis.removeEventListener?.('online', soon)
    globalThis.document?.removeEventListener?.('visibilitychange', soon)
  }
  const ready = waiting
  waiting = []
  for (const go of ready) go()
}

/** Resolves when the server answers, after asking it at least once. */
export function whenBack(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (!connection.away) void suspect()
  })
}

function soon() {
  clearTimeout(timer)
  if (!globalThis.document?.hidden) void suspect()
}

async function ask(): Promise<boolean> {
  try {
    const options = { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(PATIENCE_MS) } as const
    return (await fetch('/healthz', options)).ok
  } catch {
    return false
  }
}
