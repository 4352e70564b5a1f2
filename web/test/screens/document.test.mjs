// Where in a study document a pointer leads, and where a line of it stands.
import assert from 'node:assert/strict'
import test from 'node:test'
import { load } from '../support/load.mjs'

const [{ blank, lineOf, spanOf }] = await load('screens/record/studies/document')
const source = JSON.stringify({ ...blank, items: [{ code: 'a,]"' }, { code: 'b', scale: { max: 7 } }] }, null, 2)
const lineWith = (text) => source.split('\n').findIndex((line) => line.includes(text)) + 1

test('a pointer leads to the line of its value, through arrays and past quotes and brackets in texts', () => {
  assert.equal(lineOf(source, '/items/1/scale/max'), lineWith('"max"'))
  assert.equal(lineOf(source, '/document/items/1/code'), lineWith('"b"'))
  assert.equal(lineOf(source, 'line 9, /title'), lineWith('"title"'))
})

test('what leads nowhere has no line', () => {
  for (const pointer of [undefined, '', '/items/2', '/nothing']) assert.equal(lineOf(source, pointer), undefined)
})

test('a line is found with its ends; the first, the last, and one that isn’t there', () => {
  const at = (text, line) => text.slice(...spanOf(text, line))
  assert.deepEqual(
    [1, 2, 3].map((line) => at('ab\n\ncde', line)),
    ['ab', '', 'cde'],
  )
  assert.deepEqual(spanOf('ab\ncd', 2), [3, 5])
  assert.equal(at('ab', 5), '')
})
