// The steps of an import around the roles: ways to read a date, rows pointed at, the dry run's numbers, the last wave,
// the request that is checked first and then done.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [ways, shape, check, last, { requestOf }, { fits }, steps, pace, list, { setLocale }] = await load(
  'screens/listen/imports/ways',
  'screens/listen/imports/shape',
  'screens/listen/imports/check',
  'screens/listen/imports/last',
  'screens/listen/imports/request',
  'screens/listen/imports/carry',
  'screens/listen/imports/steps',
  'screens/listen/imports/pace',
  'screens/listen/imports/list',
  'i18n/index',
)
await setLocale('en', false)

const column = (name, more = {}) => ({
  ...{ name, type: 'text', missing: 0, distinct: 5, samples: [], candidates: [], values: [], values_complete: true },
  ...{ not_understood: 0, not_understood_values: [], flipped: false, date_order_open: false, decimal_open: false },
  ...more,
})
const preview = (columns, more = {}) => ({
  ...{ rows: 60, columns, left_out: { unfinished: 0, previews: 0, spam: 0, repeats: 0 }, irregular: 0, format: 'csv' },
  ...more,
})

test('a date that nobody can know is shown in both ways, a day that is no month in one', () => {
  const [asked] = ways.askedOf([column('at', { date_order_open: true, samples: ['x', '03/04/2025 10:00'] })])
  assert.equal(asked.sample, '03/04/2025 10:00')
  assert.deepEqual(
    asked.ways.map(({ told, gives }) => [told.date_order, gives]),
    [
      ['dmy', '3 April 2025'],
      ['mdy', '4 March 2025'],
    ],
  )
  const [late] = ways.askedOf([column('at', { date_order_open: true, samples: ['13.04.25'] })])
  assert.deepEqual(
    late.ways.map((way) => way.gives),
    ['13 April 2025', ''],
  )
})

test('a number that nobody can know is shown with either mark', () => {
  const both = (sample) =>
    ways.askedOf([column('n', { decimal_open: true, samples: [sample] })])[0].ways.map((way) => way.gives)
  assert.deepEqual(both('1,234'), ['1\u202f234', '1.234'])
  assert.deepEqual(both('¥12.500'), ['12.500', '12\u202f500'])
  assert.deepEqual(ways.askedOf([column('plain')]), [])
})

test('pointing at rows makes them the header, adds the next one and takes the last away', () => {
  const at = (title_rows, header_rows, row) => {
    const before = { title_rows, header_rows, foot_rows: 0 }
    const { title_rows: titles, header_rows: headers } = { ...before, ...shape.pointAt(before, { at: row }) }
    return [titles, headers]
  }
  assert.deepEqual(at(0, 1, 2), [2, 1]) // another row
  assert.deepEqual(at(2, 1, 3), [2, 2]) // the one below joins
  assert.deepEqual(at(2, 3, 3), [2, 2]) // up to the one in the middle
  assert.deepEqual(at(2, 2, 3), [2, 1]) // the last leaves
  assert.deepEqual(at(0, 1, 0), [0, 0]) // there is none
  assert.deepEqual(at(0, 0, 0), [0, 1])
  assert.deepEqual(at(2, 1, 0), [0, 1])
  assert.deepEqual(at(0, 4, 4), [4, 1]) // no more than four
})

test('pointing at one of the last rows begins the foot there, and takes its first row out of it', () => {
  const foot = (foot_rows, row) => shape.pointAt({ title_rows: 0, header_rows: 1, foot_rows }, row).foot_rows
  assert.equal(foot(0, { behind: 0 }), 1)
  assert.equal(foot(1, { behind: 2 }), 3)
  assert.equal(foot(3, { behind: 2 }), 2)
  assert.equal(foot(0, { behind: 22 }), 20) // no more than twenty
  assert.equal(foot(0, { at: 9, behind: 1 }), 2) // near the end
  assert.equal(foot(0, { at: 2, behind: 7 }), undefined) // near the beginning
  assert.equal(foot(0, { at: 1, behind: 0 }), undefined) // two rows: it may join the header
})

test('the first rows and the last are one list, of a short file each once', () => {
  const row = (line) => ({ line, cells: [String(line)] })
  const short = shape.endRows({ first_rows: [row(1), row(3), row(4)], last_rows: [row(1), row(3), row(4)] })
  assert.deepEqual(
    short.map(({ line, at, behind }) => [line, at, behind]),
    [
      [1, 0, 2],
      [3, 1, 1],
      [4, 2, 0],
    ],
  )
  const long = shape.endRows({ first_rows: [row(1), row(2)], last_rows: [row(8), row(9)] })
  assert.deepEqual(
    long.map(({ line, gap }) => [line, !!gap]),
    [
      [1, false],
      [2, false],
      [8, true],
      [9, false],
    ],
  )
  const told = { title_rows: 1, header_rows: 1, foot_rows: 1 }
  assert.deepEqual(
    short.map((one) => shape.partOf(told, one)),
    ['title', 'header', 'foot'],
  )
  assert.equal(shape.partOf(told, long[2]), 'answers')
  assert.deepEqual(shape.endRows({}), [])
})

