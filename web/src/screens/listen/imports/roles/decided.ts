// What was decided without asking, so that the reader can see it: personal data that stay out, words that count as no
// answer, responses that don't count.
import type { Preview } from '@/generated/api'
import { i18n } from '@/i18n'
import { count } from '@/lib/format'
import { isNumeral } from '../reading'
import type { leftOut } from '../steps'
import { titleOf } from './reason'

const WORDS = 3 // that are named, the most frequent

/** Words that count as no answer in the columns that become numbers, with their cells in all of them. */
export function missingWords(preview: Preview, rated: ReadonlySet<string>): { text: string; n: number }[] {
  const found = new Map<string, number>()
  for (const column of preview.columns)
    for (const value of rated.has(column.name) ? column.values : [])
      if (value.read === 'missing' && value.text && !isNumeral(value.text))
        found.set(value.text, (found.get(value.text) ?? 0) + Math.max(0, value.n))
  return [...found]
    .map(([text, n]) => ({ text, n }))
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n)
}

export function decidedFor(
  preview: Preview,
  rated: ReadonlySet<string>,
  left: ReturnType<typeof leftOut>,
): { short: string; long: string }[] {
  const t = i18n.global.t
  const personal = preview.columns.filter((column) => column.role === 'personal').map(titleOf)
  const words = missingWords(preview, rated).slice(0, WORDS)
  const names = personal.join(t('list.comma'))
  return [
    ...(personal.length
      ? [
          {
            short: t('pairing.personal', { n: personal.length }, personal.length),
            long: t('wizard.personal', { columns: names }),
          },
        ]
      : []),
    ...words.map(({ text, n }) => {
      const told = t('pairing.asMissing', { n: count(n), text }, n)
      return { short: told, long: told }
    }),
    ...left.map(({ why, n }) => {
      const told = t('wizard.leftOut') + t(`wizard.why.${why}`, { n: count(n) }, n)
      return { short: told, long: told }
    }),
  ]
}
