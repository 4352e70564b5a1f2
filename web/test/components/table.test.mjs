// A table as CSV: for spreadsheets, which run what looks like a formula.
import assert from 'node:assert/strict'
import test from 'node:test'
import { load } from '../support/load.mjs'

const [{ figure, rounded, toCsv }] = await load('components/table')
const csv = (...cells) => toCsv([{ key: 'a', label: 'A', value: (r) => r }], cells)

test('cells are quoted where they must be, and a text that would run as a formula is defused', () => {
  const expected = ['\ufeffA', '"a,""b"""', "'=1+1", "'-x", '-2.5', '', 'true', '']
  assert.equal(csv('a,"b"', '=1+1', '-x', -2.5, null, true), expected.join('\r\n'))
})

test('the header is escaped too, and no rows are no error', () => {
  assert.equal(toCsv([{ label: '@x' }, { label: 'b,c' }], []), '\ufeff\'@x,"b,c"\r\n')
})

test('a file says above its table what it is, a line a cell', () => {
  const head = ['Study: Heating', 'Filters: North, South', '"all" waves']
  const lines = toCsv([{ label: 'A', value: (r) => r }], [1], head).split('\r\n')
  assert.deepEqual(lines, ['\ufeff# Study: Heating', '"# Filters: North, South"', '"# ""all"" waves"', 'A', '1', ''])
})

test('a file has four figures of a number, whole numbers whole, and nothing that only the machine made', () => {
  const shown = [-1.23456789, 0.000123456, 2812, 1234567, 39684.4, 3e-16, -2e-13, 100.04, 1e-9]
  assert.deepEqual(shown.map(rounded), [-1.235, 0.0001235, 2812, 1234567, 39684, 0, 0, 100, 1e-9])
  assert.equal(csv(0.1 + 0.2), '\ufeffA\r\n0.3\r\n')
})

test('a column that a file has in parts is only on the screen', () => {
  const columns = [
    { label: 'both', screenOnly: true, value: () => 1 },
    { label: 'low', value: () => 2 },
  ]
  assert.equal(toCsv(columns, [{}]), '\ufefflow\r\n2\r\n')
})

test('an extra column that holds nothing is left out, any other stays', () => {
  const columns = [
    { label: 'truth', extra: true, value: (r) => r.truth },
    { label: 'note', extra: true, value: () => '' },
    { label: 'gap', value: () => null },
  ]
  assert.equal(toCsv(columns, [{}, {}]), '\ufeffgap\r\n\r\n\r\n')
  assert.equal(toCsv(columns, [{}, { truth: 0 }]), '\ufefftruth,gap\r\n,\r\n0,\r\n')
})

test('a column of numbers exports the number and shows it as it is set', () => {
  const column = figure(
    'n',
    'N',
    (v) => `<${v}>`,
    (r) => r.n,
    { extra: true },
  )
  assert.deepEqual([column.value({ n: 2 }), column.show({ n: 2 }), column.number, column.extra], [2, '<2>', true, true])
})
