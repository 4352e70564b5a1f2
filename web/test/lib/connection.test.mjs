// A server that is away: said after it was asked, asked again while somebody looks, and noticed when it is back.
import assert from 'node:assert/strict'
import test from 'node:test'
import { eventTarget, lend, load, ownTime, settled } from '../support/load.mjs'

const page = eventTarget()
const document = eventTarget({ hidden: false, documentElement: {} })
let here = true
let asked = 0
lend({
  ...page,
  document,
  fetch: async () => {
    asked++
    if (here) return new Response('')
    throw new TypeError('no network')
  },
})
const [{ answered, connection, suspect, whenBack }] = await load('lib/connection')
const time = ownTime()

test('one request without an answer only asks; a server that answers isn’t away', async () => {
  await suspect()
  assert.equal(connection.away, false)
  assert.equal(time.pending(), 0)
})

test('away, it is asked every second and a half, and all that waited goes on at once', async () => {
  here = false
  const gone = []
  for (const name of ['a', 'b']) void whenBack().then(() => gone.push(name))
  await settled()
  assert.equal(connection.away, true)
  const before = asked
  for (let i = 0; i < 2; i++) await time.tick(1500)
  assert.equal(asked, before + 2)
  here = true
  await time.tick(1500)
  assert.equal(connection.away, false)
  assert.deepEqual(gone, ['a', 'b'])
  assert.equal(time.pending(), 0)
  assert.equal(page.listeners('online'), 0)
})

test('nobody looking asks nothing; looking again asks at once, and so does a network that is back', async () => {
  here = false
  document.hidden = true
  await suspect()
  assert.equal(time.pending(), 0)
  const before = asked
  document.hidden = false
  document.fire('visibilitychange')
  await settled()
  assert.equal(asked, before + 1)
  here = true
  page.fire('online')
  await settled()
  assert.equal(connection.away, false)
})

test('many that fail at once ask once', async () => {
  here = false
  const before = asked
  await Promise.all([suspect(), suspect(), suspect()])
  assert.equal(asked, before + 1)
  assert.equal(time.pending(), 1)
  here = true
  await suspect()
  assert.equal(connection.away, false)
})

test('any answer of the server is its return', async () => {
  here = false
  await suspect()
  answered()
  assert.equal(connection.away, false)
  assert.equal(time.pending(), 0)
})
