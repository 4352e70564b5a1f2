// Where and why a text isn't JSON, in words of ours: the browsers' own messages are in English, and not all say where.
export type Fault = { at: number; why: 'value' | 'key' | 'colon' | 'comma' | 'text' | 'escape' | 'end' | 'more' }

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const TEXT = /"(?:[ !#-[\]-\u{10FFFF}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy
const TEXT_BEGUN = /"(?:[ !#-[\]-\u{10FFFF}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/uy
const SPACE = /[ \t\r\n]*/y

class Found extends Error {
  constructor(readonly fault: Fault) {
    super(fault.why)
  }
}

/** The first fault; null: it is JSON. */
export function faultOf(source: string): Fault | null {
  let at = 0
  const fail = (why: Fault['why'], where = at): never => {
    throw new Found({ at: Math.min(where, source.length), why: where >= source.length && why !== 'text' ? 'end' : why })
  }
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.test(source)
    if (found) at = pattern.lastIndex
    return found
  }
  const skip = () => void take(SPACE)

  function text() {
    if (take(TEXT)) return
    const start = at
    take(TEXT_BEGUN)
    if (source[at] === '\\') fail('escape')
    fail('text', start)
  }
  function members(close: '}' | ']', member: () => void) {
    at++
    skip()
    if (source[at] === close) return void at++
    for (;;) {
      member()
      skip()
      if (source[at] === close) return void at++
      if (source[at] !== ',') fail('comma')
      at++
      skip()
    }
  }
  function pair() {
    if (source[at] !== '"') fail('key')
    text()
    skip()
    if (source[at] !== ':') fail('colon')
    at++
    value()
  }
  function value() {
    skip()
    const mark = source[at]
    if (mark === '{') members('}', pair)
    else if (mark === '[') members(']', value)
    else if (mark === '"') text()
    else if (!take(NUMBER) && !take(WORD)) fail('value')
  }

  try {
    value()
    skip()
    if (at < source.length) fail('more')
    return null
  } catch (found) {
    if (found instanceof Found) return found.fault
    return { at, why: 'value' } // nested deeper than the stack
  }
}

/** The line of a place in a text, from 1. */
export const lineAt = (source: string, at: number) => source.slice(0, at).split('\n').length
