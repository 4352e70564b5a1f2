// Loads the client's own modules as Vite would, "@/…" and all, and lends them the little of a browser that they ask
// for when they are loaded. Vue comes from the same place for the module and its test, so that refs and scopes are
// shared.
import { after } from 'node:test'
import { createServer } from 'vite'

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

/** Globals for the module under test; before `load`. */
export function lend(values) {
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}

/** The exports of each path (under src, without extension) in turn. */
export async function load(...paths) {
  for (const [name, value] of Object.entries(browser)) if (!hasOwn(name)) lend({ [name]: value })
  const root = new URL('../../', import.meta.url).pathname
  const server = await createServer({
    root,
    configFile: `${root}vite.config.ts`,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
  })
  after(() => server.close()) // not before: a module may load others when it is called
  const modules = []
  for (const path of paths) modules.push(await server.ssrLoadModule(`/src/${path}.ts`))
  return modules
}

// Node has a navigator of its own from 21 on; the client reads its language alone.
const hasOwn = (name) => name !== 'navigator' && name in globalThis && globalThis[name] !== undefined
