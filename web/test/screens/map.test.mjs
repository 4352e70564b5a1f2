// The importance–performance map: what is certain is full, what isn't is a ring.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {}, createElement: () => ({ getContext: () => null }) } })
const [{ numberColor, pointStyle }] = await load('screens/measure/gaps/map')
const palette = { short: 'red', beyond: 'teal', noise: 'grey', accent: 'blue', card: 'white' }

test('a point whose quadrant is uncertain is hollow, in the colour of the quadrant', () => {
  const row = { code: 'a', quadrant: 'concentrate', quadrant_uncertain: true }
  assert.deepEqual(pointStyle(row, palette), { color: 'white', borderColor: 'red', borderWidth: 2, opacity: 1 })
  assert.equal(numberColor(row, palette), 'red', 'a number in it can be read')
})

test('a certain one is full; so is one whose importance was stated', () => {
  assert.deepEqual(pointStyle({ code: 'a', quadrant: 'keep', quadrant_uncertain: false }, palette), {
    color: 'teal',
    opacity: 1,
  })
  assert.deepEqual(pointStyle({ code: 'a', quadrant: 'overkill' }, palette), { color: 'blue', opacity: 1 })
  assert.equal(numberColor({ code: 'a', quadrant: 'keep' }, palette), 'white')
})
