// The parts of a file's columns as a study document has them, and every act on them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [roles, reading, steps, { setLocale }] = await load(
  'screens/listen/imports/roles',
  'screens/listen/imports/reading',
  'screens/listen/imports/steps',
  'i18n/index',
)
await setLocale('en', false)

const column = (name, more = {}) => ({
  ...{ name, type: 'integer', missing: 0, distinct: 5, min: 1, max: 7, samples: [], candidates: [] },
  ...{ not_understood: 0, not_understood_values: [], values: [], values_complete: true, kind: 'number' },
  ...{ flipped: false, date_order_open: false, decimal_open: false, scale_min: 1, scale_max: 7, scale_step: 1 },
  ...more,
})
const preview = {
  upload: { id: 'x', name: 'heat 2025.csv', bytes: 10, created_at: '' },
  ...{ format: 'csv', rows: 60, head: [], cut: false, notes: [], irregular: 2, irregular_rows: [] },
  ...{ title_rows: 0, header_rows: 1, foot_rows: 0, left_out: { unfinished: 3, previews: 0, spam: 0, repeats: 1 } },
  columns: [
    column('id', { role: 'id' }),
    column('E1', { role: 'expectation', partner: 'P1' }),
    column('E2', { role: 'expectation', partner: 'P2' }),
    column('E3', { candidates: ['P3'], label: 'Staff' }),
    column('P1', { role: 'perception', partner: 'E1' }),
    column('P2', { role: 'perception', partner: 'E2' }),
    column('P3', { role: 'perception', scale_max: 5, max: 5 }),
    column('NPS', { min: 0, max: 10, scale_min: 0, scale_max: 10 }),
  ],
  warnings: [{ code: 'expectation_unplaced', text: 'E3', columns: ['E3'] }],
}
const study = {
  study: 'heat',
  scale: { min: 1, max: 7 },
  items: [
    { code: '1', expectation: 'E1', perception: 'P1' },
    { code: '2', expectation: 'E2', perception: 'P2', importance: 'NPS' },
    { code: '3', perception: 'P3', scale: { min: 1, max: 5 } },
  ],
  id: 'id',
}
const frozen = JSON.stringify(study)
const tabs = (document) => {
  const made = {}
  for (const row of roles.rowsOf(document, preview)) (made[row.tab] ??= []).push(row.key)
  return made
}

test('every column stands in one row: pairs, halves without a partner, background, the rest', () => {
  assert.deepEqual(tabs(study), { background: ['id'], pairs: ['1', '2'], loose: ['E3', '3'], others: ['NPS'] })
})

test('pairs that follow each other evenly are one block', () => {
  const [block, ...more] = roles.blocksOf(roles.rowsOf(study, preview).slice(1, 3), preview)
  assert.deepEqual([block.from, block.to, block.rows.length, more], [[2, 3], [5, 6], 2, []])
})

test('two columns become a pair, whichever is named first, and keep the code, scale and place that were there', () => {
  for (const [a, b] of [
    ['E3', 'P3'],
    ['P3', 'E3'],
  ]) {
    const made = roles.pairUp(study, preview, a, b)
    assert.deepEqual(made.items[2], { code: '3', perception: 'P3', scale: { min: 1, max: 5 }, expectation: 'E3' })
  }
  const moved = roles.pairUp(study, preview, 'E1', 'P2')
  assert.deepEqual(
    moved.items.map(({ code, expectation, perception }) => [code, expectation, perception]),
    [
      ['1', undefined, 'P1'],
      ['2', 'E1', 'P2'],
      ['2_e', 'E2', undefined],
      ['3', undefined, 'P3'],
    ],
  )
  assert.equal(JSON.stringify(study), frozen, 'nothing is changed in place')
})

test('a pair is taken apart and no column lost', () => {
  const made = roles.partUp(study, '2')
  assert.deepEqual(made.items.slice(1, 3), [
    { code: '2', perception: 'P2', importance: 'NPS' },
    { code: '2_e', expectation: 'E2' },
  ])
  assert.deepEqual(tabs(made).loose.sort(), ['2', '2_e', '3', 'E3'])
})

test('a column plays one part: another takes it out of the first', () => {
  const outcome = roles.setRole(study, preview, 'NPS', 'outcome')
  assert.deepEqual(outcome.outcomes, [{ code: 'NPS', column: 'NPS', kind: 'nps' }])
  assert.equal(outcome.items[1].importance, undefined)
  const customer = roles.setRole(study, preview, 'id', 'customer')
  assert.deepEqual([customer.id, customer.customer], [undefined, 'id'])
  assert.deepEqual(roles.setRole(outcome, preview, 'NPS', 'ignored').outcomes, undefined)
  assert.equal(roles.setRole(study, preview, 'P3', 'ignored').items.length, 2)
})

test('a dimension is in the document as long as an item has it', () => {
  const choice = { code: 'warmth', label: { en: 'Warmth' } }
  const made = roles.assign(study, ['1', '2'], 'dimension', choice)
  assert.deepEqual(made.dimensions, [choice])
  assert.equal(made.items[2].dimension, undefined)
  const one = roles.assign(made, ['1'], 'dimension', null)
  assert.deepEqual(one.dimensions, [choice])
  assert.equal(roles.assign(one, ['2'], 'dimension', null).dimensions, undefined)
})