const dry = {
  ...{ rows: 70, kept: 60, skipped: 2, errors: 5, irregular: 1, added: 60, replaced: 0, left: 0 },
  left_out: { unfinished: 4, previews: 0, spam: 0, repeats: 3 },
  error_kinds: [
    { column: 'P1', reason: 'no number', n: 4, line: 17 },
    { column: '', reason: 'broken quotes', n: 1, line: 30 },
  ],
  ...{ repeated_ids: 0, repeated_alike: 0, same_content: 0 },
  ...{ customers_known: 0, customers_new: 0, customers_none: 0 },
}
const named = (counts) => counts && Object.fromEntries(counts.map(({ name, n }) => [name, n]))

test('the dry run says what is kept and what is left out by why; errors are marked', () => {
  const counts = check.countsOf(dry)
  assert.deepEqual(named(counts), { kept: 60, unfinished: 4, repeats: 3, irregular: 1, skipped: 1, errors: 5 })
  assert.deepEqual(
    counts.filter((one) => one.bad).map((one) => one.name),
    ['errors'],
  )
  assert.equal(check.countsOf({ ...dry, errors: 0 }).at(-1).bad, false)
  assert.ok(!('skipped' in named(check.countsOf({ ...dry, skipped: 1 }))), 'irregular rows are told once')
  assert.deepEqual(named(check.countsBefore(preview([], { irregular: 2 }))), { kept: 60, irregular: 2 })
})

test('what was not understood stands by column, with its words, first values and line', () => {
  const asked = preview([column('P1', { label: 'Speed', not_understood_values: ['ok', '?', 'x', 'y', 'z', 'w'] })])
  assert.deepEqual(
    check.unreadOf(dry, asked).map(({ label, values, n, line }) => [label, values, n, line]),
    [
      ['Speed', ['ok', '?', 'x', 'y', 'z'], 4, 17],
      ['', [], 1, 30],
    ],
  )
})

test('rows by id are told only where the study knows one of them', () => {
  assert.equal(check.byId(dry), null)
  const counts = check.byId({ ...dry, added: 10, replaced: 0, left: 50 })
  assert.deepEqual(named(counts), { added: 10, replaced: 0, left: 50 })
})

test('ids of another wave are told where no wave is said and all rows look new', () => {
  const inWave = { ...dry, added: 5, replaced: 15, left: 40 }
  assert.deepEqual(check.knownIn('2025-12', dry, inWave), { wave: '2025-12', n: 55 })
  assert.equal(check.knownIn(undefined, dry, inWave), null)
  assert.equal(check.knownIn('2025-12', dry, dry), null, 'none of them is known')
  assert.equal(check.knownIn('2025-12', { ...dry, left: 60 }, inWave), null, 'they are known as it is')
  assert.equal(check.knownIn('2025-12', dry, null), null)
})

test('rows that are there twice are told apart: same answers, other answers, no id', () => {
  assert.deepEqual(check.twice(dry), [])
  assert.deepEqual(check.twice({ ...dry, repeated_ids: 5, repeated_alike: 2, same_content: 3 }), [
    { key: 'alike', n: 2 },
    { key: 'ids', n: 3 },
    { key: 'content', n: 3 },
  ])
  assert.deepEqual(check.twice({ ...dry, repeated_ids: 2, repeated_alike: 2 }), [{ key: 'alike', n: 2 }])
})

test('who is known is told where rows have customers', () => {
  assert.equal(check.people(dry), null)
  const counts = check.people({ ...dry, customers_known: 40, customers_none: 3 })
  assert.deepEqual(named(counts), { customersKnown: 40, customersNone: 3 })
})

test('the same file needs a word only where it would bring answers once more', () => {
  assert.equal(check.needsAgain(dry), false)
  assert.equal(check.needsAgain({ ...dry, same_file: 'I' }), true)
  assert.equal(check.needsAgain({ ...dry, same_file: 'I', added: 0, left: 60 }), false)
})

test('pairs to be looked at are those found with middle confidence, and still as they were found', () => {
  const found = preview([
    column('E1', { partner: 'P1', confidence: 'middle' }),
    column('P1', { partner: 'E1', confidence: 'high' }),
    column('E2', { partner: 'P2', confidence: 'high' }),
    column('P2', { partner: 'E2', confidence: 'high' }),
  ])
  const row = (expectation, perception) => ({ key: expectation, item: { code: expectation, expectation, perception } })
  assert.deepEqual(
    check.uncertainPairs([row('E1', 'P1'), row('E2', 'P2')], found).map((one) => one.key),
    ['E1'],
  )
  assert.deepEqual(check.uncertainPairs([row('E1', 'P2')], found), []) // by hand
})

test('of many differences the first few are shown, grave ones always', () => {
  const differences = [
    ...Array.from({ length: 8 }, (_, i) => ({ kind: 'column_new', column: `n${i}`, text: '' })),
    { kind: 'scale_flipped', column: 'P1', text: '' },
  ]
  const { shown, more } = last.shownOf(differences, false)
  assert.deepEqual([shown.length, shown.at(-1).kind, more], [7, 'scale_flipped', 2])
  assert.equal(last.shownOf(differences, true).more, 0)
})

