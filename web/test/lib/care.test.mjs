// How the server fares, for the menu: read on the way from screen to screen, by those who may.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createSSRApp, effectScope, nextTick, reactive } from 'vue'
import { routeLocationKey } from 'vue-router'
import { lend, load, playServer, settled } from '../support/load.mjs'

const asked = playServer({ 'GET /system': () => [200, { held: [] }] })
lend({ document: { documentElement: {} } })
const [{ careKey, injectCare, useCare }, { adopt }] = await load('lib/care', 'lib/session')
const realNow = Date.now
let now = 1_000_000
test.beforeEach(() => {
  Date.now = () => now
  asked.length = 0
})
test.afterEach(() => (Date.now = realNow))

async function begin(role) {
  adopt({ csrf_token: '', user: { role } })
  const route = reactive({ name: 'overview' })
  const scope = effectScope()
  const app = createSSRApp({}).provide(routeLocationKey, route)
  const care = app.runWithContext(() => scope.run(useCare))
  await settled()
  const go = async (name, ms) => {
    now += ms
    route.name = name
    await nextTick()
    await settled()
  }
  return { care, go, scope }
}

test('it is read at once, and again with the screen when it is no longer fresh', async () => {
  const { care, go, scope } = await begin('analyst')
  assert.deepEqual(care.data, { held: [] })
  await go('gaps', 20_000)
  assert.equal(asked.length, 1, 'twenty seconds are fresh')
  await go('studies', 1)
  assert.equal(asked.length, 2)
  await go('gaps', 5_000)
  assert.equal(asked.length, 2, 'fresh again')
  scope.stop()
})

test('no clock reads it: a session that nobody uses may end', async () => {
  const { scope } = await begin('owner')
  now += 3_600_000
  await settled()
  assert.equal(asked.length, 1)
  scope.stop()
})

test('it is not asked for on behalf of those who may not see it', async () => {
  for (const role of ['viewer', 'agent', 'trainer']) {
    const { care, go, scope } = await begin(role)
    await go('gaps', 60_000)
    assert.equal(care.data, null)
    scope.stop()
  }
  assert.equal(asked.length, 0)
})

test('a screen in the shell shares its reading; one outside says so', () => {
  const app = createSSRApp({})
  assert.throws(() => app.runWithContext(injectCare), /outside the shell/)
  const care = {}
  assert.equal(app.provide(careKey, care).runWithContext(injectCare), care)
})
