// What is looked for among responses: whole days of the reader's, orders of answers only where a question is chosen.
import assert from 'node:assert/strict'
import test from 'node:test'
import { computed, ref } from 'vue'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [{ momentOf, useSearch }, { questionsOf }, { setLocale }] = await load(
  'screens/listen/responses/search',
  'lib/questions',
  'i18n/index',
)
await setLocale('en', false)

/** A view whose address is these values. */
function look(address, facets = { data: {} }) {
  const kept = new Map(Object.entries(address).map(([key, value]) => [key, ref(value)]))
  const param = (key, fallback = '') => kept.get(key) ?? ref(fallback)
  const wave = param('wave')
  const shownWave = computed(() => wave.value || 'newest')
  return useSearch({ param, patch: () => {}, wave, shownWave, facets: { data: null, error: null, ...facets } })
}

test('days count whole, the last one too; what is no day is not asked for', () => {
  const { query } = look({ from: '2026-01-10', to: '2026-01-31' })
  assert.equal(query.value.from, new Date(2026, 0, 10).toISOString())
  assert.equal(query.value.below, new Date(2026, 1, 1).toISOString())
  assert.equal(momentOf('yesterday'), undefined)
  assert.equal(momentOf(''), undefined)
})

test('answers can be ordered by only where a question is chosen; a value without one is not asked for', () => {
  const none = look({ order: 'highest', value: '7' })
  assert.deepEqual([none.query.value.order, none.query.value.value], ['newest', undefined])
  assert.deepEqual([...none.offered.value], ['newest', 'oldest'])
  const one = look({ order: 'highest', column: 'E1', value: '7' })
  assert.deepEqual([one.query.value.order, one.query.value.column, one.query.value.value], ['highest', 'E1', '7'])
})

test('a last day before the first is said, the same day twice is none', () => {
  assert.equal(look({ from: '2026-01-10', to: '2026-01-01' }).backwards.value, true)
  assert.equal(look({ from: '2026-01-10', to: '2026-01-10' }).backwards.value, false)
  assert.equal(look({ from: '2026-01-10' }).backwards.value, false)
})

test('the wave is the one of every screen: the newest unless one is chosen, and none for all of them', () => {
  assert.equal(look({}).query.value.wave, 'newest')
  assert.equal(look({ wave: 'w1' }).query.value.wave, 'w1')
  assert.equal(look({ wave: '*' }).query.value.wave, undefined)
  assert.equal(look({}, {}).query.value, null, 'till it is known which is the newest')
  assert.ok(look({}, { error: {} }).query.value, 'or that it can’t be known')
})

test('what isn’t found in a wave may be in others: the way there keeps all else that is looked for', () => {
  const one = look({ customer: 'C3', wave: 'w1' })
  assert.equal(one.elsewhere.value, true)
  one.inAllWaves()
  assert.deepEqual([one.query.value.wave, one.query.value.customer], [undefined, 'C3'])
  assert.equal(one.elsewhere.value, false, 'there is no wave left')
  assert.equal(look({ wave: 'w1' }).elsewhere.value, false, 'nothing else is looked for')
  assert.equal(look({ from: '2026-01-10', to: '2026-01-01' }).elsewhere.value, false)
})

test('an order narrows nothing; all waves are no wave', () => {
  assert.equal(look({ order: 'oldest', wave: '*' }).narrowed.value, false)
  assert.equal(look({}).narrowed.value, false)
  assert.equal(look({ wave: 'w1' }).narrowed.value, true)
  assert.equal(look({ column: 'E1' }).narrowed.value, true)
})

test('a column is read as the question behind it, an item once for each time it is asked', () => {
  const document = {
    items: [{ code: 'q1', label: { en: 'Keeps its word' }, expectation: 'E1', perception: 'P1' }, { code: 'q2' }],
    outcomes: [{ code: 'nps', label: { en: 'Recommend' }, column: 'REC' }],
    groups: [{ column: 'region' }, {}],
  }
  assert.deepEqual(
    questionsOf({ document }).map(({ column, label, part }) => `${column}: ${label} (${part})`),
    [
      'E1: Keeps its word (Expected)',
      'P1: Keeps its word (Perceived)',
      'REC: Recommend (Outcome)',
      'region: region (Group)',
    ],
  )
  assert.deepEqual(questionsOf(null), [])
})