test('the reading of last time is offered where it says something else', () => {
  assert.equal(last.hasReading({ reading: {} }, {}), false)
  assert.equal(last.hasReading({}, {}), false)
  assert.equal(last.hasReading({ reading: { encoding: 'Big5' } }, {}), true)
  assert.equal(last.hasReading({ reading: { encoding: 'Big5' } }, { encoding: 'Big5' }), false)
})

const asked = {
  ...{ upload: 'U', study: null, document: { study: 's' }, mapping: [], reading: {}, wave: '', skip: false },
  again: false,
}
test('one request is checked and done: into a new study, or with a mapping into one that is there', () => {
  assert.deepEqual(requestOf(asked), { upload_id: 'U', new_study: { study: 's' }, bad_rows: 'keep', again: false })
  assert.equal(requestOf({ ...asked, document: null }), null)
  const mapping = [{ source: 'a', target: 'b' }]
  const into = { ...asked, study: 'S', mapping, reading: { sheet: 'x' }, wave: '2025', skip: true, existing: 'leave' }
  assert.deepEqual(requestOf(into), {
    ...{ upload_id: 'U', study_id: 'S', mapping, reading: { sheet: 'x' }, wave: '2025', bad_rows: 'skip' },
    ...{ existing: 'leave', again: false },
  })
})

test('what was decided fits another file that has all the columns', () => {
  const carried = { name: 'a.csv', columns: ['E1', 'P1'], decided: {} }
  assert.equal(fits(carried, preview([column('id'), column('P1'), column('E1')])), true)
  assert.equal(fits(carried, preview([column('E1')])), false)
  assert.equal(fits(null, preview([])), false)
  assert.equal(fits(carried, null), false)
})

test('the headline is what the step has found', () => {
  const file = preview([column('a')], { tool_name: 'Qualtrics' })
  const say = (step, more = {}) => steps.headlineOf(step, file, { into: null, pairs: 3, cells: 0, ...more })
  assert.equal(say('look'), 'Qualtrics: 60 rows, 1 columns.')
  assert.equal(say('values', { cells: 2 }), '2 cells were not understood: say what they stand for.')
  assert.equal(say('check', { kept: 58 }), '58 rows can be imported.')
  assert.equal(say('check', { into: 'Heating' }), '60 rows can be imported into “Heating”.')
  assert.equal(say('roles', { into: 'Heating' }), 'Which column is what in “Heating”')
  assert.equal(steps.headlineOf('look', null, { into: null, pairs: 0, cells: 0 }), 'Import survey data')
})

test('the pace is that of the last moments, and said once it can be known', () => {
  const points = [
    { at: 0, rows: 0, share: 0 },
    { at: 1000, rows: 20_000, share: 0.1 },
  ]
  assert.equal(pace.paceOf([]), null)
  assert.equal(pace.paceOf(points), null) // too short
  const later = pace.withPoint(points, { at: 2000, rows: 40_000, share: 0.2 })
  assert.deepEqual(pace.paceOf(later), { perSecond: 20_000, secondsLeft: 8 })
  assert.equal(pace.paceOf([points[0], { at: 9000, rows: 0, share: 0 }]), null) // it stands still
  assert.deepEqual(
    pace.withPoint(later, { at: 11_500, rows: 0, share: 0.3 }).map(({ at }) => at),
    [2000, 11_500],
  )
})

test('time left is said no more exactly than it is known', () => {
  const said = [0, 12, 54, 58, 80, 200].map(pace.leftInWords)
  assert.deepEqual(said, [
    'about 5 seconds left',
    'about 15 seconds left',
    'about 55 seconds left',
    'about one minute left',
    'about one minute left',
    'about 3 minutes left',
  ])
})

test('what an import brought is told by ids where any was known', () => {
  assert.equal(pace.broughtInWords({ added: 5, replaced: 0, left: 0 }), '')
  assert.equal(
    pace.broughtInWords({ added: 1, replaced: 2, left: 1000 }),
    '1 new, 2 replaced, 1\u202f000 left as they are',
  )
})

test('imports are narrowed by state, study and name', () => {
  const one = (name, state, study_id, imported = 5) => ({ id: name, name, state, study_id, imported })
  const all = [one('Winter.csv', 'done', 'a'), one('summer.csv', 'failed', 'a', 3), one('w.xlsx', 'done', 'b')]
  const codes = { a: 'heat', b: 'power' }
  const find = (chosen) =>
    list.narrowed(all, { states: [], study: '', text: '', ...chosen }, (id) => codes[id]).map(({ name }) => name)
  assert.deepEqual(find({}), ['Winter.csv', 'summer.csv', 'w.xlsx'])
  assert.deepEqual(find({ states: ['failed', 'undone'] }), ['summer.csv'])
  assert.deepEqual(find({ study: 'heat', text: ' WIN' }), ['Winter.csv'])
  assert.deepEqual(list.statesOf(all), [
    { state: 'done', n: 2 },
    { state: 'failed', n: 1 },
  ])
  assert.deepEqual(all.map(list.broughtBy), [5, null, 5])
})
