// Rows as lists and tables show them: names, the smaller line under them, and the columns on screen and in CSV.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [rows, { setLocale }] = await load('lib/rows', 'i18n/index')
await setLocale('en', false)
const { dumbbell, gapColumns, labelsOf, labelsOfStudy, name } = rows

const labels = labelsOf({
  dimensions: [{ code: 'rel', label: { en: 'Reliability', 'zh-CN': '可靠性' } }],
  touchpoints: [{ code: 'desk', label: { 'zh-CN': '柜台' } }],
})
const row = {
  code: 'q1',
  label: { en: 'Keeps its word' },
  dimension: 'rel',
  touchpoint: 'desk',
  n: 1200,
  verdict: 'short',
}

test('names come from the report; what it does not name keeps its code, what is not given has none', () => {
  assert.equal(labels.dimension('rel'), 'Reliability')
  assert.equal(labels.touchpoint('desk'), '柜台', 'the other language stands in')
  assert.equal(labels.dimension('gone'), 'gone')
  assert.equal(labels.dimension(undefined), '')
  assert.equal(labelsOf(null).touchpoint('desk'), 'desk')
})

test('a study gives names from its document, and none where it has no lists', () => {
  const document = { dimensions: [{ code: 'rel', label: { en: 'Reliability' } }], touchpoints: 'none' }
  assert.equal(labelsOfStudy({ document }).dimension('rel'), 'Reliability')
  assert.equal(labelsOfStudy({ document }).touchpoint('desk'), 'desk')
  assert.equal(labelsOfStudy(null).dimension('rel'), 'rel')
})

test('an item says under its name where it belongs, a cell is named by its touchpoint, others stand alone', () => {
  assert.deepEqual(name(row, 'item', labels), { label: 'Keeps its word', sub: 'Reliability · 柜台' })
  assert.deepEqual(name({ ...row, touchpoint: undefined }, 'item', labels).sub, 'Reliability')
  assert.deepEqual(name(row, 'cell', labels), { label: '柜台', sub: 'Reliability' })
  assert.deepEqual(name(row, 'dimension', labels), { label: 'Keeps its word', sub: '' })
  assert.equal(name({ code: 'q9' }, 'item', labels).label, 'q9')
})

test('a row of a group has the group in its key and small line; the whole opens nothing', () => {
  const inGroup = dumbbell(row, 'item', labels, 'North')
  assert.deepEqual([inGroup.key, inGroup.sub, inGroup.pickable], ['item:q1:North', 'North · Reliability · 柜台', true])
  assert.equal(dumbbell(row, 'item', labels).key, 'item:q1:')
  assert.equal(dumbbell(row, 'overall', labels).pickable, false)
})

test('columns export the number and show it as it is set', () => {
  const full = { ...row, gap: { value: -1.5, low: -2, high: -1, sd: 0.5 }, p_holm: 0.0001, msa: { value: 0.25 } }
  const columns = new Map(gapColumns(labels, { groups: false, level: 'item', ci: 0.95 }).map((c) => [c.key, c]))
  const both = (key) => [columns.get(key).value(full), columns.get(key).show(full)]
  assert.deepEqual(both('n'), [1200, '1\u202f200'])
  assert.deepEqual(both('gap'), [-1.5, '\u22121.50'])
  assert.deepEqual(both('interval'), [-2, '\u22122.00 … \u22121.00'])
  assert.deepEqual(both('p_holm'), [0.0001, '< 0.001'])
  assert.deepEqual(both('msa'), [0.25, '+0.25'])
  assert.equal(columns.get('p_holm').file(full), '<0.001')
  assert.equal(columns.get('p_holm').file({ ...full, p_holm: 0.02 }), 0.02)
  assert.equal(columns.get('p_holm').file({ ...full, p_holm: 0 }), '<0.001')
  assert.equal(columns.get('p_holm').file({ ...full, p_holm: null }), null)
  assert.equal(columns.get('verdict').value(full), 'short of expectation')
  assert.equal(columns.get('gap').tone(full), 'short')
  for (const verdict of ['unknown', 'small', 'inconclusive'])
    assert.equal(columns.get('gap').tone({ ...full, verdict }), 'noise', verdict)
})

test('a file has both ends of the interval beside each other; the level is named', () => {
  const columns = gapColumns(labels, { groups: false, level: 'item', ci: 0.9 })
  const keys = columns.filter((c) => !c.screenOnly).map((c) => c.key)
  assert.deepEqual(keys.slice(keys.indexOf('gap'), keys.indexOf('gap') + 3), ['gap', 'low', 'high'])
  assert.equal(columns.find((c) => c.key === 'interval').label, '90% interval')
})

test('a group’s name only where rows are of groups, a row’s place only where it isn’t that itself', () => {
  const at = (options) => new Map(gapColumns(labels, { ci: 0.9, ...options }).map((c) => [c.key, c]))
  assert.equal(at({ groups: false, level: 'item' }).has('group'), false)
  assert.equal(at({ groups: true, level: 'item' }).get('group').value({ group: 'North' }), 'North')
  assert.equal(at({ groups: false, level: 'item' }).get('dimension').extra, false)
  assert.equal(at({ groups: false, level: 'cell' }).get('dimension').extra, true)
  assert.equal(at({ groups: false, level: 'touchpoint' }).has('touchpoint'), false)
  for (const level of ['item', 'dimension', 'touchpoint', 'cell', 'overall'])
    for (const more of [{ groups: true }, { groups: false, zone: true }]) {
      const labels = [...at({ level, ...more }).values()].map((c) => c.label)
      assert.equal(new Set(labels).size, labels.length, `${level}: ${labels}`)
    }
  assert.equal(at({ groups: false, level: 'cell' }).get('sd').extra, true)
})

test('a group stands against all others with its difference, interval, p and verdict', () => {
  const columns = new Map(gapColumns(labels, { groups: true, level: 'item', ci: 0.95 }).map((c) => [c.key, c]))
  const difference = { value: 0.5, low: 0.25, high: 0.75 }
  const full = { ...row, difference, p_difference_holm: 0.0001, differs: true, shrunk_se: 0.1 }
  const keys = ['difference', 'difference_low', 'difference_high', 'p_difference', 'differs', 'shrunk_se']
  assert.deepEqual(
    keys.map((key) => columns.get(key).value(full)),
    [0.5, 0.25, 0.75, 0.0001, 'yes', 0.1],
  )
  assert.equal(columns.get('differs').value(row), '')
})
