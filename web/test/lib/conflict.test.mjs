// Saving what somebody else changed meanwhile: the newest is read, the choice saved on top, as often as needed.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [{ useConflict }, { ApiError }, { setLocale }] = await load('lib/conflict', 'lib/api', 'i18n/index')
await setLocale('en', false)
const changed = () => new ApiError(409, { code: 'changed' })

/** A server with one thing in it. */
function server(value, version) {
  const seen = { value, version, saved: 0, sent: [] }
  const saving = useConflict({
    read: async () => ({ value: seen.value, version: seen.version }),
    async send(next, at) {
      seen.sent.push(next)
      if (at !== seen.version) throw changed()
      Object.assign(seen, { value: next, version: at + 1 })
    },
    saved: () => seen.saved++,
  })
  return { seen, ...saving }
}

test('nobody else changed it: it is saved', async () => {
  const { seen, save, conflict } = server({ a: 1 }, 1)
  await save({ value: { a: 1 }, version: 1 }, { a: 2 })
  assert.deepEqual([seen.value, seen.saved, conflict.parts.length], [{ a: 2 }, 1, 0])
})

test('both changed it: part by part, then on top of the newest; once more if it changed again', async () => {
  const { seen, save, settle, conflict } = server({ a: 'theirs', b: 1 }, 2)
  await save({ value: { a: 'old', b: 1 }, version: 1 }, { a: 'mine', b: 1 })
  assert.equal(seen.saved, 0)
  assert.deepEqual(
    conflict.parts.map((part) => [part.path[0], part.original, part.theirs, part.mine, part.chosen]),
    [['a', 'old', 'theirs', 'mine', '']],
  )
  Object.assign(seen, { value: { a: 'theirs', b: 5 }, version: 3 })
  conflict.parts[0].chosen = 'mine'
  await settle()
  assert.deepEqual(
    conflict.parts.map((part) => [part.path[0], part.chosen]),
    [
      ['a', 'mine'],
      ['b', 'theirs'],
    ],
    'what was chosen stands against what came since',
  )
  await settle()
  assert.deepEqual([seen.value, seen.saved, conflict.parts.length], [{ a: 'mine', b: 5 }, 1, 0])
})

test('both wrote the same: there is nothing to choose', async () => {
  const { seen, save, conflict } = server({ a: 2 }, 2)
  await save({ value: { a: 1 }, version: 1 }, { a: 2 })
  assert.deepEqual([seen.saved, conflict.parts.length], [1, 0])
})

test('what the server refuses of a choice is said beside it, which stays; what is gone is the caller’s', async () => {
  let refusal = new ApiError(422, { detail: 'Too long.', hint: 'Shorten it.' })
  const version = 2
  const { save, settle, back, conflict } = useConflict({
    read: async () => ({ value: { a: 3 }, version }),
    async send(_, at) {
      if (at !== version) throw changed()
      if (refusal) throw refusal
    },
    saved() {},
  })
  await save({ value: { a: 1 }, version: 1 }, { a: 2 })
  conflict.parts[0].chosen = 'mine'
  await settle()
  assert.deepEqual([conflict.parts[0].chosen, conflict.wrong, conflict.busy], ['mine', 'Too long. Shorten it.', false])
  back()
  assert.deepEqual([conflict.parts, conflict.wrong], [[], ''])
  await save({ value: { a: 1 }, version: 1 }, { a: 2 })
  refusal = new ApiError(404, {})
  await assert.rejects(settle(), (error) => error.status === 404)
  assert.equal(conflict.parts.length, 0)
  await save({ value: { a: 1 }, version: 1 }, { a: 2 })
  refusal = undefined
  await settle()
  assert.deepEqual([conflict.parts.length, conflict.wrong], [0, ''])
})

test('back leaves all as it was; other refusals are the caller’s', async () => {
  const { seen, save, back, conflict } = server({ a: 3 }, 2)
  await save({ value: { a: 1 }, version: 1 }, { a: 2 })
  back()
  assert.deepEqual([conflict.parts.length, seen.value], [0, { a: 3 }])
  const refusing = useConflict({
    read: async () => assert.fail('no conflict'),
    send: async () => {
      throw new ApiError(409, { code: 'taken' })
    },
    saved: () => assert.fail('not saved'),
  })
  await assert.rejects(refusing.save({ value: {}, version: 1 }, {}), (error) => error.code === 'taken')
})
