// What somebody holds or is offered, and the gaps that it would give: of the half in the hand over another column, and
// of every half without a partner with the column that looks most like its other half.
import { computed, reactive } from 'vue'
import type { GapRow } from '@/generated/api'
import { columnOf, itemsOf, pairsAlone, trialOf, type Pair, type Row } from '../roles'
import { looseOf, type Desk } from './desk'
import { useDrag } from './drag'
import type { Hand } from './hand'
import { titleOf } from './reason'
import { useTrial } from './trial'

export function useHeld(desk: Desk) {
  const rowOf = (key: string) => desk.rows.value.find((row) => row.key === key)
  const isPaired = (key: string) => rowOf(key)?.tab === 'pairs'
  const part = (key: string) => {
    const row = rowOf(key)
    if (row) desk.part(row)
  }
  const drag = useDrag({ join: desk.join, part }, isPaired)
  /** What is held leaves its pair. */
  function putApart() {
    const row = drag.state.held?.row
    drag.drop()
    if (row) part(row)
  }
  const held = computed(() => drag.state.held)
  const study = (pairs: Pair[]) => trialOf(desk.models.document.value, desk.input.preview, pairs)
  const tried = (pairs: Pair[]) => ({
    study: study(pairs),
    reading: desk.models.reading.value,
    upload: desk.input.preview.upload.id,
  })

  const aimed = computed<Pair | null>(() => (held.value?.over ? desk.pairOf(held.value.column, held.value.over) : null))
  const trial = useTrial(() => (aimed.value ? tried([aimed.value]) : null))
  const gain = computed<GapRow | null>(() => {
    if (!aimed.value || trial.busy || trial.error) return null
    return trial.data?.items.find((row) => row.gap?.value != null) ?? null
  })
  const hand = reactive({ held, gain, press: drag.press, tap: drag.tap, hover: drag.hover }) as Hand
  const heldTitle = computed(() => {
    const column = columnOf(desk.input.preview, held.value?.column)
    return column ? titleOf(column) : ''
  })

  /** The mean of all pairs; where other items keep the report from one, of the pairs by themselves. */
  const asIs = computed(() => desk.input.gaps?.overall)
  const pairs = useTrial(() => {
    const lacking = asIs.value && asIs.value.gap?.value == null
    return lacking ? { ...tried([]), study: pairsAlone(desk.models.document.value) } : null
  })
  const overall = computed(() => (asIs.value?.gap?.value == null ? pairs.data?.overall : asIs.value))

  const loose = computed(() => looseOf(desk))
  const offers = computed(() =>
    loose.value.flatMap(({ row, best }) => (best ? [desk.pairOf(row.columns[0]!.name, best.name)] : [])),
  )
  const offered = useTrial(() => (offers.value.length ? tried(offers.value) : null))
  const codeOf = computed(() => {
    const items = itemsOf(study(offers.value))
    return new Map(
      items.flatMap((item) => [item.expectation, item.perception].map((name) => [name, item.code] as const)),
    )
  })
  /** What a row would give with the column that it is offered. */
  function gainOf(row: Row): GapRow | null {
    const code = codeOf.value.get(row.columns[0]?.name)
    return offered.data?.items.find((one) => one.code === code) ?? null
  }
  return { rowOf, isPaired, putApart, drag, held, heldTitle, trial, gain, hand, overall, loose, gainOf }
}
