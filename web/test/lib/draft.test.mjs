// Drafts: kept while it is typed, offered again, dropped when saved; people's data for this tab only; and the question
// before something is left behind.
import assert from 'node:assert/strict'
import test, { afterEach } from 'node:test'
import { effectScope, nextTick, ref } from 'vue'
import { eventTarget, lend, load, ownTime, settled } from '../support/load.mjs'

function storage() {
  const kept = new Map()
  return {
    kept,
    get length() {
      return kept.size
    },
    key: (i) => [...kept.keys()][i] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem(key, value) {
      if (this.full) throw new Error('no room')
      kept.set(key, String(value))
    },
    removeItem: (key) => kept.delete(key),
  }
}
const local = storage()
const tab = storage()
const page = eventTarget()
const document = { documentElement: {}, querySelector: () => null }
lend({
  window: { scrollX: 0, scrollY: 0 },
  ...page,
  localStorage: local,
  sessionStorage: tab,
  document,
  history: { replaceState() {} },
})
const [drafts, unsaved, session] = await load('lib/draft', 'lib/unsaved', 'lib/session')
const time = ownTime()
session.adopt({ csrf_token: 't', user: { id: 'u1', role: 'owner' } })

// A test that fails leaves no form behind that the next one would be asked about, and no question.
const scopes = []
afterEach(() => {
  scopes.splice(0).forEach((scope) => scope.stop())
  unsaved.question.value?.('stay')
})

function form(more = {}) {
  const scope = effectScope()
  scopes.push(scope)
  const name = ref('study/1')
  const typed = ref('old')
  const base = ref('old')
  const draft = scope.run(() =>
    drafts.useDraft({
      name: () => name.value,
      value: () => typed.value,
      original: () => base.value,
      version: () => 3,
      put: (kept) => ((typed.value = kept.value), (base.value = kept.original)),
      ...more,
    }),
  )
  return { scope, name, typed, base, draft }
}
async function type(f, text) {
  f.typed.value = text
  await nextTick()
  await time.tick(400)
}
const KEY = 'mindgap.draft.u1.study/1'

test('what is typed is kept with what it began from, and offered when the form opens again', async () => {
  const first = form()
  await type(first, 'new')
  assert.equal(first.draft.changed.value, true)
  const kept = JSON.parse(local.getItem(KEY))
  assert.deepEqual([kept.value, kept.original, kept.version], ['new', 'old', 3])
  first.scope.stop()
  const second = form()
  await nextTick()
  assert.equal(second.draft.offer.value.value, 'new')
  second.draft.take()
  assert.equal(second.typed.value, 'new')
  assert.equal(second.draft.offer.value, null)
  second.draft.saved()
  assert.equal(local.getItem(KEY), null)
  assert.equal(second.draft.changed.value, false, 'till something else is typed')
  await type(second, 'more')
  assert.equal(second.draft.changed.value, true)
  second.draft.saved()
  second.scope.stop()
})

test('typed back to what it was, nothing is kept; an offer nobody took stays', async () => {
  const f = form()
  await type(f, 'new')
  await type(f, 'old')
  assert.equal(local.getItem(KEY), null)
  await type(f, 'new')
  f.scope.stop()
  const again = form()
  await nextTick()
  await type(again, 'x')
  await type(again, 'old')
  assert.equal(again.draft.offer.value.value, 'new')
  again.draft.drop()
  assert.equal(local.getItem(KEY), null)
  again.scope.stop()
})

test('what is typed beside an offer takes nothing from it: both are kept, and either can be taken', async () => {
  const first = form()
  await type(first, 'first text')
  first.scope.stop()
  const second = form()
  await nextTick()
  await type(second, 'second text')
  second.scope.stop()
  const third = form()
  await nextTick()
  assert.equal(third.draft.offer.value.value, 'second text')
  third.draft.take()
  assert.equal(third.typed.value, 'second text')
  assert.equal(third.draft.offer.value.value, 'first text')
  third.draft.take()
  assert.equal(third.typed.value, 'first text')
  assert.equal(third.draft.offer.value.value, 'second text', 'what was replaced is on offer')
  third.draft.saved()
  third.scope.stop()
  const fourth = form()
  await nextTick()
  assert.equal(fourth.draft.offer.value.value, 'second text', 'saving the one leaves the other')
  await type(fourth, 'third text')
  fourth.draft.drop()
  assert.equal(fourth.draft.offer.value, null)
  assert.equal(JSON.parse(local.getItem(KEY)).value, 'third text', 'giving up the offer keeps what was typed')
  fourth.draft.saved()
  assert.equal(local.getItem(KEY), null)
  fourth.scope.stop()
})

