// Where in a study document a pointer leads, and where a line of it stands.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [
  { blank, lineOf, readDocument, refusal, spanOf },
  { partName, partText },
  { setLocale },
  { ApiError },
  { ORDER },
] = await load('screens/record/studies/document', 'screens/record/studies/parts', 'i18n/index', 'lib/api', 'lib/merge')
await setLocale('en', false)
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

test('a text that isn’t a document says where and why', () => {
  assert.deepEqual(readDocument('{"study": "a"}').document, { study: 'a' })
  const { wrong } = readDocument('{\n "study": "a",\n}')
  assert.equal(wrong.line, 3)
  assert.match(wrong.text, /^Line 3 is not valid JSON\. A name in double quotes/)
  for (const text of ['[]', 'null', '"a"']) assert.equal(readDocument(text).wrong.line, 1, text)
})

test('what the server refuses has its line; a taken code is known as one', () => {
  const taken = refusal(source, new ApiError(409, { code: 'taken', field: '/study', detail: 'Taken.' }))
  assert.deepEqual(taken, { text: 'Taken.', line: lineWith('"study"'), taken: true })
  assert.equal(refusal(source, new ApiError(422, { code: 'invalid', detail: 'No.' })).taken, false)
})

test('a part of a document goes by the name that people know', () => {
  assert.equal(partName(['items', 'q1', 'label']), 'Item q1 · name')
  assert.equal(partName(['dimensions', 'd']), 'Dimension d')
  assert.equal(partName(['scale']), 'Scale')
  assert.equal(partName(['items', ORDER]), 'Items: order')
  assert.equal(partName(['other']), 'other', 'what has no name of ours keeps its own')
})

test('its values are told in a few words, the reader’s language first', () => {
  assert.equal(partText({ 'zh-CN': '甲', en: 'A' }), '中文 甲\nEnglish A')
  assert.equal(partText({ 'zh-CN': 'A', en: 'A' }), 'A')
  assert.equal(partText(undefined), 'none')
  assert.equal(partText(true), 'yes')
  assert.equal(partText(['a', 'b']), 'a, b')
  assert.equal(partText({ code: 'q', label: { en: 'Question' }, scale: {} }), 'Question')
  assert.equal(partText({ min: 1, max: 7 }), 'least: 1\nmost: 7')
  assert.equal(partText({ code: 'region', column: 'R' }), 'code: region\ncolumn: R')
})
