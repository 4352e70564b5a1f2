// Two versions of one thing: what is asked, what is chosen by itself, and what comes of it.
import assert from 'node:assert/strict'
import test from 'node:test'
import { load } from '../support/load.mjs'

const [{ differences, merged, ORDER }] = await load('lib/merge')
const copy = (value) => JSON.parse(JSON.stringify(value))
const item = (code, label, more = {}) => ({ code, label: { en: label }, ...more })
const base = {
  study: 's',
  title: { en: 'Old', 'zh-CN': '旧' },
  scale: { min: 1, max: 7 },
  items: [item('a', 'A'), item('b', 'B'), item('c', 'C')],
  groups: [{ column: 'region' }],
}
const edit = (change) => {
  const version = copy(base)
  change(version)
  return version
}
const asked = (parts) => parts.map((part) => [part.path.join('/'), part.chosen])

test('what both agree on isn’t asked, in whatever order its keys stand', () => {
  const swapped = edit((d) => (d.scale = { max: 7, min: 1 }))
  assert.deepEqual(differences(base, base, swapped), [])
  const both = edit((d) => (d.title = { en: 'New' }))
  assert.deepEqual(differences(base, both, copy(both)), [])
})

test('a part that one side alone changed has that side; one that both changed has none', () => {
  const theirs = edit((d) => {
    d.title.en = 'Theirs'
    d.items[0].label.en = 'Theirs'
  })
  const mine = edit((d) => {
    d.title.en = 'Mine'
    d.items[1].label.en = 'Mine'
  })
  const parts = differences(base, theirs, mine)
  assert.deepEqual(asked(parts), [
    ['title', ''],
    ['items/a/label', 'theirs'],
    ['items/b/label', 'mine'],
  ])
  parts[0].chosen = 'mine'
  assert.deepEqual(merged(theirs, mine, parts), {
    ...base,
    title: { en: 'Mine', 'zh-CN': '旧' },
    items: [item('a', 'Theirs'), item('b', 'Mine'), item('c', 'C')],
  })
  parts[0].chosen = 'original'
  assert.deepEqual(merged(theirs, mine, parts).title, base.title)
})

test('elements added and removed are parts of their own, and stand where they stood', () => {
  const theirs = edit((d) => d.items.splice(1, 1)) // b goes
  const mine = edit((d) => d.items.splice(1, 0, item('n', 'New'))) // n behind a
  const parts = differences(base, theirs, mine)
  assert.deepEqual(asked(parts), [
    ['items/n', 'mine'],
    ['items/b', 'theirs'],
  ])
  assert.deepEqual(
    merged(theirs, mine, parts).items.map((i) => i.code),
    ['a', 'n', 'c'],
  )
  for (const part of parts) part.chosen = 'theirs'
  assert.deepEqual(merged(theirs, mine, parts), theirs)
  for (const part of parts) part.chosen = 'mine'
  assert.deepEqual(new Set(merged(theirs, mine, parts).items.map((i) => i.code)), new Set(['a', 'n', 'b', 'c']))
})

test('one removes what the other changes: nobody decides that but who saves', () => {
  const theirs = edit((d) => d.items.splice(0, 1))
  const mine = edit((d) => (d.items[0].label.en = 'Mine'))
  const [part] = differences(base, theirs, mine)
  assert.deepEqual([part.path, part.chosen, part.theirs], [['items', 'a'], '', undefined])
  part.chosen = 'mine'
  assert.equal(merged(theirs, mine, [part]).items[0].label.en, 'Mine')
})

test('an order is a part too', () => {
  const mine = edit((d) => d.items.reverse())
  const theirs = edit((d) => (d.items[0].label.en = 'Theirs'))
  const parts = differences(base, theirs, mine)
  assert.deepEqual(asked(parts), [
    ['items/a/label', 'theirs'],
    [`items/${ORDER}`, 'mine'],
  ])
  assert.deepEqual(
    merged(theirs, mine, parts).items.map((i) => i.label.en),
    ['C', 'B', 'Theirs'],
  )
})

test('a field that one side takes away can be taken away; a list that is new comes whole', () => {
  const mine = edit((d) => {
    delete d.scale
    d.outcomes = [item('nps', 'NPS')]
  })
  const parts = differences(base, copy(base), mine)
  assert.deepEqual(merged(base, mine, parts), mine)
  for (const part of parts) part.chosen = 'theirs'
  assert.deepEqual({ ...merged(base, mine, parts), outcomes: undefined }, { ...base, outcomes: undefined })
})
