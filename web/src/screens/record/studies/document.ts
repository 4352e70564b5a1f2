// A study document as text: what a new one starts from, what is wrong with it, and where in the text a JSON pointer
// leads.
import { ApiError } from '@/lib/api'
import { faultOf, lineAt } from '@/lib/json'
import { explain, sentences } from '@/lib/toast'
import { i18n } from '@/i18n'

export type Document = Record<string, unknown>
/** `line`: where, from 1. `taken`: its code belongs to another study. */
export type Wrong = { text: string; line?: number; taken?: boolean }

/** The document, or what keeps the text from being one. */
export function readDocument(source: string): { document: Document } | { wrong: Wrong } {
  const t = i18n.global.t
  const fault = faultOf(source)
  if (fault) {
    const line = lineAt(source, fault.at)
    return { wrong: { text: sentences(t('studies.notJson', { line }), t(`studies.fault.${fault.why}`)), line } }
  }
  const document: unknown = JSON.parse(source)
  if (typeof document === 'object' && document && !Array.isArray(document)) return { document: document as Document }
  return { wrong: { text: t('studies.notObject', { brackets: '{ }' }), line: 1 } }
}

/** What the server refused, with its place in the text. */
export function refusal(source: string, error: unknown): Wrong {
  const { field, code } = error instanceof ApiError ? error : { field: undefined, code: undefined }
  return { text: explain(error), line: lineOf(source, field), taken: code === 'taken' }
}

/** The same of a text that nobody sees, with the line itself. */
export function refusalOf(source: string, error: unknown): string {
  const { text, line } = refusal(source, error)
  if (!line) return text
  const at = i18n.global.t('studies.atLine', { line, text: source.split('\n')[line - 1]!.trim() })
  return sentences(text, at)
}

export const blank = {
  study: 'my-study',
  title: { 'zh-CN': '我的研究', en: 'My study' },
  dimensions: [{ code: 'reliability', label: { 'zh-CN': '可靠性', en: 'Reliability' } }],
  touchpoints: [{ code: 'service', label: { 'zh-CN': '服务', en: 'Service' }, stage: 'during' }],
  items: [
    {
      code: 'q1',
      label: { 'zh-CN': '说到做到', en: 'Keeps its word' },
      dimension: 'reliability',
      touchpoint: 'service',
      expectation: 'E01',
      perception: 'P01',
      scale: { min: 1, max: 7 },
    },
  ],
}

/** The line on which the value at `pointer` ("/items/3/scale/max", or "line 9, /items/3") starts; undefined when it
 * leads nowhere. */
export function lineOf(source: string, pointer: string | undefined): number | undefined {
  const keys = (pointer ?? '')
    .replace(/^[^/]*/, '')
    .replace(/^\/(document|new_study)/, '')
    .split('/')
    .filter(Boolean)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (!keys.length) return undefined
  let at = 0
  for (const key of keys) {
    const found = /^\d+$/.test(key) ? elementStart(source, at, Number(key)) : source.indexOf(`"${key}"`, at)
    if (found < 0) return undefined
    at = found
  }
  return source.slice(0, at).split('\n').length
}

/** Where line `line` (from 1) starts and ends in the text. */
export function spanOf(source: string, line: number): [start: number, end: number] {
  const lines = source.split('\n')
  const before = lines.slice(0, line - 1)
  const start = before.reduce((sum, text) => sum + text.length + 1, 0)
  return [start, start + (lines[line - 1]?.length ?? 0)]
}

/** Where element `index` of the first array after `from` starts. */
function elementStart(source: string, from: number, index: number): number {
  let depth = 0,
    seen = 0,
    inText = false
  for (let i = source.indexOf('[', from); i >= 0 && i < source.length; i++) {
    const c = source[i]!
    if (inText) {
      if (c === '\\') i++
      else if (c === '"') inText = false
      continue
    }
    if (depth === 1 && seen === index && !/[\s,\]]/.test(c)) return i
    if (c === '"') inText = true
    else if ('[{'.includes(c)) depth++
    else if (']}'.includes(c)) depth--
    else if (c === ',' && depth === 1) seen++
    if (!depth) return -1
  }
  return -1
}
