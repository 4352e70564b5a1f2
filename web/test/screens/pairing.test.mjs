// Halves on scales that differ, problems, folds, reasons, and what is held: the logic of the roles step.
import assert from 'node:assert/strict'
import test from 'node:test'
import { ref } from 'vue'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [roles, reason, folds, kept, drag, decided, alone, reading, desks, { orServqual }, { isThere }, { setLocale }] =
  await load(
    'screens/listen/imports/roles',
    'screens/listen/imports/roles/reason',
    'screens/listen/imports/roles/fold',
    'screens/listen/imports/roles/kept',
    'screens/listen/imports/roles/drag',
    'screens/listen/imports/roles/decided',
    'screens/listen/imports/roles/alone',
    'screens/listen/imports/reading',
    'screens/listen/imports/roles/desk',
    'screens/listen/imports/roles/servqual',
    'lib/options',
    'i18n/index',
  )
await setLocale('en', false)

const column = (name, more = {}) => ({
  ...{ name, type: 'integer', missing: 0, distinct: 5, min: 1, max: 7, samples: ['7', '6'], candidates: [] },
  ...{ not_understood: 0, not_understood_values: [], values: [], values_complete: true, kind: 'number' },
  ...{ flipped: false, date_order_open: false, decimal_open: false, scale_min: 1, scale_max: 7, scale_step: 1 },
  ...more,
})
const five = { scale_max: 5, max: 5 }
const preview = {
  upload: { id: 'x', name: 'heat.csv', bytes: 10, created_at: '' },
  columns: [
    column('E1', { role: 'expectation', partner: 'P1', item: '1' }),
    column('E2', { role: 'expectation', partner: 'P2', item: '2', confidence: 'middle', reason: 'other scales' }),
    column('E3', { role: 'ignored', scale_min: null, scale_max: null, min: 3, max: 7, candidates: ['P3'] }),
    column('P1', { role: 'perception', partner: 'E1', item: '1' }),
    column('P2', { role: 'perception', partner: 'E2', item: '2', ...five }),
    column('P3', { role: 'ignored', scale_min: null, scale_max: null, min: 2, max: 6 }),
    column('Q', { role: 'ignored', ...five }),
    column('when', { kind: 'time', min: null, max: null, date_order_open: true, samples: ['01/02/2026'] }),
  ],
  warnings: [
    { code: 'scales_differ', text: '', columns: ['E2', 'P2'] },
    { code: 'expectation_unplaced', text: '', columns: ['E3'] },
  ],
}
const study = {
  study: 'heat',
  scale: { min: 1, max: 7 },
  items: [
    { code: '1', expectation: 'E1', perception: 'P1' },
    { code: '2', perception: 'P2', scale: { min: 1, max: 5 } },
    { code: '2_e', expectation: 'E2' },
  ],
}
const open = (document, settled = []) => roles.problemsOf(document, preview, settled).map(({ code }) => code)
const FIVE = { min: 1, max: 5, step: 1 }
const SEVEN = { min: 1, max: 7, step: 1 }

test('halves on other scales are one undecided row with the items of both, whether the proposal has one or two', () => {
  const row = (document) => roles.rowsOf(document, preview).find((one) => one.undecided)
  assert.deepEqual(
    [row(study).columns.map((c) => c.name), row(study).items.map((i) => i.code)],
    [
      ['E2', 'P2'],
      ['2', '2_e'],
    ],
  )
  const half = { ...study, items: study.items.slice(0, 2) }
  assert.deepEqual(row(half).items.length, 1)
  assert.equal(roles.rowsOf(study, preview).filter((one) => one.columns.some((c) => c.name === 'E2')).length, 1)
})

test('rescaling pairs them on the scale of what was perceived, and is no problem any more', () => {
  const made = roles.rescale(study, preview, ['E2', 'P2'])
  assert.deepEqual(made.items[1], {
    ...{ code: '2', expectation: 'E2', perception: 'P2' },
    ...{ scale: FIVE, expectation_scale: SEVEN },
  })
  assert.equal(made.items.length, 2)
  assert.deepEqual(open(study), ['scales_differ', 'expectation_unplaced'])
  assert.deepEqual(open(made), ['expectation_unplaced'])
  const apart = roles.partUp(made, '2')
  assert.deepEqual(
    apart.items.slice(1).map((item) => [item.scale, item.expectation_scale]),
    [
      [FIVE, undefined],
      [SEVEN, undefined],
    ],
  )
})

