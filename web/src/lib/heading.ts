// What is looked at, in words: over a printed page, in a picture, and above the table of a file. A number that leaves
// the screen takes along which study, wave and filters it is of.
import { i18n, text } from '@/i18n'
import { ALL_WAVES, type View } from './view'

export type HeadLine = { name: string; value: string }

/** The name of a wave as the filter row shows it. */
export function waveName(view: Pick<View, 'newest'>, wave: string): string {
  const { t } = i18n.global
  if (wave === ALL_WAVES) return t('filter.allWaves')
  return wave === view.newest.value ? t('filter.newest', { wave }) : wave
}

/** The filters in force: "Region: East, West; Age: 30"; a group by its name where the study still has it. */
export function filtersInWords(view: Pick<View, 'filter' | 'facets'>): string {
  const { t } = i18n.global
  const label = (code: string) => text(view.facets.data?.groups.find((g) => g.code === code)?.label, code)
  const parts = Object.entries(view.filter.value).filter(([, values]) => values.length)
  if (!parts.length) return t('filter.none')
  return parts.map(([code, values]) => `${label(code)} ${values.join(t('list.and'))}`).join(t('list.comma'))
}

/** Study, wave and filters; `acrossWaves`: it shows all of them, whichever is chosen. */
export function headOf(view: View, acrossWaves = false): HeadLine[] {
  const { t } = i18n.global
  const study = text(view.study.value?.title, view.study.value?.code)
  const wave = acrossWaves ? ALL_WAVES : view.shownWave.value
  return [
    { name: t('filter.study'), value: study },
    ...(wave && view.newest.value ? [{ name: t('filter.wave'), value: waveName(view, wave) }] : []),
    { name: t('filter.label'), value: filtersInWords(view) },
  ]
}
