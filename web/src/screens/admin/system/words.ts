// The words of this screen for what the server names by a code. A code without words stands for itself.
import { i18n, text } from '@/i18n'
import { bytes, clock, count } from '@/lib/format'
import { plight, type Finding } from '@/lib/system'
import type { SystemHeld } from '@/generated/api'

const known = (key: string) => i18n.global.te(key)

export function word(group: string, code: string): string {
  return known(`${group}.${code}`) ? i18n.global.t(`${group}.${code}`) : code
}

export function title(held: SystemHeld): string {
  const name = text(held.title)
  return name ? i18n.global.t('system.study', { title: name }) : i18n.global.t('system.unnamed')
}

/** A finding as a sentence, and the words in it that carry its colour. */
export function say(finding: Finding): { sentence: string; marked: string[] } {
  const { t } = i18n.global
  const mark = finding.n ? '' : t('system.finding.levelMark')
  const study = finding.study ? title(finding.study) : ''
  const free = finding.bytes === undefined ? '' : bytes(finding.bytes)
  const sentence = t(finding.key, { n: count(finding.n), study, free, mark, at: clock(finding.at) }, finding.n)
  return { sentence, marked: [study, mark, free].filter(Boolean) }
}

/** What the study is in for, in a sentence of ours; the engine's own stands behind "why". */
export function reason(held: SystemHeld): string {
  const what = held.rebuilding ? 'rebuild' : (held.kind ?? '')
  const stopped = held.state !== 'bulk' && known(`system.failed.${what}`)
  const first = stopped ? i18n.global.t(`system.failed.${what}`, { within: word('system.within', held.follower) }) : ''
  return [first, i18n.global.t(`system.then.${plight(held)}`)].filter(Boolean).join(i18n.global.t('list.space'))
}