test('of one thing four drafts are kept, the newest', async () => {
  for (const text of ['1', '2', '3', '4', '5']) {
    const f = form()
    await nextTick()
    await type(f, text)
    f.scope.stop()
  }
  const stored = JSON.parse(local.getItem(KEY))
  assert.deepEqual(
    [stored, ...stored.others].map((draft) => draft.value),
    ['5', '4', '3', '2'],
  )
  local.kept.clear()
})

test('another user’s draft isn’t offered, nor one that is too old or broken', async () => {
  local.setItem('mindgap.draft.u2.study/1', JSON.stringify({ at: Date.now(), value: 'theirs', original: 'old' }))
  local.setItem(KEY, JSON.stringify({ at: Date.now() - 31 * 24 * 3600_000, value: 'ancient', original: 'old' }))
  const old = form()
  await nextTick()
  assert.equal(old.draft.offer.value, null)
  old.scope.stop()
  local.setItem(KEY, '{')
  const broken = form()
  await nextTick()
  assert.equal(broken.draft.offer.value, null)
  broken.scope.stop()
  local.kept.clear()
})

test('what is about people stays in the tab, and goes when they sign out or somebody else signs in', async () => {
  const as = (id) => session.adopt({ csrf_token: 't', user: { id, role: 'owner' } })
  const f = form({ personal: true })
  for (const next of [() => session.leave(), () => as('u2')]) {
    await type(f, 'Wang')
    assert.equal(local.getItem(KEY), null)
    assert.ok(tab.getItem(KEY))
    next()
    assert.equal(tab.getItem(KEY), null)
    as('u1')
    await type(f, 'old')
  }
  await type(f, 'Li')
  as('u1') // the same person again, after the session ended
  assert.ok(tab.getItem(KEY))
  f.draft.saved()
  f.scope.stop()
})

test('of a text that is too long none is kept, not even an older one', async () => {
  const f = form()
  await type(f, 'new')
  assert.ok(local.getItem(KEY))
  await type(f, 'x'.repeat(1_000_001))
  assert.equal(local.getItem(KEY), null)
  assert.equal(f.draft.changed.value, true, 'the browser asks before it goes')
  f.draft.saved()
  f.scope.stop()
})

test('fifty are kept, the oldest go; where there is no room there is none rather than an older one', async () => {
  for (let i = 0; i < 60; i++)
    local.setItem(`mindgap.draft.u1.x/${i}`, JSON.stringify({ at: Date.now() - i * 1000, value: 1, original: 0 }))
  const f = form()
  await type(f, 'new')
  assert.equal(local.kept.size, 50)
  assert.ok(local.getItem('mindgap.draft.u1.x/0'))
  local.full = true
  await type(f, 'newer')
  assert.equal(local.getItem(KEY), null)
  local.full = false
  f.draft.saved()
  f.scope.stop()
  local.kept.clear()
})

test('what was sent off is no change, and kept till it is known to have arrived', async () => {
  const f = form()
  await type(f, 'new')
  f.draft.sent()
  assert.equal(f.draft.changed.value, false)
  assert.ok(local.getItem(KEY))
  f.scope.stop()
  const again = form()
  await nextTick()
  assert.equal(again.typed.value, 'new', 'it comes back by itself')
  again.scope.stop()
  drafts.dropDraft('study/1')
  assert.equal(local.getItem(KEY), null)
})

