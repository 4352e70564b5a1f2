// Short notes: how long they stay, how errors are put, and an edit that can be taken back.
import assert from 'node:assert/strict'
import test from 'node:test'
import { eventTarget, lend, load, ownTime, settled } from '../support/load.mjs'

const page = eventTarget()
lend({ ...page, document: { documentElement: {} } })
const [notes, { ApiError }, { setLocale }] = await load('lib/toast', 'lib/api', 'i18n/index')
await setLocale('en', false)
const time = ownTime()
const { dismiss, explain, sentences, toast, toasts, undoable } = notes
const texts = () => toasts.map((item) => item.text)

test('a note stays four seconds, what went wrong eight', async () => {
  toast('done')
  toast('wrong', { kind: 'wrong' })
  await time.tick(4000)
  assert.deepEqual(texts(), ['wrong'])
  await time.tick(4000)
  assert.deepEqual(texts(), [])
})

test('a note can be sent away; sending it away twice takes no other', () => {
  toast('a')
  toast('b')
  const { id } = toasts[0]
  dismiss(id)
  dismiss(id)
  assert.deepEqual(texts(), ['b'])
  dismiss(toasts[0].id)
})

test('what went wrong is the server’s sentence and hint; silence, conflict and a busy server have ours', async () => {
  assert.equal(explain(new ApiError(422, { detail: 'Too long.', hint: 'Shorten it.' })), 'Too long. Shorten it.')
  assert.match(explain(new ApiError(0, {})), /server.*kept/)
  assert.match(explain(new ApiError(409, { code: 'changed', detail: 'Changed.' })), /your text is kept/)
  assert.equal(explain(new ApiError(409, { code: 'taken', detail: 'Taken.' })), 'Taken.', 'a clash is no edit conflict')
  assert.match(explain(new ApiError(503, {})), /busy.* /)
  assert.throws(() => explain(new TypeError('a fault of ours')), TypeError)
  await setLocale('zh-CN', false)
  assert.equal(sentences('一。', undefined, '二。'), '一。二。', 'Chinese leaves no space')
  await setLocale('en', false)
})

function edit(send = async () => {}) {
  const seen = { applied: 0, reverted: 0, sent: 0 }
  undoable(
    'removed',
    () => seen.applied++,
    () => seen.reverted++,
    () => (seen.sent++, send()),
  )
  return seen
}

test('an edit is shown at once and sent after five seconds', async () => {
  const seen = edit()
  assert.deepEqual(seen, { applied: 1, reverted: 0, sent: 0 })
  await time.tick(5000)
  assert.deepEqual(seen, { applied: 1, reverted: 0, sent: 1 })
  assert.equal(page.listeners('pagehide'), 0)
})

test('taken back, it is never sent', async () => {
  const seen = edit()
  toasts.at(-1).undo()
  await time.tick(10_000)
  assert.deepEqual(seen, { applied: 1, reverted: 1, sent: 0 })
})

test('leaving the page sends it, once', async () => {
  const seen = edit()
  page.fire('pagehide')
  await time.tick(10_000)
  assert.equal(seen.sent, 1)
})

test('what the server refuses is put back and said', async () => {
  const seen = edit(() => Promise.reject(new ApiError(422, { detail: 'No.' })))
  await time.tick(5000)
  await settled()
  assert.equal(seen.reverted, 1)
  assert.ok(texts().includes('No.'))
})
