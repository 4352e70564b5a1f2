// The charts' colours are the page's, and change with it; texts in tooltips are escaped.
import assert from 'node:assert/strict'
import test from 'node:test'
import { eventTarget, lend, load } from '../support/load.mjs'

let tone = 'day'
const root = { dataset: {}, classList: { toggle() {} } }
lend({
  ...eventTarget(),
  matchMedia: () => eventTarget({ matches: false }),
  document: { documentElement: root, body: {} },
  getComputedStyle: () => ({ fontFamily: 'Inter', getPropertyValue: (name) => ` ${tone}${name} ` }),
})
const [charts, { theme }, { tip }] = await load('charts/theme', 'lib/theme', 'charts/tip')
const { categoryAxis, frame, html, palette, valueAxis } = charts

test('each colour is the page’s variable of that name, read anew when the theme changes', () => {
  assert.equal(palette.value.short, 'day--short')
  assert.equal(palette.value['accent-soft'], 'day--accent-soft')
  assert.equal(palette.value.font, 'Inter')
  tone = 'night'
  assert.equal(palette.value.ink, 'day--ink', 'not before')
  theme.value = 'dark'
  assert.equal(palette.value.ink, 'night--ink')
})

test('frame and axes are set in the page’s type and colours, and don’t move', () => {
  const p = palette.value
  assert.equal(frame(p).animation, false)
  assert.equal(frame(p).textStyle.fontFamily, 'Inter')
  assert.equal(frame(p).tooltip.backgroundColor, p.card)
  assert.equal(valueAxis(p).splitLine.lineStyle.color, p.soft)
  assert.equal(categoryAxis(p).splitLine.show, false)
})

test('what could be markup is not', () => {
  assert.equal(html(`<b a="1">&'</b>`), '&#60;b a=&#34;1&#34;&#62;&#38;&#39;&#60;/b&#62;')
  assert.equal(html('期望 1.5'), '期望 1.5')
})

test('a tip has a bold head, a line a figure, and leaves out what is not there', () => {
  assert.equal(tip({ head: 'A', lines: [] }), '<b>A</b>')
  const lines = [{ name: 'Gap', value: '+1', more: '±0.2' }, null, { name: 'n', value: '5', more: '' }]
  const full = tip({ head: 'A', beside: ['n 5', ''], lines, foot: 'few' })
  assert.equal(full, '<b>A</b> · n 5<br>Gap <b>+1</b> ±0.2<br>n <b>5</b><br>few')
})

test('a tip escapes every part', () => {
  const evil = '<i>'
  const lines = [{ name: evil, value: evil, more: evil }]
  assert.doesNotMatch(tip({ head: evil, beside: [evil], lines, foot: evil }), /<i>/)
})
