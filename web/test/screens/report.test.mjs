// How the Gaps screen slices and orders a report.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [report, { setLocale }] = await load('screens/measure/gaps/report', 'i18n/index')
await setLocale('en', false)
const { itemsIn, levelsIn, ordered, parsePick, sideBySide, tableRows } = report
const row = (code, more = {}) => ({ code, n: 10, ...more })
const group = (value, more = {}) => ({ keys: [{ value }], n: 10, suppressed: false, ...more })
const whole = {
  overall: row('all'),
  items: [
    row('q1', { dimension: 'a', touchpoint: 'x' }),
    row('q2', { dimension: 'a', touchpoint: 'y' }),
    row('q3', { dimension: 'b', touchpoint: 'x' }),
  ],
  dimensions: [row('a'), row('b')],
  touchpoints: [row('x')],
  cells: [row('a-x', { dimension: 'a', touchpoint: 'x' })],
  groups: [
    group('east', { overall: row('all', { n: 6 }), items: [row('q1')] }),
    group('island', { suppressed: true, overall: row('all'), items: [row('q1')] }),
    group(null, { items: [row('q1'), row('q2')] }),
  ],
}
const codes = (rows) => rows.map((r) => r.code)

test('without groups the rows are the whole sample’s', () => {
  assert.deepEqual(tableRows(whole, 'overall', ''), [{ ...whole.overall, level: 'overall' }])
  assert.deepEqual(codes(tableRows(whole, 'cell', '')), ['a-x'])
})

test('by group each shown group gives its own; one too small gives none, nor does any have cells', () => {
  const named = (level) => tableRows(whole, level, 'region').map((r) => `${r.group}:${r.code}:${r.level}`)
  assert.deepEqual(named('item'), ['east:q1:item', '–:q1:item', '–:q2:item'])
  assert.deepEqual(named('overall'), ['east:all:overall'], 'a group without a whole is left out')
  assert.deepEqual(named('dimension'), [])
  assert.deepEqual(named('cell'), [])
})

test('rows go by gap, expectation, perception or n; what has none comes last; an unknown order is by gap', () => {
  const value = (v) => ({ value: v })
  const rows = [
    row('none', { n: 5 }),
    row('mild', { n: 9, gap: value(-0.5), expectation: value(4), perception: value(3.5) }),
    row('bare', { n: 1, perception: value(2) }),
    row('wide', { n: 7, gap: value(-2), expectation: value(6), perception: value(4) }),
  ]
  assert.deepEqual(codes(ordered(rows, 'gap')), ['wide', 'mild', 'bare', 'none'])
  assert.deepEqual(codes(ordered(rows, 'expectation')), ['wide', 'mild', 'none', 'bare'])
  assert.deepEqual(codes(ordered(rows, 'perception')), ['bare', 'mild', 'wide', 'none'])
  assert.deepEqual(codes(ordered(rows, 'n')), ['mild', 'wide', 'none', 'bare'])
  assert.deepEqual(ordered(rows, 'constructor'), ordered(rows, 'gap'), 'the address may say anything')
  assert.equal(rows[0].code, 'none', 'the rows given stay as they are')
})

test('a dimension, a touchpoint and a cell are made of their items; an item of none', () => {
  assert.deepEqual(codes(itemsIn(whole, 'dimension', whole.dimensions[0])), ['q1', 'q2'])
  assert.deepEqual(codes(itemsIn(whole, 'touchpoint', whole.touchpoints[0])), ['q1', 'q3'])
  assert.deepEqual(codes(itemsIn(whole, 'cell', whole.cells[0])), ['q1'])
  assert.deepEqual(itemsIn(whole, 'item', whole.items[0]), [])
})

test('a level is offered from two rows on, items from one', () => {
  assert.deepEqual(levelsIn(whole), ['item', 'dimension'])
  assert.deepEqual(levelsIn({ ...whole, items: [row('q1')], dimensions: [] }), ['item'])
})

test('what is picked is read from the address, colons in codes and all', () => {
  assert.deepEqual(parsePick('cell:a:b'), { level: 'cell', code: 'a:b' })
  for (const wrong of ['', 'q1', ':q1', 'overall:all']) assert.equal(parsePick(wrong), null, wrong)
})

test('split rows stand side by side: the groups of one item together, items in everybody’s order', () => {
  const row = (code, gap) => ({ code, gap: { value: gap }, n: 5 })
  const group = (value, items, more) => ({ keys: [{ value }], items, ...more })
  const split = {
    items: [row('a', -1), row('b', -2)],
    groups: [
      group('north', [row('a', -3), row('b', -1)]),
      group('south', [row('a', 0), row('b', -2.5)]),
      group('isle', [], { suppressed: true }),
    ],
  }
  const blocks = sideBySide(split, 'item', 'gap').map((rows) => rows.map((r) => `${r.code} ${r.group}`))
  assert.deepEqual(blocks, [
    ['b north', 'b south'],
    ['a north', 'a south'],
  ])
})

test('a file made of the report says what the server’s file says: its basis and every note', () => {
  const notes = [{ en: '4 cells of P1 were not understood.', 'zh-CN': '4 格没读懂。' }, { en: 'Rescaled.' }]
  const told = { ...whole, rows: 60, ci: 0.95, missing: 'pairwise', formula: 'gap-2', notes }
  assert.deepEqual(
    report.basisLinesOf(told).map(({ name, value }) => [name, value.split(' · ')[0]]),
    [
      ['Basis', '60 responses'],
      ['Note', '4 cells of P1 were not understood.'],
      ['Note', 'Rescaled.'],
    ],
  )
})
