// Halves on scales that differ: compared only after a choice. Those that the reader found are in the preview's
// warnings; those that somebody made wait among what is settled, since the study document has no word for them: there
// each half is an item of its own until the choice is made.
import type { Preview } from '@/generated/api'
import type { Document } from '@/screens/record/studies/document'
import { alike, columnOf, itemsOf, pairUp, put, scaleFor, type Scale } from './document'

/** Columns of an expectation and of what was perceived. */
export type Pair = [expectation: string, perception: string]
const MADE = 'pair:' // in front of a pair that somebody made and that isn't decided yet, among what is settled
export const apartKey = ([e, p]: Pair) => `scales_differ:${e},${p}`
export const madeKey = (pair: Pair) => MADE + JSON.stringify(pair)
const madeIn = (settled: string[]) =>
  settled.filter((key) => key.startsWith(MADE)).map((key) => JSON.parse(key.slice(MADE.length)) as Pair)

/** Pairs that are compared only after a choice: those that were found and those that somebody made. */
export function undecidedPairs(document: Document, preview: Preview, settled: string[]): Pair[] {
  const found = preview.warnings
    .filter((warning) => warning.code === 'scales_differ')
    .flatMap(({ columns }) =>
      columns.flatMap((name): Pair[] => {
        const column = columnOf(preview, name)
        const partner = column?.role === 'expectation' ? column.partner : undefined
        return partner && columns.includes(partner) ? [[name, partner]] : []
      }),
    )
  const paired = new Set(
    itemsOf(document).flatMap((item) =>
      item.expectation && item.perception ? [item.expectation, item.perception] : [],
    ),
  )
  const seen = new Set<string>()
  return [...madeIn(settled), ...found].filter((pair) => {
    const open = !settled.includes(apartKey(pair)) && pair.every((name) => !paired.has(name) && !seen.has(name))
    if (open) pair.forEach((name) => seen.add(name))
    return open
  })
}

/** Whether two columns can't be compared without a choice. */
export function scalesDiffer(document: Document, preview: Preview, pair: Pair): boolean {
  const [e, p] = pair.map((name) => scaleFor(document, columnOf(preview, name)))
  return !!e && !!p && !alike(e, p)
}

/** The pair is compared after its expectation was rescaled to the scale of what was perceived. */
export function rescale(document: Document, preview: Preview, [e, p]: Pair): Document {
  const made = pairUp(document, preview, e, p)
  const [from, to] = [e, p].map((name) => scaleFor(document, columnOf(preview, name)))
  const common = made.scale as Scale | undefined
  const items = itemsOf(made).map((item) => {
    if (item.perception !== p || !from || !to || alike(from, to)) return item
    const { scale: _, ...rest } = item
    return { ...rest, ...(alike(to, common) ? {} : { scale: to }), expectation_scale: from }
  })
  return put(made, 'items', items)
}

/** A study of these pairs alone, to see what they would give; scales that differ are rescaled in it. */
export function trialOf(document: Document, preview: Preview, pairs: Pair[]): Document {
  const own = Object.fromEntries(
    ['study', 'scale', 'missing', 'weight', 'margin', 'expectation_kind'].flatMap((key) =>
      document[key] === undefined ? [] : [[key, document[key]]],
    ),
  ) as Document
  return pairs.reduce<Document>(
    (made, pair) => (scalesDiffer(document, preview, pair) ? rescale : join)(made, preview, pair),
    { ...own, items: [] },
  )
}
/** The document with its pairs alone: what their common mean is asked of, where other items have other scales. */
export function pairsAlone(document: Document): Document {
  const items = itemsOf(document).filter((item) => item.expectation && item.perception)
  const used = (key: 'dimension' | 'touchpoint') => {
    const known = document[`${key}s`]
    const codes = new Set(items.map((item) => item[key]))
    return Array.isArray(known) ? { [`${key}s`]: known.filter((one: { code: string }) => codes.has(one.code)) } : {}
  }
  return { ...document, ...used('dimension'), ...used('touchpoint'), items }
}
const join = (document: Document, preview: Preview, [e, p]: Pair) => pairUp(document, preview, e, p)
