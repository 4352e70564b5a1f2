// Loads the client's own modules as Vite would, "@/…" and all, and lends them the little of a browser that they ask
// for when they are loaded. Vue comes from the same place for the module and its test, so that refs and scopes are
// shared.
import { after } from 'node:test'
import { createServer } from 'vite'

const root = new URL('../../', import.meta.url).pathname
// Before a test lends a document: Vite would take itself to be in a browser.
const server = await createServer({
  root,
  configFile: `${root}vite.config.ts`,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true, include: [] },
})
after(() => server.close()) // not before: a module may load others when it is called

const store = new Map()
const browser = {
  localStorage: {
    getItem: (key) => store.get(key) ?? null,
    setItem: (key, value) => store.set(key, String(value)),
    removeItem: (key) => store.delete(key),
  },
  navigator: { language: 'en-GB' },
}

/** A target of events whose listeners the test calls and counts: fire(name, event), listeners(name). */
export function eventTarget(more = {}) {
  const listeners = new Map()
  const of = (name) => listeners.get(name) ?? new Set()
  return Object.assign(more, {
    addEventListener: (name, run) => listeners.set(name, of(name).add(run)),
    removeEventListener: (name, run) => of(name).delete(run),
    fire: (name, event = {}) => [...of(name)].forEach((run) => run(event)),
    listeners: (name) => of(name).size,
  })
}

/** Time that the test moves on itself: tick(ms) runs what falls due, pending() counts what waits. After `load`. */
export function ownTime() {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout }
  let now = 0
  let next = 1
  const waiting = new Map()
  lend({
    setTimeout: (run, ms = 0) => (waiting.set(next, { run, at: now + ms }), next++),
    clearTimeout: (id) => waiting.delete(id),
  })
  after(() => lend(real))
  const first = () => [...waiting].filter(([, timer]) => timer.at <= now).sort(([, a], [, b]) => a.at - b.at)[0]
  return {
    pending: () => waiting.size,
    async tick(ms) {
      now += ms
      for (let due = first(); due; due = first()) {
        waiting.delete(due[0])
        due[1].run()
        await settled()
      }
      await settled()
    },
  }
}

/** Lets what has been promised be done. */
export async function settled() {
  for (let i = 0; i < 50; i++) await null
}

/** A server that the test plays: answers["GET /session"] is [status, body, headers] or a function that gives it. */
export function playServer(answers) {
  const asked = []
  lend({
    Request: class extends Request {
      constructor(url, options) {
        super(new URL(url, 'http://mindgap.test'), options)
      }
    },
    fetch: async (request) => {
      const path = new URL(request.url).pathname.replace('/api/v1', '')
      asked.push({ path, request })
      const answer = answers[`${request.method} ${path}`]
      const [status, body, headers] = typeof answer === 'function' ? answer() : (answer ?? [404, {}])
      if (status === 0) throw new TypeError('no network')
      const content = body === undefined ? null : JSON.stringify(body)
      return new Response(content, { status, headers: { 'Content-Type': 'application/json', ...headers } })
    },
  })
  return asked
}

/** Globals for the module under test; before `load`. */
export function lend(values) {
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}

/** The exports of each path (under src, without extension where it is .ts) in turn. */
export async function load(...paths) {
  for (const [name, value] of Object.entries(browser)) if (!hasOwn(name)) lend({ [name]: value })
  const modules = []
  for (const path of paths)
    modules.push(await server.ssrLoadModule(`/src/${/\.\w+$/.test(path) ? path : `${path}.ts`}`))
  return modules
}

// Node has a navigator of its own from 21 on; the client reads its language alone.
const hasOwn = (name) => name !== 'navigator' && name in globalThis && globalThis[name] !== undefined
