// A study document as a form: which fields each part has, and every change of one, which makes another document. What
// the form doesn't know stays in the document as it is. No field is checked here: the server says what is wrong.
import { text } from '@/i18n'
import type { Text } from '@/generated/api'
import type { Document } from './document'

export type Words = string | Text | undefined
export type Scale = { min: number; max: number; step?: number }
export type Field = {
  key: string
  kind: 'code' | 'words' | 'column' | 'scale' | 'number' | 'plain' | 'flag' | 'choice'
  /** What may be chosen: values with a name under `studies.form`, or the codes of another part. */
  values?: readonly string[]
  of?: 'dimensions' | 'touchpoints'
}
export type Element = Record<string, unknown>

const code: Field = { key: 'code', kind: 'code' }
const label: Field = { key: 'label', kind: 'words' }
const scale: Field = { key: 'scale', kind: 'scale' }
const column = (key: string): Field => ({ key, kind: 'column' })

export const LISTS = {
  items: [
    ...[code, label, column('expectation'), column('perception'), column('adequate'), column('importance')],
    { key: 'dimension', kind: 'choice', of: 'dimensions' },
    { key: 'touchpoint', kind: 'choice', of: 'touchpoints' },
    ...[scale, { key: 'expectation_scale', kind: 'scale' }, { key: 'importance_scale', kind: 'scale' }],
    { key: 'reverse', kind: 'flag' },
  ],
  dimensions: [code, label, { key: 'weight', kind: 'number' }],
  touchpoints: [code, label, { key: 'stage', kind: 'choice', values: ['before', 'during', 'after'] }],
  outcomes: [
    ...[code, label, column('column')],
    { key: 'kind', kind: 'choice', values: ['nps', 'csat', 'ces', 'index', 'binary'] },
    ...[scale, { key: 'positive', kind: 'plain' }, { key: 'top', kind: 'number' }],
    { key: 'high_means', kind: 'choice', values: ['easy', 'effort'] },
  ],
  groups: [code, label, column('column')],
} as const satisfies Record<string, readonly Field[]>
export type List = keyof typeof LISTS
export const LIST_NAMES = Object.keys(LISTS) as List[]

/** Fields of the study itself. */
export const OWN: readonly Field[] = [
  { key: 'study', kind: 'code' },
  { key: 'title', kind: 'words' },
  scale,
  { key: 'expectation_scale', kind: 'scale' },
  { key: 'importance_scale', kind: 'scale' },
  { key: 'expectation_kind', kind: 'choice', values: ['desired', 'predicted'] },
  ...['wave', 'weight', 'customer', 'episode', 'time', 'id'].map(column),
]

export const elementsOf = (document: Document, list: List): Element[] =>
  Array.isArray(document[list]) ? (document[list] as Element[]) : []

/** Which fields an element of the list shows: what only some kinds have is shown with them, or where it is set. */
export function fieldsOf(list: List, element: Element): Field[] {
  const kinds: Record<string, string[]> = { positive: ['binary'], top: ['csat', 'ces'], high_means: ['ces'] }
  return LISTS[list].filter(({ key }) => {
    const only = list === 'outcomes' ? kinds[key] : undefined
    return !only || key in element || only.includes(String(element.kind))
  })
}

/** The object with another value of the key; what says nothing goes. */
export function withValue<T extends Element>(object: T, key: string, value: unknown): T {
  const { [key]: _, ...rest } = object
  const nothing = value === undefined || value === '' || value === false
  if (nothing) return rest as T
  return key in object ? { ...object, [key]: value } : ({ ...object, [key]: value } as T)
}
const withList = (document: Document, list: List, elements: Element[]): Document =>
  elements.length || list === 'items' ? { ...document, [list]: elements } : withValue(document, list, undefined)

/** A code of an element is changed wherever it is named, so that nothing comes loose. */
function renamed(document: Document, list: List, before: unknown, now: unknown): Document {
  const key = list === 'dimensions' ? 'dimension' : 'touchpoint'
  if (list !== 'dimensions' && list !== 'touchpoints') return document
  const items = elementsOf(document, 'items').map((item) =>
    before && item[key] === before ? withValue(item, key, now) : item,
  )
  return withList(document, 'items', items)
}

export function setField(document: Document, list: List, index: number, key: string, value: unknown): Document {
  const elements = elementsOf(document, list)
  const made = elements.map((one, i) => (i === index ? withValue(one, key, value) : one))
  const changed = withList(document, list, made)
  return key === 'code' ? renamed(changed, list, elements[index]?.code, value) : changed
}

/** A code that no element of the list has. */
function freeCode(document: Document, list: List): string {
  const taken = new Set(elementsOf(document, list).map((one) => one.code))
  const base = list.replace(/s$/, '')
  for (let i = taken.size + 1; ; i++) if (!taken.has(`${base}${i}`)) return `${base}${i}`
}
export function addElement(document: Document, list: List): Document {
  const made: Element = { code: freeCode(document, list), ...(list === 'outcomes' ? { kind: 'index' } : {}) }
  return withList(document, list, [...elementsOf(document, list), made])
}
export function removeElement(document: Document, list: List, index: number): Document {
  const elements = elementsOf(document, list)
  const left = withList(
    document,
    list,
    elements.filter((_, i) => i !== index),
  )
  return renamed(left, list, elements[index]?.code, undefined)
}
/** One place up (−1) or down (1). */
export function moveElement(document: Document, list: List, index: number, by: number): Document {
  const elements = [...elementsOf(document, list)]
  const [one] = elements.splice(index, 1)
  if (!one || index + by < 0 || index + by > elements.length) return document
  elements.splice(index + by, 0, one)
  return withList(document, list, elements)
}

// --- words in two languages, scales ---

type Tongue = 'zh-CN' | 'en'
export const wordsIn = (words: Words, tongue: Tongue): string =>
  typeof words === 'string' ? words : (words?.[tongue] ?? '')

/** The words with those of one language; the same in both are one text. */
export function withWords(words: Words, tongue: Tongue, value: string): Words {
  const other: Tongue = tongue === 'en' ? 'zh-CN' : 'en'
  const both = { [tongue]: value, [other]: wordsIn(words, other) }
  if (both.en === both['zh-CN']) return both.en || undefined
  return Object.fromEntries(Object.entries(both).filter(([, text]) => text)) as Text
}

export const scaleText = (scale: unknown): string => {
  const { min, max, step } = (scale ?? {}) as Partial<Scale>
  if (min === undefined || max === undefined) return ''
  return step === undefined || step === 1 ? `${min}–${max}` : `${min}–${max}/${step}`
}
const SCALE =
  /^\s*([-−]?\d+(?:\.\d+)?)\s*(?:–|—|-|~|…|\.\.|至|到|to)\s*([-−]?\d+(?:\.\d+)?)\s*(?:\/\s*(\d+(?:\.\d+)?))?\s*$/
/** “1–7”, “0–100/10”; undefined: nothing was typed; null: it is no scale. */
export function readScale(typed: string): Scale | undefined | null {
  if (!typed.trim()) return undefined
  const [, min, max, step] = (SCALE.exec(typed) ?? []).map((part) => part && Number(part.replace('−', '-')))
  if (typeof min !== 'number' || typeof max !== 'number' || min >= max) return null
  return { min, max, ...(typeof step === 'number' && step !== 1 ? { step } : {}) }
}

/** What an element is called where it is folded. */
export const nameOf = (element: Element): string =>
  text(
    typeof element.label === 'string' ? { en: element.label, 'zh-CN': element.label } : (element.label as Text),
    '',
  ) || String(element.code ?? element.column ?? '')
