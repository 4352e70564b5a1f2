// Drafts: what stands in a form and isn't saved yet is kept on this device while it is typed, and offered when the form
// is opened again; saving drops it. One for each user, form and thing.
//
// What is about people is kept for this tab only (`personal`): it must not outlive a reload on a shared machine.
// Passwords are never kept: a form doesn't count them among its values. Limits: 50 drafts, the oldest go first;
// 30 days; 1 MB a draft: of a longer text none is kept.
import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import { user } from './session'
import { hold, mayLeave, type Holder } from './unsaved'

const PREFIX = 'mindgap.draft.'
const PAUSE_MS = 400
const MOST = 50
const OLDEST_MS = 30 * 24 * 3600 * 1000
const LONGEST = 1_000_000

/** `original`: what the form began with; `version`: of what; `sent`: it was sent off, and comes back by itself. */
export type Draft<T> = { at: number; value: T; original: T; version?: number; sent?: boolean }

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
  offer: Ref<Draft<T> | null>
  take: () => void
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
  const offer = ref(null) as Ref<Draft<T> | null>
  const done = ref('') // what was saved or given up last; till something else is typed, it is no change
  let timer: ReturnType<typeof setTimeout> | undefined

  const key = () => keyOf(form.name())
  const text = computed(() => (form.name() ? JSON.stringify(form.value()) : ''))
  const changed = computed(() => !!text.value && text.value !== done.value && !same(form.value(), form.original()))

  function keep(sent = false) {
    clearTimeout(timer)
    if (!form.name()) return
    if (!changed.value) return offer.value ? undefined : store.removeItem(key())
    const draft = { at: Date.now(), value: form.value(), original: form.original(), version: form.version?.(), sent }
    write(store, key(), JSON.stringify(draft))
  }
  function forget() {
    clearTimeout(timer)
    offer.value = null
    if (form.name()) store.removeItem(key())
  }
  function saved() {
    done.value = text.value
    forget()
  }
  function sent() {
    keep(true)
    offer.value = null
    done.value = text.value
  }
  function take() {
    if (offer.value) form.put(copy(offer.value))
    offer.value = null
  }

  watch(
    form.name,
    (name) => {
      done.value = ''
      const found = name ? read<T>(store, key()) : null
      const other = found && !same(found.value, form.value()) ? found : null
      if (other?.sent) form.put(copy(other))
      offer.value = other?.sent ? null : other
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
  return { changed, offer, take, drop: forget, saved, sent, mayClose: () => mayLeave(holder) }
}

function read<T>(store: Storage, key: string): Draft<T> | null {
  try {
    const draft = JSON.parse(store.getItem(key) ?? 'null') as Draft<T> | null
    return draft && Date.now() - draft.at < OLDEST_MS ? draft : null
  } catch {
    return null
  }
}

/** Where there is no room, or the text is too long, it stays in the form, and the browser asks before it goes: rather
 * no draft than an older one. */
function write(store: Storage, key: string, text: string) {
  if (text.length > LONGEST) return store.removeItem(key)
  try {
    tidy(store, key)
    store.setItem(key, text)
  } catch {
    store.removeItem(key)
  }
}

function tidy(store: Storage, but: string) {
  const others = keys(store, PREFIX)
    .filter((key) => key !== but)
    .map((key) => ({ key, at: read(store, key)?.at ?? 0 })) // 0: too old, or not to be read
    .sort((a, b) => b.at - a.at)
  others.forEach((draft, i) => (draft.at && i < MOST - 1 ? undefined : store.removeItem(draft.key)))
}

function keys(store: Storage, prefix: string): string[] {
  return Array.from({ length: store.length }, (_, i) => store.key(i) ?? '').filter((key) => key.startsWith(prefix))
}

/** Forgets the draft of a form that isn't open: what was sent off has arrived. */
export function dropDraft(name: string) {
  localStorage.removeItem(keyOf(name))
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
