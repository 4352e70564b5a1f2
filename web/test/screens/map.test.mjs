// The importance–performance map: what is certain is full, what isn't is a ring; a name stands whole beside its point,
// or the point bears a number.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

// Text is 8 px a character.
lend({ document: { documentElement: {}, createElement: () => ({ getContext: () => null }) } })
const [{ mapLayout, numberColor, pointStyle }] = await load('screens/measure/gaps/map')
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

const words = { name: (row) => row.name, quadrant: (code) => code }
const rowsOf = (names) =>
  names.map((name, i) => ({ code: `q${i}`, name, performance: 20 + i * 12, importance: 0.1 + 0.05 * i }))
const layout = (names, width) =>
  mapLayout({ rows: rowsOf(names), cut_performance: 50, cut_importance: 0.2 }, { width, height: 420 }, words)

test('no name is cut: what finds no place whole has none', () => {
  const names = ['Bills', 'Repair comes quickly after a report, day and night', 'Staff', 'The hotline answers']
  for (const width of [390, 1400]) {
    const { rows, labels } = layout(names, width)
    labels.forEach((label, i) => label && assert.equal(label.text, rows[i].name))
  }
  assert.ok(layout(names, 1400).labels.every(Boolean), 'on a wide page all find a place')
  const { rows, labels } = layout(names, 390)
  assert.equal(labels[rows.findIndex((row) => row.name === names[1])], null)
})
