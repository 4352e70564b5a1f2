// The five dimensions of SERVQUAL, of no industry: what there is to choose from where an organisation has none yet.
import type { Choice } from './document'

const SERVQUAL: Choice[] = [
  { code: 'tangibles', label: { 'zh-CN': '有形性', en: 'Tangibles' } },
  { code: 'reliability', label: { 'zh-CN': '可靠性', en: 'Reliability' } },
  { code: 'responsiveness', label: { 'zh-CN': '响应性', en: 'Responsiveness' } },
  { code: 'assurance', label: { 'zh-CN': '保证性', en: 'Assurance' } },
  { code: 'empathy', label: { 'zh-CN': '移情性', en: 'Empathy' } },
]

/** The catalogue's dimensions, or these where it has none; while it isn't known, neither. */
export const orServqual = (known: Choice[] | undefined) => (known && !known.length ? SERVQUAL : known)
