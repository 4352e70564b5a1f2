// Expected and perceived over the waves.
import assert from 'node:assert/strict'
import test from 'node:test'
import { eventTarget, lend, load } from '../support/load.mjs'

lend({
  ...eventTarget(),
  matchMedia: () => eventTarget({ matches: false }),
  document: { documentElement: { dataset: {}, classList: { toggle() {} } } },
})
const [{ trendAxis, trendOption }] = await load('charts/trend')
const words = { expectation: 'Expected', perception: 'Perceived', gap: 'Gap' }
const p = { ink: 'ink', card: 'card', short: 'short', beyond: 'beyond', noise: 'noise', accent: 'accent', mute: 'mute' }
const estimate = (value, half = 0.2) => ({ value, low: value - half, high: value + half })
const point = (wave, expected, perceived) => ({
  wave,
  n: 100,
  expectation: expected === null ? undefined : estimate(expected),
  perception: estimate(perceived),
  gap: expected === null ? undefined : estimate(perceived - expected),
})
const scale = { min: 1, max: 7 }
const draw = (points, events = [], width = 800) =>
  trendOption(points, events, trendAxis(points, scale), words, p, width)
const named = (option, name) => option.series.find((series) => series.name === name)

test('the axis holds both lines with their intervals', () => {
  const axis = trendAxis([point('w1', 6, 4), point('w2', 6.2, 3)], scale)
  assert.ok(axis.low <= 2.8 && axis.high >= 6.4)
})

test('the line of what is perceived has the colour of the newest gap', () => {
  const color = (expected, perceived) =>
    named(draw([point('w1', 4, 4), point('w2', expected, perceived)]), 'Perceived').lineStyle.color
  assert.equal(color(6, 4), 'short')
  assert.equal(color(4, 6), 'beyond')
  assert.equal(color(5, 5.1), 'noise')
  assert.equal(color(null, 5), 'noise', 'no gap in the newest wave')
})

test('where nothing was asked of expectation there is one line and its band, in the accent', () => {
  const option = draw([point('w1', null, 4), point('w2', null, 5)])
  assert.equal(named(option, 'Expected'), undefined)
  assert.equal(option.series.length, 3)
  assert.equal(named(option, 'Perceived').lineStyle.color, 'accent')
})

test('the band is stacked: its lower edge, then its breadth; a wave without interval leaves a hole', () => {
  const points = [point('w1', null, 4), { wave: 'w2', n: 2, perception: { value: 5, low: null, high: null } }]
  const [low, breadth] = draw(points).series
  assert.deepEqual(low.data, [3.8, null])
  assert.ok(Math.abs(breadth.data[0] - 0.4) < 1e-9)
  assert.equal(breadth.data[1], null)
})

test('labels of lines that end close together stand apart, the upper above', () => {
  const ends = (expected, perceived) => {
    const option = draw([point('w1', 2, 6), point('w2', expected, perceived)])
    return ['Expected', 'Perceived'].map((name) => named(option, name).endLabel.verticalAlign)
  }
  assert.deepEqual(ends(5.1, 5), ['bottom', 'top'])
  assert.deepEqual(ends(5, 5.1), ['top', 'bottom'])
  assert.deepEqual(ends(6, 3), ['middle', 'middle'])
})

test('events of waves that are shown are drawn, at alternate heights, and cut where it is narrow', () => {
  const events = ['w1', 'gone', 'w2'].map((wave) => ({ wave, label: { en: `at ${wave}` } }))
  const marks = (width) => named(draw([point('w1', 5, 4), point('w2', 5, 4)], events, width), 'Perceived').markLine.data
  assert.deepEqual(
    marks(800).map((m) => [m.xAxis, m.label.formatter, m.label.distance, m.label.align]),
    [
      ['w1', 'at w1', 4, 'left'],
      ['w2', 'at w2', 19, 'right'],
    ],
    'an end of the name stands at its line',
  )
  for (const width of [800, 350])
    for (const { label } of marks(width)) {
      assert.equal(label.overflow, 'truncate')
      assert.ok(label.width > width / 2 && label.width < width, 'what the chart has on that side')
    }
})

test('hovering tells wave, n and the figures that there are', () => {
  const option = draw([point('w<1>', 6, 4), { wave: 'w2', n: 1200, perception: estimate(5) }])
  const text = (dataIndex) => option.tooltip.formatter([{ dataIndex }])
  const [head, ...figures] = text(0).split('<br>')
  assert.equal(head, '<b>w&#60;1&#62;</b> · n 100')
  assert.deepEqual(figures, [
    'Expected <b>6.00</b> ±0.20',
    'Perceived <b>4.00</b> ±0.20',
    'Gap <b>\u22122.00</b> ±0.20',
  ])
  assert.equal(text(1), '<b>w2</b> · n 1\u202f200<br>Perceived <b>5.00</b> ±0.20')
})

test('no waves are no error', () => {
  assert.deepEqual(draw([]).xAxis.data, [])
})
