// Parts of a study document as people know them: "Item q1 · Name" instead of /items/3/label.
import { i18n, text } from '@/i18n'
import { ORDER } from '@/lib/merge'
import type { Text } from '@/generated/api'

const known = (group: string, key: string) => {
  const name = `studies.${group}.${key}`
  return i18n.global.te(name) ? i18n.global.t(name) : key
}

export function partName([key, code, field]: string[]): string {
  const t = i18n.global.t
  if (!code) return known('part', key!)
  if (code === ORDER) return t('conflict.order', { list: known('part', key!) })
  return [`${known('element', key!)} ${code}`, field ? known('field', field) : ''].filter(Boolean).join(' · ')
}

const TONGUES = { 'zh-CN': '中文', en: 'English' }
const isText = (value: object): value is Text => Object.keys(value).every((key) => key === 'en' || key === 'zh-CN')

/** Each language's words behind its name, where there are two that differ; in the same turn whoever wrote them. */
function inTongues(value: Text): string {
  if (new Set(Object.values(value)).size < 2) return text(value)
  const known = (Object.keys(TONGUES) as (keyof typeof TONGUES)[]).filter((tongue) => value[tongue])
  return known.map((tongue) => `${TONGUES[tongue]} ${value[tongue]}`).join('\n')
}

/** A value in a few words; an element by its name, anything else as it is written. */
export function partText(value: unknown): string {
  const t = i18n.global.t
  if (value === undefined || value === null) return t('conflict.none')
  if (typeof value === 'boolean') return t(value ? 'conflict.yes' : 'conflict.no')
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value.join(t('list.comma'))
  if (!Array.isArray(value) && isText(value)) return inTongues(value)
  const { label, code } = value as { label?: Text; code?: string }
  if (label && !Array.isArray(value)) return text(label, code)
  return Array.isArray(value) ? value.map(partText).join(t('list.comma')) : fieldsText(value)
}

/** An object's fields by their names, a line each. */
function fieldsText(value: object): string {
  const t = i18n.global.t
  const line = ([key, its]: [string, unknown]) =>
    t('chart.headLine', { name: known('field', key), value: partText(its) })
  return Object.entries(value).map(line).join('\n')
}
