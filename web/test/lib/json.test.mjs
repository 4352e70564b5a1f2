// Where a text stops being JSON, and why.
import assert from 'node:assert/strict'
import test from 'node:test'
import { load } from '../support/load.mjs'

const [{ faultOf, lineAt }] = await load('lib/json')

test('what JSON.parse takes has no fault', () => {
  for (const text of [
    '0',
    '-1.5e+3',
    'true',
    '""',
    '"\\u00e9\\n\u007f汉😀"',
    '[]',
    '{}',
    ' { "a" : [ 1 , {"b":null} ] }\n',
  ]) {
    assert.doesNotThrow(() => JSON.parse(text))
    assert.equal(faultOf(text), null, text)
  }
})

test('each fault has its place and its reason', () => {
  const cases = [
    ['', 0, 'end'],
    ['{', 1, 'end'],
    ['[1', 2, 'end'],
    ['{"a"', 4, 'end'],
    ['[1,]', 3, 'value'],
    ['{"a":1,}', 7, 'key'],
    ['{a:1}', 1, 'key'],
    ['{"a" 1}', 5, 'colon'],
    ['{"a":1 "b":2}', 7, 'comma'],
    ['[1 2]', 3, 'comma'],
    ['{"a":tru}', 5, 'value'],
    ["{'a':1}", 1, 'key'],
    ['"open', 0, 'text'],
    ['["a\nb"]', 1, 'text'],
    ['"\\x"', 1, 'escape'],
    ['{} {}', 3, 'more'],
    ['01', 1, 'more'],
  ]
  for (const [text, at, why] of cases) {
    assert.throws(() => JSON.parse(text), text)
    assert.deepEqual(faultOf(text), { at, why }, text)
  }
})

test('nested deeper than the stack is a fault, not a crash', () => {
  assert.equal(faultOf('['.repeat(1_000_000))?.why, 'value')
})

test('lines count from one', () => {
  assert.equal(lineAt('a\nb\nc', 0), 1)
  assert.equal(lineAt('a\nb\nc', 4), 3)
})
