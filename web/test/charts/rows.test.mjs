// Where the parts of a row stand, what its smaller line says, which keys open it; and the dumbbell as it is drawn.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createSSRApp, h, ref } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { lend, load } from '../support/load.mjs'

lend({
  document: { documentElement: {}, createElement: () => ({ getContext: () => null }) },
  ResizeObserver: class {
    observe() {}
    disconnect() {}
  },
})
const [{ opens, sheetsOf, under, useRowLayout }, { i18n, setLocale }, { default: Dumbbell }] = await load(
  'charts/rows',
  'i18n/index',
  'charts/DumbbellChart.vue',
)
await setLocale('en')
const shape = { pitch: 50, margin: 104, lift: 16 }

test('on paper rows are drawn a page each, on a screen all together', () => {
  const rows = Array.from({ length: 60 }, (_, i) => i)
  const high = () => 33
  assert.deepEqual(sheetsOf(rows, false, high), [rows])
  const sheets = sheetsOf(rows, true, high)
  assert.deepEqual(sheets.flat(), rows, 'none is lost')
  assert.deepEqual(
    sheets.map((sheet) => sheet.length),
    [20, 28, 12],
  )
  assert.deepEqual(sheetsOf(rows.slice(0, 20), true, high).length, 1)
  assert.deepEqual(sheetsOf(rows.slice(0, 20), true, () => 66).length, 2, 'higher rows fill it sooner')
})

test('values stand between the names and the margin; on a narrow page the names go above', () => {
  const width = ref(1000)
  const layout = useRowLayout(width, shape)
  const axis = { low: 1, high: 7 }
  const ends = () => [layout.place(axis, 1), layout.place(axis, 4), layout.place(axis, 7)]
  assert.deepEqual(ends(), [316, 606, 896])
  assert.equal(layout.lineOf({}), 25)
  width.value = 400
  assert.deepEqual(ends(), [12, 200, 388])
  assert.equal(layout.lineOf({}), 47, 'the row is as much lower as the names need')
})

test('above its row a name has room for a second line, which makes the row higher', () => {
  const width = ref(400)
  const layout = useRowLayout(width, shape)
  const long = 'Repair comes quickly after a report' // 8 px a character here
  assert.deepEqual(layout.named(long, 200), ['Repair comes quickly', 'after a report'])
  assert.deepEqual(layout.named('Bills', 200), ['Bills'])
  const [last] = layout.named(`${long} by day and by night`, 200).slice(-1)
  assert.match(last, /^after a report.*…$/, 'what two lines can’t hold is cut')
  assert.equal(layout.heightOf({ names: 2 }) - layout.heightOf({ names: 1 }), 16)
  assert.equal(layout.lineOf({ names: 2 }) - layout.lineOf({}), 16)
  assert.deepEqual([layout.above(0, 2), layout.above(1, 2)], [16, 0])
  width.value = 1000
  assert.equal(layout.named(long, 200).length, 2)
})

test('short names stay on the left of a narrow page, which makes room for them', () => {
  const layout = (beside) => useRowLayout(ref(390), { ...shape, beside: () => beside }).left.value
  assert.equal(layout(60), Math.round(390 * 0.34 + 16))
  assert.equal(layout(140), 170)
  assert.equal(layout(400), Math.round(390 * 0.46), 'not more than the scale can spare')
})

test('a wide page makes room for long names, as far as the scale can spare it', () => {
  const left = (names) => useRowLayout(ref(1000), { ...shape, names: () => names }).left.value
  assert.equal(left(100), 316)
  assert.equal(left(350), 380)
  assert.equal(left(900), 420)
})

test('the smaller line keeps its n when the words must be cut', () => {
  assert.equal(under('Reliability', 1200, 500), 'Reliability · n 1\u202f200')
  assert.match(under('Reliability', 1200, 120), /^R?e?l?.*… · n 1\u202f200$/)
  assert.equal(under('', 3, 500), 'n 3')
})

test('Enter and Space open and don’t scroll; other keys do nothing', () => {
  let kept = 0
  const press = (key) => opens({ key, preventDefault: () => kept++ })
  assert.deepEqual(['Enter', ' ', 'Tab', 'a'].map(press), [true, true, false, false])
  assert.equal(kept, 2)
})

const estimate = (value, half = 0.2) => ({ value, low: value - half, high: value + half })
const asked = { code: 'q1', n: 100, expectation: estimate(6), perception: estimate(4), gap: estimate(-2) }
const source = (row, more) => ({ key: row.code, label: 'Keeps its word', sub: 'Reliability', row, ...more })
function draw(...rows) {
  const app = createSSRApp({ render: () => h(Dumbbell, { rows, scale: { min: 1, max: 7 }, label: 'Gaps' }) })
  return renderToString(app.use(i18n))
}
const spoken = (svg) => [...svg.matchAll(/<title[^>]*>(.*?)<\/title>/g)].map((found) => found[1])
const has = (svg, name) => new RegExp(`class="${name}"`).test(svg)

test('a row with a gap has ring, dot, bar and whisker, and says it all in words', async () => {
  const svg = await draw(source({ ...asked, verdict: 'short', significant: true }, { pickable: true }))
  for (const part of ['ring', 'perceived', 'bar', 'whisker', 'star']) assert.ok(has(svg, part), part)
  assert.match(svg, /class="row short pickable" role="button" tabindex="0"/)
  const [words] = spoken(svg)
  for (const part of ['Keeps its word', 'Reliability', '6.00', '4.00', '\u22122.00 ±0.20', 'n 100'])
    assert.ok(words.includes(part), `${part} in ${words}`)
})

test('without expectation the dot stands alone, in no verdict’s colour; without a dot the note says why', async () => {
  const alone = await draw(source({ code: 'q1', n: 9, perception: estimate(4), verdict: 'unknown' }))
  assert.ok(has(alone, 'perceived') && !has(alone, 'ring') && !has(alone, 'bar'))
  assert.match(alone, /class="row plain" role="img"/)
  assert.ok(spoken(alone)[0].includes('4.00 ±0.20'))
  const asked = await draw(source({ code: 'q1', n: 9, expectation: estimate(6), verdict: 'unknown' }))
  assert.ok(has(asked, 'ring') && has(asked, 'whisker') && !has(asked, 'perceived'))
  assert.match(asked, />\s*6\.00\s*</, 'the side that was asked')
  assert.ok(spoken(asked)[0].includes('6.00 ±0.20'))
  const none = await draw(source({ code: 'q1', n: 0, verdict: 'unknown', note: 'Nobody answered' }))
  assert.ok(!has(none, 'perceived') && !has(none, 'whisker'))
  assert.ok(none.includes('Nobody answered'))
})

test('a gap inside the noise has no star, however significant it is called', async () => {
  assert.ok(!has(await draw(source({ ...asked, verdict: 'inconclusive', significant: true })), 'star'))
})

test('no rows are no error', async () => {
  assert.ok(has(await draw(), 'grid'))
})
