// What a number that leaves the screen takes along: study, wave, filters, in words.
import assert from 'node:assert/strict'
import test from 'node:test'
import { ref } from 'vue'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [{ headOf }, { setLocale }] = await load('lib/heading', 'i18n/index')
await setLocale('en', false)

const facets = { data: { groups: [{ code: 'region', label: { en: 'Region' }, values: [] }] } }
function look({ wave = 'w2', newest = 'w2', filter = {} } = {}) {
  const study = ref({ code: 's', title: { en: 'Heating' } })
  return { study, facets, filter: ref(filter), newest: ref(newest), shownWave: ref(wave) }
}
const lines = (...args) => headOf(...args).map(({ name, value }) => `${name}=${value}`)

test('the newest wave is named as such, another by its name, all as all', () => {
  assert.deepEqual(lines(look()), ['Study=Heating', 'Wave=w2 (newest)', 'Filters=none'])
  assert.equal(lines(look({ wave: 'w1' }))[1], 'Wave=w1')
  assert.equal(lines(look({ wave: '*' }))[1], 'Wave=All waves')
  assert.equal(lines(look(), true)[1], 'Wave=All waves', 'a trend is of all, whichever is chosen')
})

test('a study without waves has none; filters stand with the names of their groups', () => {
  const filter = { region: ['East', 'West'], gone: ['x'], empty: [] }
  assert.deepEqual(lines(look({ wave: '', newest: '', filter })), [
    'Study=Heating',
    'Filters=Region East, West, gone x',
  ])
})
