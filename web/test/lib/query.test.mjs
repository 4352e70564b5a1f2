// The view in the address: filters there and back, and changes of several keys in one step.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createApp, nextTick } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { load } from '../support/load.mjs'

const [{ formatFilter, parseFilter, useQuery }] = await load('lib/query')

async function at(path) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: {} }] })
  await router.push(path)
  const query = createApp({}).use(router).runWithContext(useQuery)
  const arrived = async () => {
    await nextTick()
    await new Promise((done) => setTimeout(done))
    return router.currentRoute.value.query
  }
  return { router, arrived, ...query }
}

test('a filter comes back as it went, marks inside names and values too', () => {
  const filter = { region: ['north', 'a,b'], 'x:y;z': ['100%', '期望'] }
  assert.deepEqual(parseFilter(formatFilter(filter)), filter)
  assert.equal(formatFilter({ region: ['n', 's'], age: ['30'] }), 'region:n,s;age:30')
})

test('a group without values leaves the address; rubbish in the address is no filter and no error', () => {
  assert.equal(formatFilter({ region: [], age: ['30'] }), 'age:30')
  assert.deepEqual(parseFilter(''), {})
  assert.deepEqual(parseFilter(';;:x;nothing'), {})
  assert.deepEqual(parseFilter('a:,1,,2'), { a: ['1', '2'] })
  assert.deepEqual(parseFilter('a:100%'), { a: ['100%'] }, 'a percent that encodes nothing stands for itself')
})

test('a group may be called as what every object has', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    const filter = parseFilter(`${name}:x;g:a`)
    assert.deepEqual(Object.entries(filter), [
      [name, ['x']],
      ['g', ['a']],
    ])
    assert.equal(formatFilter(filter), `${name}:x;g:a`)
  }
})

test('a group that stands twice has the values of both', () => {
  assert.deepEqual(parseFilter('a:1;b:2;a:3,1'), { a: ['1', '3'], b: ['2'] })
})

test('a parameter reads the address, or its fallback, and only what differs from that is written', async () => {
  const { param, texts, arrived } = await at('/?view=heat&twice=1&twice=2')
  const view = param('view', 'list')
  assert.equal(view.value, 'heat')
  assert.equal(param('none', 'list').value, 'list')
  assert.equal(param('twice', 'x').value, 'x', 'a key that stands twice is no choice')
  assert.deepEqual([texts('twice'), texts('view'), texts('none')], [['1', '2'], ['heat'], []])
  view.value = 'map'
  assert.equal((await arrived()).view, 'map')
  view.value = 'list'
  assert.equal('view' in (await arrived()), false)
})

test('changes made at once are one step, the later one counts, the others in the address stay', async () => {
  const { patch, router, arrived } = await at('/?study=a&wave=1')
  let steps = 0
  router.afterEach(() => steps++)
  patch({ wave: '2', pick: 'x' })
  patch({ wave: undefined, by: 'region' })
  assert.deepEqual({ ...(await arrived()) }, { study: 'a', pick: 'x', by: 'region' })
  assert.equal(steps, 1)
})
