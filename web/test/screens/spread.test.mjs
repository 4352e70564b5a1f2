// The axis of a spread: every step of the scale, answered or not.
import assert from 'node:assert/strict'
import test from 'node:test'
import { load } from '../support/load.mjs'

const [{ placesOf }] = await load('screens/measure/gaps/spread')

test('what nobody answered has its place between those that somebody did', () => {
  assert.deepEqual(placesOf([3, 5, 6, 7], { min: 1, max: 7 }), [1, 2, 3, 4, 5, 6, 7])
  assert.deepEqual(placesOf([-3, 0, 1]), [-3, -2, -1, 0, 1])
  assert.deepEqual(placesOf([1, 2.5], { min: 1, max: 3 }), [1, 1.5, 2, 2.5, 3])
})

test('an answer off the scale is there too; a scale of many places shows what was answered', () => {
  assert.deepEqual(placesOf([9, 2], { min: 1, max: 3 }), [1, 2, 3, 9])
  assert.deepEqual(placesOf([100, 7], { min: 0, max: 100 }), [7, 100])
  assert.deepEqual(placesOf([2.7, 1], { min: 1, max: 3 }), [1, 2.7])
  assert.deepEqual(placesOf([]), [])
})