const deskOf = (document, input = {}) => {
  const models = { document: ref(document), reading: ref({}), settled: ref([]) }
  return desks.useDesk({ preview, gaps: null, dimensions: [], touchpoints: [], ...input }, models)
}
test('a pair that was compared after rescaling is two halves once it is taken apart, and asks nothing', () => {
  const desk = deskOf(roles.rescale(study, preview, ['E2', 'P2']))
  desk.part(desk.rows.value.find((row) => row.key === '2'))
  const tabs = desk.rows.value.filter((row) => row.key.startsWith('2')).map((row) => [row.key, row.tab])
  assert.deepEqual(tabs, [
    ['2_e', 'loose'],
    ['2', 'loose'],
  ])
  assert.deepEqual(
    desk.problems.value.map(({ code }) => code),
    ['expectation_unplaced'],
  )
  desk.join('E2', 'P2')
  assert.ok(desk.rows.value.find((row) => row.key === '2').undecided, 'put together again they wait for the choice')
  const alike = deskOf(study)
  alike.part(alike.rows.value.find((row) => row.key === '1'))
  assert.deepEqual(alike.models.settled.value, [])
})

test('a dimension is made of its name, is the row’s and the document’s, and can be chosen again', () => {
  const desk = deskOf(study, { dimensions: [{ code: 'warmth', label: 'Warmth' }] })
  const row = (key) => desk.rows.value.find((one) => one.key === key)
  desk.assign(row('1'), 'dimension', desk.choices.make('dimension', '室温 达标'))
  assert.equal(row('1').item.dimension, '室温_达标')
  assert.deepEqual(desk.models.document.value.dimensions, [{ code: '室温_达标', label: '室温 达标' }])
  assert.deepEqual(desk.choices.optionsOf('dimension'), [
    { value: 'warmth', label: 'Warmth' },
    { value: '室温_达标', label: '室温 达标' },
  ])
  assert.deepEqual(desk.choices.of('touchpoint'), [])
  assert.equal(desk.choices.make('dimension', 'warmth!'), 'warmth_2', 'no code is taken twice')
  assert.equal(desk.choices.make('touchpoint', '—'), 'place')
})

test('where there are no dimensions yet the five of SERVQUAL are there to choose from', () => {
  assert.deepEqual(
    orServqual([]).map(({ code }) => code),
    ['tangibles', 'reliability', 'responsiveness', 'assurance', 'empathy'],
  )
  const own = [{ code: 'warmth' }]
  assert.equal(orServqual(own), own)
  assert.equal(orServqual(undefined), undefined)
})

test('what is there already by name can’t be made once more', () => {
  const options = [{ value: 'a', label: 'Warmth' }]
  assert.deepEqual(
    ['warmth ', 'ＷＡＲＭＴＨ', 'warm'].map((typed) => isThere(options, typed)),
    [true, true, false],
  )
})

test('what is not compared is settled, and both stay loose', () => {
  const [problem] = roles.problemsOf(study, preview, [])
  const settled = roles.settle([], problem)
  assert.deepEqual(open(study, settled), ['expectation_unplaced'])
  const tabs = roles.rowsOf(study, preview, settled).map((row) => [row.key, row.tab])
  assert.ok(tabs.some(([key, tab]) => key === '2_e' && tab === 'loose'))
})

test('a pair that somebody makes of other scales waits among what is settled', () => {
  const pair = ['E3', 'Q']
  assert.ok(roles.scalesDiffer(study, preview, pair))
  assert.ok(!roles.scalesDiffer(study, preview, ['E3', 'P3']), 'both lie within the study’s scale')
  const settled = [roles.madeKey(pair)]
  assert.deepEqual(roles.undecidedPairs(study, preview, settled), [pair, ['E2', 'P2']])
  const made = roles.problemsOf(study, preview, settled)[0]
  assert.deepEqual(made.pairs.length, 2, 'the same two scales are one problem')
  const done = roles.settle(settled, made)
  assert.deepEqual(roles.undecidedPairs(study, preview, done), [])
})

test('a pair made by hand of columns without a known scale lies on the study’s', () => {
  const made = roles.pairUp(study, preview, 'E3', 'P3')
  assert.equal(made.items.at(-1).scale, undefined)
})

test('the item keeps the dimension that either half had', () => {
  const placed = roles.assign(study, ['2_e'], 'dimension', { code: 'warmth' })
  assert.equal(roles.pairUp(placed, preview, 'E2', 'P2').items[1].dimension, 'warmth')
})

test('a trial has its pairs alone, rescaled where they have to be, and nothing of dimensions', () => {
  const placed = roles.assign({ ...study, groups: [{ column: 'Q' }] }, ['1'], 'dimension', { code: 'warmth' })
  const trial = roles.trialOf(placed, preview, [
    ['E3', 'P3'],
    ['E2', 'P2'],
  ])
  assert.deepEqual(Object.keys(trial), ['study', 'scale', 'items'])
  assert.deepEqual(
    trial.items.map((item) => [item.expectation, item.expectation_scale]),
    [
      ['E3', undefined],
      ['E2', SEVEN],
    ],
  )
  assert.deepEqual(
    roles.pairsAlone(placed).items.map((item) => item.code),
    ['1'],
  )
})

