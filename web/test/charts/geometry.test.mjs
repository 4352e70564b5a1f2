// Axes on round steps inside the scale, texts that fit their place.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

// A letter is ten pixels wide.
const pen = { measureText: (text) => ({ width: [...text].length * 10 }) }
lend({ document: { createElement: () => ({ getContext: () => pen }) } })
const [{ axisOver, ends, fit, widthOf, wrap }] = await load('charts/geometry')
const scale = { min: 1, max: 7 }

test('an axis ends on round steps around the values', () => {
  assert.deepEqual(axisOver([4.6, 5.9], scale), {
    low: 4.5,
    high: 6,
    step: 0.25,
    digits: 2,
    ticks: [4.5, 4.75, 5, 5.25, 5.5, 5.75, 6],
  })
  const whole = axisOver([1, 7], scale)
  assert.deepEqual([whole.low, whole.high, whole.step, whole.digits], [1, 7, 1, 0])
  assert.equal(axisOver([0, 2], { min: 0, max: 10 }).digits, 1)
})

test('a text is broken between words, in Chinese anywhere, and a word that is too long stands alone', () => {
  const wide = (words) => [...words].length * 10
  assert.deepEqual(wrap('one two three', 80, wide), ['one two', 'three'])
  assert.deepEqual(wrap('期望与感知', 30, wide), ['期望与', '感知'])
  assert.deepEqual(wrap('a Understandability b', 60, wide), ['a', 'Understandability', 'b'])
  assert.deepEqual(wrap('', 60, wide), [])
})

test('it never leaves the scale, and passes over what is not a number', () => {
  const axis = axisOver([1.01, null, undefined, NaN, Infinity, 6.99], scale)
  assert.deepEqual([axis.low, axis.high], [1, 7])
  const low = axisOver([1], scale)
  assert.ok(low.low === 1 && low.high > 1 && low.high <= 7)
})

test('no values show the whole scale; one value has room around it', () => {
  assert.deepEqual(axisOver([], scale).ticks, [1, 2, 3, 4, 5, 6, 7])
  const one = axisOver([4], scale)
  assert.ok(one.low < 4 && one.high > 4)
  assert.ok(one.ticks.length >= 2)
})

test('ticks carry no rounding noise', () => {
  for (const tick of axisOver([0.1, 0.35], { min: 0, max: 1 }).ticks) assert.equal(tick, Number(tick.toFixed(2)))
})

test('ends of an estimate, or none', () => {
  assert.deepEqual(ends({ value: 1, low: 0, high: 2 }), [1, 0, 2])
  assert.deepEqual(ends(undefined), [])
})

test('a text that fits stays; one that does not is cut as late as may be, without a space before the ellipsis', () => {
  assert.equal(widthOf('four', 'font'), 40)
  assert.equal(fit('abcdef', 60, 'font'), 'abcdef')
  assert.equal(fit('abcdef', 59, 'font'), 'abcd…')
  assert.equal(fit('ab cdef', 40, 'font'), 'ab…')
  assert.equal(fit('abc', 5, 'font'), '…')
})

test('no line begins with a mark that closes or ends with one that opens', () => {
  const lines = (text, width) => wrap(text, width, (words) => words.length)
  assert.deepEqual(lines('研究：供热', 2), ['研', '究：', '供热'])
  assert.deepEqual(lines('筛选（东城）', 3), ['筛选', '（东', '城）'])
  assert.deepEqual(lines('一 CSV：二', 4), ['一', 'CSV：', '二'])
})
