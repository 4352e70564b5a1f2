// Parts fetched when first looked at: one that doesn't come waits for the server; one that is gone is said.
import assert from 'node:assert/strict'
import test from 'node:test'
import { eventTarget, lend, load, ownTime, settled } from '../support/load.mjs'

let here = true
lend({
  ...eventTarget(),
  document: eventTarget({ hidden: false, documentElement: {} }),
  fetch: async () => {
    if (here) return new Response('')
    throw new TypeError('no network')
  },
})
const [lazy, { toasts }, { setLocale }] = await load('lib/lazy', 'lib/toast', 'i18n/index')
await setLocale('en', false)
const { awaited, part, PartMissing, screen } = lazy
const time = ownTime()
const fetched = () => (here ? Promise.resolve('screen') : Promise.reject(new TypeError('not fetched')))

test('a screen that doesn’t come is awaited, and comes when the server is back', async () => {
  here = false
  const coming = screen(fetched)()
  await settled()
  assert.equal(awaited.value, true)
  here = true
  await time.tick(1500)
  assert.equal(await coming, 'screen')
})

test('a chart waits in the same way and says nothing meanwhile', async () => {
  awaited.value = false
  here = false
  const coming = part(fetched)()
  await settled()
  here = true
  await time.tick(1500)
  assert.equal(await coming, 'screen')
  assert.equal(awaited.value, false)
  assert.equal(toasts.length, 0)
})

test('what the server hasn’t got is missing: a screen for the router, a chart in words', async () => {
  const gone = () => Promise.reject(new TypeError('404'))
  await assert.rejects(screen(gone)(), PartMissing)
  await assert.rejects(part(gone)(), PartMissing)
  assert.match(toasts[0].text, /did not load/)
})
