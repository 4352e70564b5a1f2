// The columns of a study as questions: what stands behind a code in a response, read from the study's document. An item
// is asked up to four times over; each time is a column of its own.
import type { Study, Text } from '@/generated/api'
import { i18n, text } from '@/i18n'

export type Question = { column: string; label: string; part: string }

const parts = ['expectation', 'perception', 'adequate', 'importance'] as const
type Named = { code?: string; column?: string; label?: Text } & Partial<Record<(typeof parts)[number], string>>

function list(study: Study | null | undefined, key: string): Named[] {
  const found = study?.document?.[key]
  return Array.isArray(found) ? (found as Named[]) : []
}

/** In the study's order: items with each of their columns, then outcomes and groups. */
export function questionsOf(study: Study | null | undefined): Question[] {
  const { t } = i18n.global
  const items = list(study, 'items').flatMap((item) =>
    parts.flatMap((part) => {
      const column = item[part]
      return column ? [{ column, label: text(item.label, item.code), part: t(`term.${part}`) }] : []
    }),
  )
  const others = (['outcomes', 'groups'] as const).flatMap((key) =>
    list(study, key).flatMap(({ column, code, label }) =>
      column ? [{ column, label: text(label, code ?? column), part: t(`responses.${key}`) }] : [],
    ),
  )
  return [...items, ...others]
}