test('a scale of all items is the study’s, of some their own', () => {
  const five = { min: 1, max: 5, step: 1 }
  assert.deepEqual(roles.setScale(study, ['1'], five).items[0].scale, five)
  const all = roles.setScale(study, ['1', '2', '3'], five)
  assert.deepEqual([all.scale, all.items.map((item) => item.scale)], [five, [undefined, undefined, undefined]])
})

test('a file of which nothing was proposed starts without items, and a first pair gives the scale', () => {
  const empty = roles.emptyStudy(preview)
  assert.deepEqual(empty, { study: 'heat-2025', title: 'heat-2025', items: [] })
  const made = roles.pairUp(empty, preview, 'E1', 'P1')
  assert.deepEqual(made.items[0], {
    code: 'P1',
    scale: { min: 1, max: 7, step: 1 },
    perception: 'P1',
    expectation: 'E1',
  })
})

test('a problem is open till its columns have a place or somebody lets it be', () => {
  const [problem, ...more] = roles.problemsOf(study, preview, [])
  assert.deepEqual([problem.columns, more], [['E3'], []])
  assert.deepEqual(roles.problemsOf(study, preview, [problem.key]), [])
  assert.deepEqual(roles.problemsOf(roles.pairUp(study, preview, 'E3', 'P3'), preview, []), [])
})

const value = (text, n, number, read = 'value') => ({ text, n, read, value: number })
const good = [value('agree', 9, 4), value('neutral', 5, 3), value('perhaps', 1, null, 'not_understood')]
const asked = {
  ...preview,
  columns: [
    column('A', { family: 'agreement', values: good, not_understood: 1 }),
    column('B', { family: 'agreement', values: good.slice(0, 2) }),
    column('C', { values: [value('5', 3, 5)] }),
    column('D', { kind: 'text', values_complete: false, values: [value('free', 1, null)] }),
    column('when', { kind: 'time', date_order_open: true }),
  ],
}
const all = new Set(['A', 'B', 'C', 'D', 'when'])

test('columns with the same words are one set, with the counts of all; numbers and free text are none', () => {
  const sets = reading.wordSets(asked, all)
  assert.deepEqual(
    sets.map((set) => set.columns.map((c) => c.name)),
    [['A', 'B']],
  )
  assert.deepEqual(
    sets[0].values.map((v) => [v.text, v.n]),
    [
      ['agree', 18],
      ['neutral', 10],
      ['perhaps', 1],
    ],
  )
  assert.deepEqual(reading.wordSets(asked, new Set(['C'])), [])
})

test('a label counts in all columns of its set, the last word wins, and a flip turns it round', () => {
  const [set] = reading.wordSets(asked, all)
  const once = reading.setLabel({}, set, 'perhaps', 3)
  const twice = reading.setLabel(once, set, 'perhaps', 4)
  const labels = [{ text: 'perhaps', value: 4 }]
  assert.deepEqual(twice.columns, [
    { column: 'A', labels },
    { column: 'B', labels },
  ])
  const turned = reading.flip(twice, set)
  assert.deepEqual(turned.columns[0], { column: 'A', flipped: true, labels: [{ text: 'perhaps', value: 3 }] })
  assert.deepEqual(reading.flip(turned, set).columns[0], { column: 'A', labels })
  assert.deepEqual(reading.flip(reading.flip({}, set), set), {}, 'what says nothing is left out')
})

test('another shape forgets what was said of columns', () => {
  const [set] = reading.wordSets(asked, all)
  const told = reading.setLabel({}, set, 'perhaps', 3)
  assert.deepEqual(reading.setShape(told, { header_rows: 0 }), { header_rows: 0 })
  assert.deepEqual(reading.setShape({ header_rows: 0 }, { header_rows: undefined }), {})
})

test('what asks something is counted where it is used, and only till it is said', () => {
  const open = (used, told = {}) => reading.openColumns(asked, used, told).map((c) => c.name)
  assert.deepEqual(open(all), ['A', 'when'])
  assert.deepEqual(open(new Set(['B'])), [])
  assert.deepEqual(open(all, reading.setColumn({}, 'when', { date_order: 'dmy' })), ['A'])
})

test('the steps say what waits in each, and what is left out by why', () => {
  const facts = steps.stepFacts('values', preview, { roles: 2, cells: 0, columns: 1 })
  assert.deepEqual(
    facts.map(({ name, done, asks }) => [name, done, asks]),
    [
      ['file', true, false],
      ['look', true, false],
      ['roles', false, true],
      ['values', false, true],
      ['check', false, false],
      ['start', false, false],
    ],
  )
  assert.match(facts[2].fact, /2 decisions/)
  assert.ok(steps.stepFacts('file', null, { roles: 0, cells: 0, columns: 0 }).every((step) => !step.open))
  assert.deepEqual(steps.leftOut(preview), [
    { why: 'unfinished', n: 3 },
    { why: 'repeats', n: 1 },
    { why: 'irregular', n: 2 },
  ])
})
