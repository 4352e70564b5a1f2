// Options of a typed picker, and where a box beside something stands.
import assert from 'node:assert/strict'
import test from 'node:test'
import { load } from '../support/load.mjs'

const [options, place] = await load('lib/options', 'lib/place')
const all = [
  { value: 'a', label: '一次修好', note: '第 9 列' },
  { value: 'b', label: 'Repair, first time' },
  { value: 'c', label: 'First repair' },
]
const found = (typed) => options.matching(all, typed).map((option) => option.value)

test('options hold every word typed, those that begin with it first', () => {
  assert.deepEqual(found(''), ['a', 'b', 'c'])
  assert.deepEqual(found('first'), ['c', 'b'])
  assert.deepEqual(found('REPAIR first'), ['b', 'c'])
  assert.deepEqual(found('９'), ['a'])
  assert.deepEqual(found('nothing'), [])
})

test('keys go round the ends of a list', () => {
  assert.equal(options.step('ArrowDown', 2, 3), 0)
  assert.equal(options.step('ArrowUp', 0, 3), 2)
  assert.equal(options.step('End', 0, 3), 2)
  assert.equal(options.step('x', 0, 3), undefined)
  assert.equal(options.step('ArrowDown', 0, 0), undefined)
})

test('a box stands below, above where there is no room, and never out of sight', () => {
  const page = { width: 400, height: 800 }
  const box = { width: 200, height: 300 }
  assert.deepEqual(place.placeBeside({ left: 20, top: 80, bottom: 100 }, box, page), { left: 20, top: 104, most: 684 })
  assert.deepEqual(place.placeBeside({ left: 380, top: 700, bottom: 730 }, box, page), {
    left: 192,
    top: 396,
    most: 684,
  })
  assert.equal(place.placeBeside({ left: -50, top: 80, bottom: 100 }, box, page).left, 8)
})
