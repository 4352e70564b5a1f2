// The steps of an import: which are open, what each has to say, and how many decisions wait there.
import { i18n } from '@/i18n'
import { bytes, count } from '@/lib/format'
import type { LeftOut, Preview } from '@/generated/api'

export const STEPS = ['file', 'look', 'roles', 'values', 'check', 'start'] as const
export type Step = (typeof STEPS)[number]
/** `asks`: something waits there for a decision. */
export type StepFact = { name: Step; title: string; fact: string; open: boolean; done: boolean; asks: boolean }

export const isStep = (text: string): text is Step => (STEPS as readonly string[]).includes(text)

/** What waits for a decision: roles, and cells or columns of values. */
export type Open = { roles: number; cells: number; columns: number }

/** What the file's rows lose before they are kept, by why; only what isn't zero. */
export function leftOut(of: {
  left_out: LeftOut
  irregular: number
}): { why: 'unfinished' | 'previews' | 'spam' | 'repeats' | 'irregular'; n: number }[] {
  const counts = { ...of.left_out, irregular: of.irregular }
  return (['unfinished', 'previews', 'spam', 'repeats', 'irregular'] as const)
    .map((why) => ({ why, n: counts[why] }))
    .filter(({ n }) => n > 0)
}

function factOf(name: Step, preview: Preview, open: Open): string {
  const t = i18n.global.t
  const tool = preview.tool_name ?? preview.format.toUpperCase()
  switch (name) {
    case 'file':
      return `${t('wizard.rows', { n: count(preview.rows) }, preview.rows)} · ${bytes(preview.upload.bytes)}`
    case 'look':
      return `${tool} · ${t('wizard.columns', { n: count(preview.columns.length) }, preview.columns.length)}`
    case 'roles':
      return open.roles ? t('wizard.decisions', { n: open.roles }, open.roles) : t('wizard.clear')
    case 'values':
      if (open.cells) return t('wizard.cells', { n: count(open.cells) }, open.cells)
      return open.columns ? t('wizard.decisions', { n: open.columns }, open.columns) : t('wizard.clear')
    default:
      return name === 'start' ? t('wizard.undoable') : ''
  }
}

/** `now`: the step on the screen; what comes before it is done unless something waits there. */
export function stepFacts(now: Step, preview: Preview | null, open: Open): StepFact[] {
  const place = STEPS.indexOf(now)
  return STEPS.map((name, i) => {
    const asks =
      !!preview && ((name === 'roles' && open.roles > 0) || (name === 'values' && open.cells + open.columns > 0))
    return {
      name,
      title: i18n.global.t(`wizard.step.${name}`),
      fact: preview ? factOf(name, preview, open) : '',
      open: !!preview && preview.rows > 0 && name !== 'file' && name !== 'start',
      done: i < place && !asks,
      asks,
    }
  })
}

/** What the headline speaks of. `into`: the study that the answers go into, null: a new one; `kept`: as checked. */
export type Told = { into: string | null; pairs: number; cells: number; kept?: number }

/** The finding of the step, as a sentence. */
export function headlineOf(now: Step, preview: Preview | null, told: Told): string {
  const t = i18n.global.t
  if (!preview?.rows) return t('imports.title')
  const columns = count(preview.columns.length)
  if (now === 'look') {
    const tool = preview.tool_name ?? preview.format.toUpperCase()
    return t('wizard.seen', { tool, rows: count(preview.rows), columns })
  }
  if (now === 'values')
    return told.cells ? t('wizard.cellsOpen', { n: count(told.cells) }, told.cells) : t('wizard.allRead')
  if (now === 'check') {
    const n = told.kept ?? preview.rows
    return told.into === null
      ? t('wizard.toKeep', { n: count(n) }, n)
      : t('wizard.toKeepIn', { n: count(n), study: told.into }, n)
  }
  return told.into === null
    ? t('wizard.found', { columns, pairs: told.pairs }, told.pairs)
    : t('wizard.goesInto', { study: told.into })
}