test('dates and decimals that can be read in two ways are decisions where the column is used', () => {
  assert.ok(!open(study).includes('date_order_open'))
  assert.deepEqual(open({ ...study, time: 'when' }).at(-1), 'date_order_open')
  const columns = preview.columns.map((c) => (c.name === 'E1' ? { ...c, decimal_open: true } : c))
  const problems = roles.problemsOf(study, { ...preview, columns }, [])
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['scales_differ', 'decimal_open', 'expectation_unplaced'],
    'most costly first',
  )
})

test('of two scales that fit the other one is a change of the item, the first is settled', () => {
  const columns = preview.columns.map((c) => (c.name === 'E1' ? { ...c, other_min: 1, other_max: 5 } : c))
  const two = { ...preview, columns, warnings: [{ code: 'scale_fits_two', text: '', columns: ['E1'] }] }
  const [problem] = roles.problemsOf(study, two, [])
  assert.deepEqual(problem.scales, [SEVEN, FIVE])
  assert.deepEqual(roles.problemsOf(roles.setScale(study, ['1'], FIVE), two, []), [])
  assert.deepEqual(roles.problemsOf(study, two, roles.settle([], problem)), [])
})

test('columns whose lowest number is the best answer come first, until they are let be', () => {
  const down = { ...preview, warnings: [{ code: 'runs_the_other_way', text: '', columns: ['E1'] }] }
  const [first] = roles.problemsOf(study, down, [])
  assert.equal(first.code, 'runs_the_other_way')
  assert.match(first.text, /the lowest number is the best answer/)
  assert.notEqual(roles.problemsOf(study, down, roles.settle([], first))[0]?.code, 'runs_the_other_way')
})

test('an expectation that is recorded alone is no problem', () => {
  assert.deepEqual(open(roles.setRole(study, preview, 'E3', 'expectation')), ['scales_differ'])
})

test('adequate level and importance belong to a pair, and are taken from where they were', () => {
  const made = roles.setBeside(study, '1', 'adequate', 'Q')
  assert.equal(made.items[0].adequate, 'Q')
  assert.equal(roles.rolesOf(made).get('Q'), 'adequate')
  const moved = roles.setBeside(made, '1', 'importance', 'Q')
  assert.deepEqual([moved.items[0].adequate, moved.items[0].importance], [undefined, 'Q'])
  assert.equal(roles.setBeside(moved, '1', 'importance', '').items[0].importance, undefined)
  const row = roles.rowsOf(made, preview).find((one) => one.key === 'Q')
  assert.deepEqual([row.tab, row.role], ['others', 'adequate'])
})

test('how many rows a setting changes is known before', () => {
  const placed = roles.assign(study, ['1'], 'touchpoint', { code: 'hall' })
  const made = roles.assign(placed, ['1', '2', '2_e'], 'touchpoint', { code: 'hall' })
  assert.equal(roles.changed(placed, made, ['1', '2', '2_e']), 2)
})

test('the halves of a pair are swapped, but not where one of them is rescaled', () => {
  const [first] = roles.swapHalves(study, '1').items
  assert.deepEqual([first.expectation, first.perception], ['P1', 'E1'])
  const rescaled = roles.rescale(study, preview, ['E2', 'P2'])
  assert.deepEqual(roles.swapHalves(rescaled, '2'), rescaled)
})

test('the equal parts of two questions are marked, the longest first', () => {
  const [a, b] = reason.marked('1、室温达到承诺的标准—期望', '23、室温达到承诺的标准—实际感受')
  const same = (pieces) => pieces.filter((piece) => piece.same).map((piece) => piece.text)
  assert.deepEqual(same(a), ['、室温达到承诺的标准—'])
  assert.deepEqual(same(b), ['、室温达到承诺的标准—'])
  assert.equal(b.map((piece) => piece.text).join(''), '23、室温达到承诺的标准—实际感受')
  assert.deepEqual(reason.marked('abc', 'xyz'), [[{ text: 'abc', same: false }], [{ text: 'xyz', same: false }]])
})

