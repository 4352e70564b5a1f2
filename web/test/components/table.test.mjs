// A table as CSV: for spreadsheets, which run what looks like a formula.
import assert from 'node:assert/strict'
import test from 'node:test'
import { load } from '../support/load.mjs'

const [{ figure, toCsv }] = await load('components/table')
const csv = (...cells) => toCsv([{ key: 'a', label: 'A', value: (r) => r }], cells)

test('cells are quoted where they must be, and a text that would run as a formula is defused', () => {
  const expected = ['\ufeffA', '"a,""b"""', "'=1+1", "'-x", '-2.5', '', 'true', '']
  assert.equal(csv('a,"b"', '=1+1', '-x', -2.5, null, true), expected.join('\r\n'))
})

test('the header is escaped too, and no rows are no error', () => {
  assert.equal(toCsv([{ label: '@x' }, { label: 'b,c' }], []), '\ufeff\'@x,"b,c"\r\n')
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
