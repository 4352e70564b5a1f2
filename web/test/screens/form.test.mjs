// A study document edited as a form: every change makes another document, and what the form doesn't know stays.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [form, { setLocale }] = await load('screens/record/studies/form', 'i18n/index')
await setLocale('en', false)

const schema = JSON.parse(readFileSync(new URL('../../../spec/study.schema.json', import.meta.url)))
const study = {
  study: 'heat',
  margin: 0.3,
  dimensions: [{ code: 'a', label: 'A' }, { code: 'b' }],
  items: [
    { code: '1', expectation: 'E1', perception: 'P1', dimension: 'a', truth: -1 },
    { code: '2', perception: 'P2', dimension: 'b' },
  ],
  outcomes: [{ code: 'nps', kind: 'nps', column: 'NPS' }],
}
const frozen = JSON.stringify(study)

test('every key that an import may propose has a field', () => {
  const own = new Set(form.OWN.map(({ key }) => key))
  const lists = ['items', 'dimensions', 'touchpoints', 'outcomes', 'groups']
  const rest = ['simulated', 'margin', 'overall', 'missing', 'events', 'window'] // no import proposes them
  const missing = Object.keys(schema.properties).filter((key) => ![...own, ...lists, ...rest].includes(key))
  assert.deepEqual(missing, [])
  for (const list of lists) {
    const fields = form.LISTS[list].map(({ key }) => key)
    const keys = Object.keys(schema.properties[list].items.properties).filter((key) => key !== 'truth')
    assert.deepEqual(
      keys.filter((key) => !fields.includes(key)),
      [],
      list,
    )
  }
})

test('a field is set and taken away, and what the form doesn’t know stays', () => {
  const set = form.setField(study, 'items', 0, 'adequate', 'A1')
  assert.equal(set.items[0].adequate, 'A1')
  assert.equal(set.items[0].truth, -1)
  assert.equal(set.margin, 0.3)
  assert.ok(!('expectation' in form.setField(study, 'items', 0, 'expectation', '').items[0]))
  assert.ok(!('reverse' in form.setField(study, 'items', 0, 'reverse', false).items[0]))
  assert.deepEqual(form.withValue({ a: 1, b: 2 }, 'a', undefined), { b: 2 })
  assert.deepEqual(Object.keys(form.withValue({ a: 1, b: 2 }, 'a', 3)), ['a', 'b']) // in its place
  assert.equal(JSON.stringify(study), frozen)
})

test('a code that is changed is changed where it is named; one that goes leaves nobody naming it', () => {
  const renamed = form.setField(study, 'dimensions', 0, 'code', 'z')
  assert.deepEqual(
    renamed.items.map((item) => item.dimension),
    ['z', 'b'],
  )
  const gone = form.removeElement(study, 'dimensions', 0)
  assert.deepEqual(
    gone.items.map((item) => item.dimension),
    [undefined, 'b'],
  )
  assert.deepEqual(form.setField(study, 'items', 0, 'code', 'x').items[1], study.items[1])
})

test('elements are added with a free code, moved, and the last one takes its list along', () => {
  assert.deepEqual(form.addElement(study, 'outcomes').outcomes[1], { code: 'outcome2', kind: 'index' })
  const taken = { ...study, groups: [{ code: 'group2', column: 'x' }] }
  assert.equal(form.addElement(taken, 'groups').groups[1].code, 'group3')
  assert.deepEqual(
    form.moveElement(study, 'items', 0, 1).items.map(({ code }) => code),
    ['2', '1'],
  )
  assert.equal(form.moveElement(study, 'items', 0, -1), study)
  assert.equal(form.moveElement(study, 'items', 1, 1), study)
  assert.ok(!('outcomes' in form.removeElement(study, 'outcomes', 0)))
})

test('fields that only some kinds of outcome have are shown with them', () => {
  const keys = (element) => form.fieldsOf('outcomes', element).map(({ key }) => key)
  assert.ok(!keys({ kind: 'nps' }).includes('top'))
  assert.ok(keys({ kind: 'ces' }).includes('high_means'))
  assert.ok(keys({ kind: 'nps', positive: 'yes' }).includes('positive'), 'set already')
})

test('words are one text where both languages agree, else one for each', () => {
  assert.deepEqual(form.withWords('Speed', 'zh-CN', '速度'), { 'zh-CN': '速度', en: 'Speed' })
  assert.equal(form.withWords({ 'zh-CN': 'A', en: 'B' }, 'en', 'A'), 'A')
  assert.deepEqual(form.withWords('Speed', 'en', ''), { 'zh-CN': 'Speed' })
  assert.equal(form.withWords(undefined, 'en', ''), undefined)
  assert.equal(form.wordsIn('Speed', 'zh-CN'), 'Speed')
})

test('a scale is written and read in a few characters', () => {
  for (const scale of [
    { min: 1, max: 7 },
    { min: -2, max: 2 },
    { min: 0, max: 100, step: 10 },
  ])
    assert.deepEqual(form.readScale(form.scaleText(scale)), scale)
  assert.deepEqual(form.readScale(' 0 - 10 '), { min: 0, max: 10 })
  assert.deepEqual(form.readScale('−2至2'), { min: -2, max: 2 })
  assert.equal(form.readScale(''), undefined)
  for (const none of ['7', '7–1', 'a–b', '1–']) assert.equal(form.readScale(none), null, none)
})