test('a pair is as sure as its less certain half; one that was made by hand is sure', () => {
  const row = (document) => roles.rowsOf(document, preview).find((one) => one.tab === 'pairs' && one.undecided)
  assert.deepEqual(reason.sureOf(row(study)), { level: 'middle', reason: 'other scales', byHand: false })
  const made = roles.pairUp(study, preview, 'E3', 'P3')
  const own = roles.rowsOf(made, preview).find((one) => one.item?.expectation === 'E3')
  assert.ok(reason.sureOf(own).byHand)
  assert.equal(reason.shortReason('题干相同：“室温”'), '题干相同')
  assert.equal(reason.shortReason('same stem “warm”'), 'same stem')
  assert.deepEqual(
    reason.othersOf(preview, [preview.columns[2]]).map(({ other }) => other.name),
    ['P3'],
  )
})

test('a block folds after its third row, but never what needs a look', () => {
  const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => ({ key }))
  const block = { rows, from: [1, 6], to: [7, 12] }
  const needed = (row) => row.key === 'e'
  const { seen, folded } = folds.fold(block, false, needed)
  assert.deepEqual([seen.map((row) => row.key), folded, folds.foldable(block, needed)], [['a', 'b', 'c', 'e'], 2, 2])
  assert.equal(folds.fold(block, true, needed).folded, 0)
})

test('letting go over another column pairs, outside of its pair it takes the half out', () => {
  const held = { column: 'E1', row: '1', by: 'drag', x: 0, y: 0, over: '', part: false }
  const below = (more) => ({ column: '', part: false, row: '', list: false, ...more })
  assert.equal(drag.verdict(held, below({ column: 'P2', row: '2', list: true }), true), 'join')
  assert.equal(drag.verdict(held, below({ column: 'P1', row: '1', list: true }), true), 'none')
  assert.equal(drag.verdict(held, below({ part: true }), true), 'part')
  assert.equal(drag.verdict(held, below({ list: true, row: '1' }), true), 'none')
  assert.equal(drag.verdict(held, below({ list: true }), true), 'part')
  assert.equal(drag.verdict(held, below({ list: true }), false), 'none')
  assert.equal(drag.verdict(held, below({}), true), 'none', 'outside of the list nothing happens')
})

function shelf() {
  const store = new Map()
  return {
    getItem: (key) => store.get(key) ?? null,
    setItem: (key, value) => store.set(key, value),
    removeItem: (key) => store.delete(key),
    key: (i) => [...store.keys()][i] ?? null,
    get length() {
      return store.size
    },
  }
}
test('where somebody was is kept by file, of the last twenty', () => {
  const own = shelf()
  const place = { tab: 'pairs', row: '1', opened: '', find: '', unfolded: ['1'], top: 40 }
  for (let i = 0; i < 25; i++) kept.keepPlace(own, `u${i}`, place)
  assert.ok(own.length <= 20)
  assert.equal(kept.readPlace(own, 'u24').top, 40)
  own.setItem('mindgap.roles.bad', '{')
  assert.equal(kept.readPlace(own, 'bad'), null)
})

test('what was decided unasked is listed: personal data, words that are no answer, what is left out', () => {
  const values = [
    { text: 'n/a', n: 3, read: 'missing' },
    { text: '9', n: 5, read: 'missing' },
    { text: '', n: 8, read: 'missing' },
  ]
  const columns = [column('phone', { role: 'personal' }), column('P', { values }), column('R', { values })]
  const told = decided.decidedFor({ columns }, new Set(['P']), [{ why: 'previews', n: 2 }])
  assert.deepEqual(
    told.map(({ short }) => short),
    ['1 column of personal data is left out', '3 “n/a” count as missing', 'Left out: 2 previews or tests'],
  )
})

test('without pairs every rating can be a perception of its own', () => {
  const columns = [column('A'), column('money', { scale_min: null, scale_max: null, min: 1800, max: 2400 })]
  const made = alone.perceivedAlone({ study: 's', items: [] }, { columns, warnings: [] })
  assert.deepEqual(
    made.items.map((item) => item.perception),
    ['A'],
  )
  assert.equal(alone.perceivedAlone(made, { columns, warnings: [] }), made)
})

test('the words of a block are one set, whatever the columns are answered with', () => {
  const value = (text, n, number) => ({ text, n, read: 'value', value: number })
  const columns = [
    column('A', { family: 'agreement', values: [value('agree', 2, 4)] }),
    column('B', { family: 'satisfaction', values: [value('content', 3, 5)] }),
    column('C', { values: [value('5', 1, 5)] }),
  ]
  const [set] = reading.setOver({ columns }, new Set(['A', 'B', 'C']))
  assert.deepEqual(
    [set.columns.map((c) => c.name), set.values.map((v) => v.text)],
    [
      ['A', 'B'],
      ['content', 'agree'],
    ],
  )
  assert.deepEqual(reading.setOver({ columns }, new Set(['C'])), [])
})
