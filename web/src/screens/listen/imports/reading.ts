// How the file is read where somebody says so: the corrections that go with every look at it, and with its import.
import type { Preview, PreviewColumn, PreviewValue, Reading, ReadingColumn } from '@/generated/api'

export const isNumeral = (text: string) => /^[\s]*[+−-]?[\d０-９]+([.,][\d０-９]+)?[\s]*$/.test(text)
const wordsOf = (column: PreviewColumn) => column.values.filter((value) => !isNumeral(value.text))

/** Columns that are answered with the same words: a map belongs to its set of words. */
export type WordSet = { key: string; columns: PreviewColumn[]; values: PreviewValue[]; numeric: boolean }

const keyOf = (column: PreviewColumn) => {
  if (column.family) return column.family
  return wordsOf(column)
    .map((value) => value.text)
    .sort()
    .join('\n')
}

/** The different answers of the columns together, by their number, then what is no number. */
function merge(columns: PreviewColumn[]): PreviewValue[] {
  const found = new Map<string, PreviewValue>()
  for (const column of columns)
    for (const value of column.values) {
      const before = found.get(value.text)
      // What one column understands and another doesn't is open
      const read = before && before.read !== value.read ? 'not_understood' : value.read
      found.set(value.text, { ...value, read, n: (before?.n ?? 0) + Math.max(value.n, 0) })
    }
  const rank = (value: PreviewValue) => ['value', 'missing', 'not_understood'].indexOf(value.read)
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || (b.value ?? 0) - (a.value ?? 0) || b.n - a.n)
}

/** Of the columns in use: those with words by their words, those with numbers alone each for itself where it has
 * something to decide. */
export function wordSets(preview: Preview, used: ReadonlySet<string>): WordSet[] {
  const sets = new Map<string, PreviewColumn[]>()
  for (const column of preview.columns) {
    if (!used.has(column.name) || column.kind === 'time') continue
    const words = wordsOf(column).length > 0
    if (!words && !column.not_understood) continue
    if (column.kind !== 'number' && !column.values_complete) continue // free text
    const key = words ? keyOf(column) : column.name
    sets.set(key, [...(sets.get(key) ?? []), column])
  }
  return [...sets].map(([key, columns]) => ({
    ...{ key, columns, values: merge(columns) },
    numeric: columns.every((column) => column.kind === 'number'),
  }))
}

/** The set's columns that are among these. */
export const onlyIn = (set: WordSet, names: ReadonlySet<string>) =>
  set.columns.filter((column) => names.has(column.name))

/** The words of all these columns as one set, whatever else is answered with them; none of numbers alone. */
export function setOver(preview: Preview, names: ReadonlySet<string>): WordSet[] {
  const columns = wordSets(preview, names).flatMap((set) => set.columns)
  const key = columns.map((column) => column.name).join('\n')
  const numeric = columns.every((column) => column.kind === 'number')
  return columns.length ? [{ key, columns, values: merge(columns), numeric }] : []
}

const corrections = (reading: Reading) => reading.columns ?? []
const of = (reading: Reading, column: string): ReadingColumn =>
  corrections(reading).find((one) => one.column === column) ?? { column }

/** The reading with other words about a column; one that says nothing is left out. */
function withColumn(reading: Reading, told: ReadingColumn): Reading {
  const says = told.kind || told.flipped || told.labels?.length || told.decimal || told.date_order
  const others = corrections(reading).filter((one) => one.column !== told.column)
  const columns = says ? [...others, told] : others
  const { columns: _, ...rest } = reading
  return columns.length ? { ...rest, columns } : rest
}
const each = (reading: Reading, columns: PreviewColumn[], change: (told: ReadingColumn) => ReadingColumn) =>
  columns.reduce((made, column) => withColumn(made, change(of(made, column.name))), reading)

/** What a text stands for in all columns of the set; null: no answer. */
export function setLabel(reading: Reading, set: WordSet, text: string, value: number | null): Reading {
  return each(reading, set.columns, (told) => ({
    ...told,
    labels: [...(told.labels ?? []).filter((label) => label.text !== text), { text, value }],
  }))
}

/** The words count the other way round, those that somebody gave a number too. */
export function flip(reading: Reading, set: WordSet): Reading {
  const numbers = set.values.flatMap((value) => (value.value == null ? [] : [value.value]))
  const ends = Math.min(...numbers) + Math.max(...numbers)
  return each(reading, set.columns, (told) => {
    const labels = told.labels?.map(({ text, value }) => ({ text, value: value == null ? null : ends - value }))
    const { flipped, labels: _, ...rest } = told
    return { ...rest, ...(flipped ? {} : { flipped: true }), ...(labels ? { labels } : {}) }
  })
}

export function setColumn(reading: Reading, column: string, change: Partial<ReadingColumn>): Reading {
  return withColumn(reading, { ...of(reading, column), ...change })
}

/** Another shape of the file: what was said of its columns may be of others. */
export function setShape(reading: Reading, change: Partial<Reading>): Reading {
  const { columns: _, ...rest } = { ...reading, ...change }
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null && value !== '')) as Reading
}

/** Columns in use that ask something: cells that weren't understood, dates and decimals that can be read two ways. */
export function openColumns(preview: Preview, used: ReadonlySet<string>, reading: Reading): PreviewColumn[] {
  return preview.columns.filter((column) => {
    if (!used.has(column.name)) return false
    const told = of(reading, column.name)
    const order = column.date_order_open && (told.date_order ?? 'found') === 'found'
    const decimal = column.decimal_open && (told.decimal ?? 'found') === 'found'
    return column.not_understood > 0 || order || decimal
  })
}
