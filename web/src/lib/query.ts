// The view state lives in the address bar and nowhere else, so that an address is a view and can be shared.
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export function useQuery() {
  const route = useRoute()
  const router = useRouter()
  let pending: Record<string, string | undefined> | null = null
  let asStep = false

  /** Sets several keys at once; a value equal to '' or undefined leaves the address. `push`: a step that the way back
   * undoes; it is one step however many changes come together. */
  function patch(changes: Record<string, string | undefined>, push = false) {
    asStep ||= push
    if (pending) {
      Object.assign(pending, changes)
      return
    }
    pending = { ...changes }
    queueMicrotask(() => {
      const query: Record<string, string> = {}
      for (const [key, value] of Object.entries({ ...route.query, ...pending }))
        if (typeof value === 'string' && value !== '') query[key] = value
      const step = asStep
      pending = null
      asStep = false
      void router[step ? 'push' : 'replace']({ query })
    })
  }

  /** A key that stands several times in the address, as "filter=a&filter=b" does: its texts, in turn. */
  function texts(key: string): string[] {
    const given = route.query[key]
    return (Array.isArray(given) ? given : [given]).filter((text) => typeof text === 'string')
  }

  /** One key of the address as a value. Setting it is a choice of the reader's, so the way back undoes it. */
  function param(key: string, fallback = ''): WritableComputedRef<string> {
    return computed({
      get: () => (typeof route.query[key] === 'string' ? (route.query[key] as string) : fallback),
      set: (value) => patch({ [key]: value === fallback ? undefined : value }, true),
    })
  }

  return { param, texts, patch }
}

// `filter=group:value,value;group:value`: commas, colons and semicolons inside a value are percent-encoded. A group
// that stands twice has the values of both.
export type Filter = Record<string, string[]>

export function parseFilter(source: string): Filter {
  const filter = new Map<string, string[]>() // a code may be called “constructor”
  for (const part of source.split(';')) {
    const at = part.indexOf(':')
    if (at < 1) continue
    const code = decode(part.slice(0, at))
    const values = part
      .slice(at + 1)
      .split(',')
      .filter(Boolean)
      .map(decode)
    filter.set(code, [...new Set([...(filter.get(code) ?? []), ...values])])
  }
  return Object.fromEntries(filter)
}

export function formatFilter(filter: Filter): string {
  return Object.entries(filter)
    .filter(([, values]) => values.length)
    .map(([code, values]) => `${encode(code)}:${values.map(encode).join(',')}`)
    .join(';')
}

function encode(value: string): string {
  return value.replace(/[%,:;]/g, (mark) => encodeURIComponent(mark))
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
