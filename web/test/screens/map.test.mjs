// The importance–performance map: a name stands whole beside its point, or the point bears a number.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

// As wide as it has characters, 8 px each.
lend({ document: { documentElement: {}, createElement: () => ({ getContext: () => null }) } })
const [{ mapLayout }] = await load('screens/measure/gaps/map')
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
