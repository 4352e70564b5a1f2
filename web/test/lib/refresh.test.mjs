// Work done again and again while somebody looks.
import assert from 'node:assert/strict'
import test from 'node:test'
import { effectScope } from 'vue'
import { eventTarget, lend, load, ownTime, settled } from '../support/load.mjs'

const document = eventTarget({ hidden: false })
lend({ document })
const [{ useRefresh }] = await load('lib/refresh')
const time = ownTime()

function start(pause = 1000) {
  document.hidden = false
  const scope = effectScope()
  const seen = { runs: 0, finish: null, pause }
  const work = () => {
    seen.runs++
    return new Promise((done) => (seen.finish = done))
  }
  const { soon } = scope.run(() => useRefresh(work, () => seen.pause))
  return { scope, seen, soon }
}

test('the pause begins when the work is done, and is asked each time', async () => {
  const { scope, seen } = start()
  await time.tick(999)
  assert.equal(seen.runs, 0)
  await time.tick(1)
  assert.equal(seen.runs, 1)
  await time.tick(60_000)
  assert.equal(seen.runs, 1, 'not while it runs')
  seen.pause = 5000
  seen.finish()
  await settled()
  await time.tick(4999)
  assert.equal(seen.runs, 1)
  await time.tick(1)
  assert.equal(seen.runs, 2)
  scope.stop()
})

test('a hidden page does nothing, and is brought up to date at once when it is shown', async () => {
  const { scope, seen } = start()
  document.hidden = true
  document.fire('visibilitychange')
  await time.tick(60_000)
  assert.equal(seen.runs, 0)
  document.hidden = false
  document.fire('visibilitychange')
  await settled()
  assert.equal(seen.runs, 1)
  scope.stop()
})

test('work that ends after the reader has gone is the last', async () => {
  const { scope, seen } = start()
  await time.tick(1000)
  scope.stop()
  seen.finish()
  await settled()
  assert.equal(time.pending(), 0)
  assert.equal(document.listeners('visibilitychange'), 0)
})
