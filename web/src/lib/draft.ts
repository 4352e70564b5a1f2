// Drafts: what stands in a form and isn't saved yet is kept on this device while it is typed, and offered when the form
// is opened again; saving drops it. Each user, form and thing has its own. What is typed while a draft is on offer
// takes nothing from that: both are kept, and whoever takes the one is offered the other.
//
// What is about people is kept for this tab only (`personal`): it must not outlive a reload on a shared machine.
// Passwords are never kept: a form doesn't count them among its values. Limits: 50 things with drafts, the oldest go
// first; 4 drafts of one thing, the newest; 30 days; 1 MB a draft: of a longer text none is kept.
import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import { user } from './session'
import { hold, mayLeave, type Holder } from './unsaved'

const PREFIX = 'mindgap.draft.'
const PAUSE_MS = 400
const MOST = 50
const OF_ONE = 4
const OLDEST_MS = 30 * 24 * 3600 * 1000
const LONGEST = 1_000_000

/** `original`: what the form began with; `version`: of what; `sent`: it was sent off, and comes back by itself. */
export type Draft<T> = { at: number; value: T; original: T; version?: number; sent?: boolean }
/** What is stored of one thing: the newest draft, and others that nobody took yet. */
type Stored<T> = Draft<T> & { others?: Draft<T>[] }

export type Form<T> = {
  /** Form and thing, as "study/01K…"; '' while the form isn't open. */
  name: () => string
  value: () => T
  /** What the form began with. */
  original: () => T
  version?: () => number | undefined
  /** Puts a kept draft into the form. */
  put: (draft: Draft<T>) => void
  personal?: boolean
}

export type Kept<T> = {
  changed: ComputedRef<boolean>
  /** A draft of earlier, until somebody takes it or not. */
  offer: ComputedRef<Draft<T> | null>
  /** Puts the draft into the form; what was typed there is on offer then. */
  take: () => void
  /** Gives up the draft on offer; what stands in the form stays. */
  drop: () => void
  /** What stands in the form is saved. */
  saved: () => void
  /** It was sent off, and is kept till dropDraft: a form that is opened again meanwhile begins with it. */
  sent: () => void
  /** Asks before the form is closed with unsaved text in it. */
  mayClose: () => Promise<boolean>
}

const keyOf = (name: string) => `${PREFIX}${user.value?.id ?? ''}.${name}`
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

export function useDraft<T>(form: Form<T>): Kept<T> {
  const store = form.personal ? sessionStorage : localStorage
  const offers = ref([]) as Ref<Draft<T>[]>
  const offer = computed(() => offers.value[0] ?? null)
  const done = ref('') // what was saved or given up last; till something else is typed, it is no change
  let timer: ReturnType<typeof setTimeout> | undefined

  const key = () => keyOf(form.name())
  const text = computed(() => (form.name() ? JSON.stringify(form.value()) : ''))
  const changed = computed(() => !!text.value && text.value !== done.value && !same(form.value(), form.original()))

  /** What stands in the form, where it isn't saved. */
  const own = (): Draft<T>[] =>
    changed.value
      ? [{ at: Date.now(), ...copy({ value: form.value(), original: form.original() }), version: form.version?.() }]
      : []
  function keep(sent = false) {
    clearTimeout(timer)
    if (form.name()) write(store, key(), [...own().map((draft) => ({ ...draft, sent })), ...offers.value])
  }
  function saved() {
    done.value = text.value
    keep()
  }
  function sent() {
    keep(true)
    done.value = text.value
  }
  function take() {
    const [first, ...rest] = offers.value
    if (!first) return
    offers.value = [...own(), ...rest]
    form.put(copy(first))
    keep()
  }
  function drop() {
    offers.value = offers.value.slice(1)
    keep()
  }

  watch(
    form.name,
    (name) => {
      done.value = ''
      const found = name ? read<T>(store, key()) : []
      if (found[0]?.sent) form.put(copy(found.shift()!))
      offers.value = found.filter((draft) => !same(draft.value, form.value()))
    },
    { immediate: true, flush: 'post' },
  )
  watch(text, () => {
    clearTimeout(timer)
    timer = setTimeout(() => keep(), PAUSE_MS)
  })
  const holder: Holder = { changed: () => changed.value, keep, drop: saved }
  const release = hold(holder)
  onScopeDispose(() => {
    clearTimeout(timer)
    release()
  })
  return { changed, offer, take, drop, saved, sent, mayClose: () => mayLeave(holder) }
}

function read<T>(store: Storage, key: string): Draft<T>[] {
  try {
    const stored = JSON.parse(store.getItem(key) ?? 'null') as Stored<T> | null
    if (!stored) return []
    const { others = [], ...newest } = stored
    return [newest, ...others].filter(({ at }) => Date.now() - at < OLDEST_MS)
  } catch {
    return []
  }
}

/** Where there is no room, or a text is too long, it stays in the form, and the browser asks before it goes: rather no
 * draft than an older one of the same text. */
function write<T>(store: Storage, key: string, drafts: Draft<T>[]) {
  const fitting = drafts.filter((draft) => JSON.stringify(draft).length <= LONGEST)
  const [newest, ...others] = fitting.slice(0, OF_ONE)
  if (!newest) return store.removeItem(key)
  try {
    tidy(store, key)
    store.setItem(key, JSON.stringify(others.length ? { ...newest, others } : newest))
  } catch {
    store.removeItem(key)
  }
}

function tidy(store: Storage, but: string) {
  const others = keys(store, PREFIX)
    .filter((key) => key !== but)
    .map((key) => ({ key, at: read(store, key)[0]?.at ?? 0 })) // 0: too old, or not to be read
    .sort((a, b) => b.at - a.at)
  others.forEach((draft, i) => (draft.at && i < MOST - 1 ? undefined : store.removeItem(draft.key)))
}

function keys(store: Storage, prefix: string): string[] {
  return Array.from({ length: store.length }, (_, i) => store.key(i) ?? '').filter((key) => key.startsWith(prefix))
}

/** Forgets what was sent off from a form that isn't open: it has arrived. Other drafts of the form stay. */
export function dropDraft(name: string) {
  const key = keyOf(name)
  const left = read(localStorage, key).filter((draft) => !draft.sent)
  write(localStorage, key, left)
}

// What was about people goes with whoever typed it: when they sign out, and when somebody else signs in.
watch(
  () => user.value?.id,
  (now) => {
    const own = now ? `${PREFIX}${now}.` : ''
    for (const key of keys(sessionStorage, PREFIX)) if (!own || !key.startsWith(own)) sessionStorage.removeItem(key)
  },
  { flush: 'sync' },
)
