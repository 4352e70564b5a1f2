// What is looked for among the responses of a study; it lives in the address. The wave is the one of every screen. Days
// are the reader's own: the last one counts whole.
import { computed } from 'vue'
import { ALL_WAVES, type View } from '@/lib/view'

export const orders = ['newest', 'oldest', 'highest', 'lowest'] as const
export type Order = (typeof orders)[number]

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** The first moment of a day here, or of the day after it; undefined where the text is no day. */
export function momentOf(day: string, after = 0): string | undefined {
  if (!DAY.test(day)) return undefined
  const [year, month, date] = day.split('-').map(Number)
  const at = new Date(year!, month! - 1, date! + after)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

export function useSearch(view: Pick<View, 'param' | 'patch' | 'wave' | 'shownWave' | 'facets'>) {
  const { param, patch, wave, shownWave, facets } = view
  const order = param('order', 'newest')
  const from = param('from')
  const to = param('to')
  const column = param('column')
  const value = param('value')
  const customer = param('customer')

  /** By an answer only where a question is chosen. */
  const offered = computed(() => (column.value ? orders : orders.slice(0, 2)))
  const looked = computed(() => ({
    order: offered.value.find((known) => known === order.value) ?? ('newest' as Order),
    from: momentOf(from.value),
    below: momentOf(to.value, 1),
    wave: shownWave.value === ALL_WAVES ? undefined : shownWave.value || undefined,
    customer: customer.value || undefined,
    column: column.value || undefined,
    value: (column.value && value.value) || undefined,
  }))
  /** Null till it is known which wave is the newest; where that can't be known, answers of all waves are found. */
  const query = computed(() => (wave.value || facets.data || facets.error ? looked.value : null))
  /** The last day lies before the first: nothing can be found. */
  const backwards = computed(() => DAY.test(from.value) && DAY.test(to.value) && to.value < from.value)
  const narrowed = computed(() => {
    const { order: _, wave: __, ...rest } = looked.value
    const chosen = wave.value !== ALL_WAVES && wave.value
    return !!chosen || Object.values(rest).some((part) => part !== undefined)
  })
  /** What else is looked for may stand in another wave. */
  const elsewhere = computed(() => {
    const { order: _, wave: here, ...rest } = looked.value
    return !backwards.value && !!here && Object.values(rest).some((part) => part !== undefined)
  })
  function setColumn(next: string) {
    patch({ column: next || undefined, value: undefined, order: undefined }, true)
  }
  function clear() {
    const none = { order: undefined, from: undefined, to: undefined, column: undefined, value: undefined }
    patch({ ...none, wave: undefined, customer: undefined }, true)
  }
  const inAllWaves = () => (wave.value = ALL_WAVES)
  return {
    ...{ order, from, to, column, value, customer, offered, query },
    ...{ backwards, narrowed, elsewhere, setColumn, inAllWaves, clear },
  }
}
export type Search = ReturnType<typeof useSearch>