test('what was sent off leaves another draft on offer', async () => {
  const earlier = form()
  await type(earlier, 'earlier')
  earlier.scope.stop()
  const f = form()
  await nextTick()
  await type(f, 'new')
  f.draft.sent()
  f.scope.stop()
  drafts.dropDraft('study/1')
  const again = form()
  await nextTick()
  assert.equal(again.draft.offer.value.value, 'earlier')
  again.draft.drop()
  again.scope.stop()
})

test('leaving asks where something isn’t saved: stay, leave and keep, or drop', async () => {
  const f = form()
  assert.equal(await unsaved.mayLeave(), true, 'nothing to lose')
  await type(f, 'new')
  const staying = f.draft.mayClose()
  assert.equal(await unsaved.mayLeave(), false, 'one question at a time')
  unsaved.question.value('stay')
  assert.equal(await staying, false)
  local.kept.clear()
  const leaving = unsaved.mayLeave()
  unsaved.question.value('leave')
  assert.equal(await leaving, true)
  assert.equal(JSON.parse(local.getItem(KEY)).value, 'new')
  const dropping = unsaved.mayLeave()
  unsaved.question.value('drop')
  assert.equal(await dropping, true)
  assert.equal(local.getItem(KEY), null)
  assert.equal(unsaved.question.value, null)
  f.scope.stop()
})

test('the way to another screen asks, another look at the same doesn’t; the browser is asked to ask', async () => {
  let guard
  const options = { history: { listen() {} } }
  unsaved.guardUnsaved({ options, beforeEach: (run) => (guard = run), afterEach() {}, onError() {} })
  const f = form()
  await type(f, 'new')
  assert.equal(await guard({ path: '/a' }, { path: '/a' }), true)
  const going = guard({ path: '/b' }, { path: '/a' })
  unsaved.question.value('stay')
  assert.equal(await going, false)
  let stopped = 0
  page.fire('beforeunload', { preventDefault: () => stopped++ })
  assert.equal(stopped, 1)
  local.kept.clear()
  page.fire('pagehide')
  assert.ok(local.getItem(KEY))
  f.draft.saved()
  page.fire('beforeunload', { preventDefault: () => stopped++ })
  assert.equal(stopped, 1)
  f.scope.stop()
  await settled()
})

test('who agreed to leave isn’t asked again while the screen is on its way, nor by another choice', async () => {
  const { createMemoryHistory, createRouter } = await import('vue-router')
  const come = []
  const routes = ['a', 'b', 'c'].map((name) => {
    return { path: `/${name}`, component: name === 'a' ? {} : () => new Promise((resolve) => come.push(resolve)) }
  })
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push('/a')
  unsaved.guardUnsaved(router)
  const f = form()
  await type(f, 'new')
  const first = router.push('/b')
  await settled()
  unsaved.question.value('leave')
  await settled()
  const second = router.push('/c')
  await settled()
  assert.equal(unsaved.question.value, null)
  for (const arrive of come) arrive({})
  await Promise.all([first, second])
  assert.equal(router.currentRoute.value.path, '/c')
  assert.equal(unsaved.question.value, null)
  const again = router.push('/a') // the form is still held in this test, and asks anew
  await settled()
  unsaved.question.value('stay')
  await again
  assert.equal(router.currentRoute.value.path, '/c')
  f.scope.stop()
})

test('on the way back the address is the page’s own while it asks; whoever leaves then goes', async () => {
  const { createMemoryHistory, createRouter } = await import('vue-router')
  const routes = ['a', 'b'].map((name) => ({ path: `/${name}`, component: {} }))
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push('/a')
  await router.push('/b')
  unsaved.guardUnsaved(router)
  const f = form()
  await type(f, 'new')
  router.back()
  await settled()
  assert.ok(unsaved.question.value)
  assert.equal(router.options.history.location, '/b')
  unsaved.question.value('stay')
  await settled()
  assert.equal(router.options.history.location, '/b')
  router.back()
  await settled()
  unsaved.question.value('leave')
  await settled()
  assert.equal(router.currentRoute.value.path, '/a')
  assert.equal(unsaved.question.value, null, 'asked once')
  f.draft.saved()
  f.scope.stop()
})
