// What a screen of numbers looks at: the study of the address or the first, and numbers asked again until they are
// there.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createApp, effectScope } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { lend, load, ownTime, playServer, settled } from '../support/load.mjs'

const studies = [
  { id: '1', code: 'winter', responses: 10 },
  { id: '2', code: 'summer', responses: 0 },
]
const waves = ['w1', 'w2'].map((value) => ({ value, n: 5 }))
const answers = { 'GET /studies': [200, { studies }], 'GET /studies/1/facets': [200, { waves, groups: [] }] }
const asked = playServer(answers)
lend({ document: { documentElement: {} } })
const [view, { ApiError }, { state }] = await load('lib/view', 'lib/api', 'lib/session')

async function look(path) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: {} }] })
  await router.push(path)
  const scope = effectScope()
  const app = createApp({}).use(router)
  const seen = scope.run(() => app.runWithContext(view.useView))
  await new Promise((done) => setTimeout(done, 20))
  return { scope, router, ...seen }
}

test('the study is the one of the address, the first where it names none; the list is read once for all', async () => {
  const named = await look('/?study=summer&wave=w1&filter=region:n')
  assert.equal(named.study.value.id, '2')
  assert.deepEqual(named.query.value, { wave: 'w1', filter: 'region:n' })
  assert.deepEqual(named.filter.value, { region: ['n'] })
  named.scope.stop()
  const first = await look('/')
  assert.equal(first.study.value.id, '1')
  first.scope.stop()
  const gone = await look('/?study=gone')
  assert.deepEqual([gone.study.value, gone.unknown.value], [null, 'gone'], 'no other study’s numbers')
  gone.scope.stop()
  assert.equal(asked.filter(({ path }) => path === '/studies').length, 1)
})

test('without a wave in the address it is the newest, by its name; all waves are asked for', async () => {
  const now = await look('/?study=winter&filter=a:1')
  assert.deepEqual([now.newest.value, now.shownWave.value], ['w2', 'w2'])
  assert.deepEqual(now.query.value, { wave: 'w2', filter: 'a:1' })
  assert.deepEqual(now.asked.value, { wave: undefined, filter: 'a:1' }, 'the overview knows its newest itself')
  now.scope.stop()
  const all = await look('/?study=winter&wave=*')
  assert.equal(all.query.value.wave, view.ALL_WAVES)
  const counted = asked.filter(({ path }) => path === '/studies/1/facets').at(-1).request
  assert.equal(new URL(counted.url).searchParams.get('wave'), '*', 'what one may choose is counted there')
  assert.equal(all.asked.value.wave, view.ALL_WAVES)
  assert.deepEqual(all.carried.value, { study: 'winter', wave: '*' }, 'a link to another screen says the same')
  all.scope.stop()
})

test('a link that names a filter twice has the values of both, and asks so', async () => {
  const both = await look('/?study=winter&filter=region:A&filter=region:B,C')
  assert.deepEqual(both.filter.value, { region: ['A', 'B', 'C'] })
  assert.equal(both.query.value.filter, 'region:A,B,C')
  both.scope.stop()
  const rubbish = await look('/?study=winter&filter=nothing')
  assert.equal(rubbish.query.value.filter, 'nothing', 'the server says what is wrong with it')
  rubbish.scope.stop()
})

test('as long as the waves are not known no numbers are asked for, and none of a study without answers', async () => {
  const empty = await look('/?study=summer')
  assert.equal(empty.query.value, null)
  assert.ok(!asked.some(({ path }) => path === '/studies/2/facets'))
  empty.scope.stop()
})

test('another study leaves behind what belonged to the old one; a filter changes its own group alone', async () => {
  const seen = await look('/?study=winter&wave=w1&filter=a:1;b:2&pick=item:q&view=map')
  seen.setFilter('b', [])
  await new Promise((done) => setTimeout(done, 20))
  assert.equal(seen.router.currentRoute.value.query.filter, 'a:1')
  seen.setStudy('summer')
  await new Promise((done) => setTimeout(done, 20))
  assert.deepEqual({ ...seen.router.currentRoute.value.query }, { study: 'summer', view: 'map' })
  seen.scope.stop()
})

test('the studies of one who leaves are not the next one’s', async () => {
  state.phase = 'in'
  await settled()
  view.studies.list = studies
  state.phase = 'out'
  await settled()
  assert.equal(view.studies.list, null)
})

test('first numbers not there yet are asked for again, twenty times at most, and not for one who left', async () => {
  const time = ownTime()
  const seenBy = { study: { value: { last_received_at: new Date().toISOString() } }, chosen: { value: false } }
  const notYet = new ApiError(422, { code: 'inestimable' })
  const count = (answer, signal = new AbortController().signal) => {
    const seen = { tries: 0 }
    const load = async () => answer(++seen.tries)
    seen.end = view.analysed(signal, seenBy, load).then(
      (value) => ({ value }),
      (error) => ({ error }),
    )
    return seen
  }
  const fail = (error) => {
    throw error
  }
  const late = count((tries) => (tries < 3 ? fail(notYet) : 'here'))
  for (let i = 0; i < 3; i++) await time.tick(500)
  assert.deepEqual(await late.end, { value: 'here' })

  const never = count(() => fail(notYet))
  for (let i = 0; i < 30; i++) await time.tick(500)
  assert.equal((await never.end).error, notYet)
  assert.equal(never.tries, 20)

  const named = count(() => fail(new ApiError(422, { code: 'inestimable', field: 'weight' })))
  await named.end
  assert.equal(named.tries, 1, 'a column that leaves nothing leaves nothing')

  const other = count(() => fail(new ApiError(500, {})))
  assert.equal((await other.end).error.status, 500)
  assert.equal(other.tries, 1)

  seenBy.chosen.value = true // a filter that leaves nothing leaves nothing
  const filtered = count(() => fail(notYet))
  assert.equal((await filtered.end).error, notYet)
  assert.equal(filtered.tries, 1)
  seenBy.chosen.value = false
  seenBy.study.value.last_received_at = '2020-01-01T00:00:00Z'
  const settledLong = count(() => fail(notYet))
  await settledLong.end
  assert.equal(settledLong.tries, 1)
  seenBy.study.value.last_received_at = new Date().toISOString()

  const controller = new AbortController()
  const left = count(() => fail(notYet), controller.signal)
  await settled()
  controller.abort()
  await time.tick(500)
  assert.equal((await left.end).error.name, 'AbortError')
  assert.equal(left.tries, 1)
})

test('a screen outside the shell is told so', () => {
  assert.throws(() => createApp({}).runWithContext(view.injectView), /no view/)
})
