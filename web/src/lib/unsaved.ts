// What was typed and isn't saved: whoever leaves it is asked first. Forms say what they hold (useDraft); here stands
// who asks (the way to another screen, a sheet, the browser), and the one question that waits for its answer.
import { shallowRef } from 'vue'
import { isNavigationFailure, NavigationFailureType, type Router } from 'vue-router'

/** A form with text in it. */
export type Holder = {
  changed: () => boolean
  /** Writes the draft down now. */
  keep: () => void
  /** Forgets what was typed. */
  drop: () => void
}
export type Choice = 'stay' | 'leave' | 'drop'

const holders = new Set<Holder>()
/** Answers the question that is being asked; null: none is. */
export const question = shallowRef<((choice: Choice) => void) | null>(null)

export function hold(holder: Holder): () => void {
  holders.add(holder)
  return () => holders.delete(holder)
}

/** What somebody agreed to leave, while the screen that they are on the way to hasn't come yet: not asked again. */
const left = new Set<Holder>()
const unsaved = () => [...holders].filter((holder) => holder.changed() && !left.has(holder))

/** Asks where something would be left behind: `of`, or anything at all. True: go. */
export async function mayLeave(of?: Holder): Promise<boolean> {
  const held = unsaved().filter((holder) => !of || holder === of)
  if (!held.length) return true
  if (question.value) return false // one question at a time
  const choice = await new Promise<Choice>((resolve) => (question.value = resolve))
  question.value = null
  if (choice === 'stay') return false
  for (const holder of held) {
    if (choice === 'drop') holder.drop()
    else holder.keep()
  }
  return true
}

/** Asks on the way to another screen; the browser itself asks before the page goes. Who went on is on the way until a
 * screen is there, or the way failed: a newer way that takes its place is no end. */
export function guardUnsaved(router: Router) {
  let steps = 0 // back or on: the browser has changed the address already
  router.options.history.listen((_to, _from, { delta }) => (steps = delta))
  router.beforeEach(async (to, from) => {
    const gone = steps
    steps = 0
    if (to.path === from.path) return true
    const held = unsaved()
    const agreed = mayLeave().then((go) => {
      if (go) held.forEach((holder) => left.add(holder))
      return go
    })
    if (!gone || !held.length) return agreed
    void agreed.then((go) => go && router.go(gone))
    return false // the address is the page's own again while it asks
  })
  router.afterEach((_to, _from, failure) => {
    if (!isNavigationFailure(failure, NavigationFailureType.cancelled)) left.clear()
  })
  router.onError(() => left.clear())
  addEventListener('beforeunload', (event) => {
    if (unsaved().length) event.preventDefault()
  })
  addEventListener('pagehide', () => {
    for (const holder of unsaved()) holder.keep()
  })
}
