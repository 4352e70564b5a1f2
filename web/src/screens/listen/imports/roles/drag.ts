// Half of a pair in the hand: dragged by its dot with a mouse or a pen, or picked up by a tap and put down by another.
// Where it is put down is told by attributes of the page: data-column is another half, data-part takes the pair apart,
// data-row is the row that it came from. The page scrolls when the hand is near its edge; Escape lets go.
import { onScopeDispose, reactive } from 'vue'

const FAR = 5 // px before a press is a drag
const EDGE = 60
const SPEED = 14 // px a frame

/** What lies below a point. */
export type Below = { column: string; part: boolean; row: string; list: boolean }
export type Held = {
  column: string
  row: string
  by: 'drag' | 'tap'
  x: number
  y: number
  over: string
  part: boolean
}
export type Put = { join: (column: string, other: string) => void; part: (row: string) => void }

export function lookBelow(element: Element | null): Below {
  const data = (name: string) => element?.closest<HTMLElement>(`[data-${name}]`)?.dataset[name] ?? ''
  return {
    column: data('column'),
    part: !!element?.closest('[data-part]'),
    row: data('row'),
    list: !!element?.closest('[data-list]'),
  }
}

/** What letting go there means. Outside of its pair and over nothing else, a half of it is taken out. */
export function verdict(held: Held, below: Below, paired: boolean): 'join' | 'part' | 'none' {
  const ownPair = paired && below.row === held.row
  if (below.column && below.column !== held.column) return ownPair ? 'none' : 'join'
  if (!paired) return 'none'
  return below.part || (below.list && below.row !== held.row) ? 'part' : 'none'
}

/** What happens while a button is down, heard on the whole page. */
function useListening(on: { move: (event: PointerEvent) => void; up: (event: PointerEvent) => void; end: () => void }) {
  function key(event: KeyboardEvent) {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    on.end()
  }
  const turn = (way: 'addEventListener' | 'removeEventListener') => {
    window[way]('pointermove', on.move as EventListener)
    window[way]('pointerup', on.up as EventListener)
    window[way]('pointercancel', on.end)
    window[way]('keydown', key as EventListener, true)
  }
  return { listen: () => turn('addEventListener'), deafen: () => turn('removeEventListener') }
}

/** Scrolls the page for as long as the hand is near its edge. */
function useRolling(held: () => Held | null, track: (x: number, y: number) => void) {
  let frame = 0
  function roll() {
    const hand = held()
    if (hand?.by !== 'drag') return
    const by = (hand.y < EDGE && -SPEED) || (hand.y > innerHeight - EDGE && SPEED) || 0
    if (by) {
      scrollBy(0, by)
      track(hand.x, hand.y)
    }
    frame = requestAnimationFrame(roll)
  }
  return { roll: () => void (frame = requestAnimationFrame(roll)), rest: () => cancelAnimationFrame(frame) }
}

const taken = (column: string, row: string, by: Held['by']): Held => ({
  column,
  row,
  by,
  x: 0,
  y: 0,
  over: '',
  part: false,
})

export function useDrag(put: Put, paired: (row: string) => boolean) {
  const state = reactive<{ held: Held | null }>({ held: null })
  let start: { x: number; y: number; column: string; row: string } | null = null
  let moved = false

  const look = (x: number, y: number) => lookBelow(document.elementFromPoint(x, y))
  function track(x: number, y: number) {
    const held = state.held
    if (!held) return
    const below = look(x, y)
    const act = verdict(held, below, paired(held.row))
    Object.assign(held, { x, y, over: act === 'join' ? below.column : '', part: act === 'part' })
  }
  const { roll, rest } = useRolling(() => state.held, track)
  const { listen, deafen } = useListening({ move, up, end })
  function move(event: PointerEvent) {
    if (!start) return
    if (!state.held && Math.hypot(event.clientX - start.x, event.clientY - start.y) >= FAR) {
      state.held = taken(start.column, start.row, 'drag')
      moved = true
      roll()
    }
    track(event.clientX, event.clientY)
  }
  function up(event: PointerEvent) {
    const held = state.held
    if (held?.by !== 'drag') return stop()
    track(event.clientX, event.clientY)
    end()
    if (held.over) put.join(held.column, held.over)
    else if (held.part) put.part(held.row)
  }
  function stop() {
    start = null
    rest()
    deafen()
  }
  function end() {
    stop()
    state.held = null
  }
  /** A press on a half's dot. */
  function press(event: PointerEvent, column: string, row: string) {
    moved = false
    if (event.pointerType === 'touch' || event.button !== 0) return
    stop()
    start = { x: event.clientX, y: event.clientY, column, row }
    listen()
  }
  /** A tap on a half: picks it up, or puts down what is held. */
  function tap(column: string, row: string) {
    if (moved) return void (moved = false) // the end of a drag
    const held = state.held
    if (!held) return void (state.held = taken(column, row, 'tap'))
    end()
    if (held.column !== column && held.row !== row) put.join(held.column, column)
  }
  /** While a half was picked up by a tap: what the pointer or the focus is on. */
  function hover(column: string, row: string) {
    if (state.held?.by === 'tap') state.held.over = row === state.held.row ? '' : column
  }
  onScopeDispose(end)
  return { state, press, tap, hover, drop: end }
}
