// The dry run of an import: every row is read as the import would, and nothing is kept; and what it has to say, made
// ready to be shown. No number is made here.
import type { ImportCheck, ImportErrorKind, Preview } from '@/generated/api'
import { columnOf, type Row } from './roles'
import { leftOut } from './steps'

/** A number with its name in `wizard.count`; `bad`: what somebody should look at. */
export type Count = { name: string; n: number; bad?: boolean }

/** Rows and cells: what is kept, and what isn't by why. */
export function countsOf(check: ImportCheck): Count[] {
  const others = check.skipped - check.irregular // irregular rows are skipped, and told already
  return [
    { name: 'kept', n: check.kept },
    ...leftOut(check).map(({ why, n }) => ({ name: why, n })),
    ...(others > 0 ? [{ name: 'skipped', n: others }] : []),
    { name: 'errors', n: check.errors, bad: check.errors > 0 },
  ]
}

/** The same from the look at the file, while the dry run is on its way. */
export const countsBefore = (preview: Preview): Count[] => [
  { name: 'kept', n: preview.rows },
  ...leftOut(preview).map(({ why, n }) => ({ name: why, n })),
]

export type Unread = ImportErrorKind & { label: string; values: string[] }
/** What was not understood by column and reason, with the column's words and first values as the file has them. */
export function unreadOf(check: ImportCheck, preview: Preview): Unread[] {
  return check.error_kinds.map((kind) => {
    const column = preview.columns.find((one) => one.name === kind.column)
    return { ...kind, label: column?.label ?? kind.column, values: column?.not_understood_values.slice(0, 5) ?? [] }
  })
}

/** What becomes of the rows by their ids; null where no id is known to the study, so that all are added. */
export function byId(check: ImportCheck): Count[] | null {
  if (!check.replaced && !check.left) return null
  return (['added', 'replaced', 'left'] as const).map((name) => ({ name, n: check[name] }))
}

/** Ids that the study has in a wave, where the rows were asked to be in none and all of them would be added. */
export type Known = { wave: string; n: number }
export function knownIn(wave: string | undefined, now: ImportCheck | null, inWave: ImportCheck | null): Known | null {
  const n = inWave ? inWave.replaced + inWave.left : 0
  return wave && now && !byId(now) && n ? { wave, n } : null
}

/** Rows that are there twice in the file: by id, and by content where no id tells them apart. */
export function twice(check: ImportCheck): { key: 'ids' | 'alike' | 'content'; n: number; other?: number }[] {
  const differing = check.repeated_ids - check.repeated_alike
  return [
    ...(check.repeated_alike ? [{ key: 'alike' as const, n: check.repeated_alike }] : []),
    ...(differing > 0 ? [{ key: 'ids' as const, n: differing }] : []),
    ...(check.same_content ? [{ key: 'content' as const, n: check.same_content }] : []),
  ]
}

/** Who is known; null where the rows have no customers. */
export function people(check: ImportCheck): Count[] | null {
  const counts = [
    { name: 'customersKnown', n: check.customers_known },
    { name: 'customersNew', n: check.customers_new },
    { name: 'customersNone', n: check.customers_none },
  ]
  return check.customers_known + check.customers_new ? counts.filter(({ n }) => n) : null
}

/** The import would be refused unless somebody says so: it brings the same answers once more. */
export const needsAgain = (check: ImportCheck) => !!check.same_file && check.added > 0

/** Pairs that were taken though nobody can be sure of them: to be looked at before the import. */
export const uncertainPairs = (pairs: Row[], preview: Preview): Row[] =>
  pairs.filter(({ item }) => {
    const halves = [columnOf(preview, item?.expectation), columnOf(preview, item?.perception)]
    const asFound = halves[0]?.partner === halves[1]?.name
    return asFound && halves.some((half) => half?.confidence === 'middle')
  })
