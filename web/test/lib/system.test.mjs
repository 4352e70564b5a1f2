// What the System screen says first, what it counts in the menu, and where it draws a follower, from what the server
// tells.
import assert from 'node:assert/strict'
import test from 'node:test'
import { load } from '../support/load.mjs'

const [{ byUrgency, distance, findings, heldElsewhere, isFull, isLow, jobCare, lowShare, needs, plight, tracks }] =
  await load('lib/system')

const GiB = 1024 ** 3
const follower = (more = {}) => ({
  name: 'columns',
  waiting: 0,
  held: 0,
  rebuilding: 0,
  set_aside: 0,
  erasures: 0,
  ...more,
})
const held = (study_id, more = {}) => ({
  follower: 'columns',
  study_id,
  title: { en: study_id },
  state: 'bulk',
  rebuilding: false,
  attempts: 0,
  since: '2026-01-18T21:40:00Z',
  ...more,
})
const aside = (id) => held(id, { state: 'set_aside', kind: 'response', attempts: 1 })
const erasure = (id) => held(id, { state: 'retry', kind: 'erase', attempts: 4, retry_at: '2026-01-18T21:45:00Z' })
const system = (more = {}) => ({
  version: '1',
  schema: 4,
  columns: { open: true, reopened: 0, set_aside: 0 },
  disk: { free: 60 * GiB, total: 100 * GiB },
  writes: { total: 9, failed: 0, waiting: 0 },
  followers: [follower({ held: more.held?.length ?? 0 })],
  held: [],
  schedule: [],
  ...more,
})
const keys = (value) => findings(value).map((f) => f.key.replace('system.finding.', ''))

test('where nothing is wrong one sentence says so, and nothing is counted', () => {
  assert.deepEqual(keys(system()), ['level'])
  assert.equal(needs(system()), 0)
})

test('the most pressing comes first', () => {
  const all = system({
    held: [
      held('a'),
      held('b', { rebuilding: true }),
      held('c', { state: 'retry', kind: 'response', retry_at: 'x' }),
      aside('d'),
      erasure('e'),
    ],
    followers: [follower({ waiting: 12, held: 7 })],
    disk: { free: GiB, total: 100 * GiB },
    columns: { open: false, problem: 'no', reopened: 0, set_aside: 0 },
    schedule: [{ kind: 'prune_log', state: 'queued', message: 'no' }],
  })
  assert.deepEqual(keys(all), [
    'erasure',
    'closed',
    'setAside',
    'disk',
    'retry',
    'schedule',
    'rebuilding',
    'bulk',
    'waiting',
    'elsewhere',
  ])
  assert.deepEqual(
    byUrgency(all.held).map((h) => h.study_id),
    ['e', 'd', 'c', 'b', 'a'],
  )
})

test('one study is named, several are counted', () => {
  const [one] = findings(system({ held: [aside('a')] }))
  assert.deepEqual([one.n, one.study.study_id], [1, 'a'])
  const [two] = findings(system({ held: [aside('a'), aside('b')] }))
  assert.deepEqual([two.n, two.study], [2, undefined])
})

test('an erasure that fails is no ordinary retry; one set aside waits for a person', () => {
  assert.equal(plight(erasure('a')), 'erasure')
  assert.equal(plight(held('a', { state: 'retry', kind: 'response' })), 'retry')
  assert.equal(plight(aside('a')), 'setAside')
  assert.equal(plight(held('a', { rebuilding: true })), 'rebuilding')
})

test('the menu counts what needs someone, not what goes on by itself', () => {
  assert.equal(
    needs(
      system({ held: [held('a'), held('b', { rebuilding: true })], followers: [follower({ waiting: 5000, held: 2 })] }),
    ),
    0,
  )
  assert.equal(needs(system({ held: [aside('a'), erasure('b'), held('c')] })), 2)
  assert.equal(needs(system({ disk: { free: GiB, total: 100 * GiB } })), 1)
  assert.equal(needs(system({ columns: { open: false, problem: 'no', reopened: 0, set_aside: 0 } })), 1)
})

test('a file that is only not open yet is no fault', () => {
  const starting = system({ columns: { open: false, reopened: 0, set_aside: 0 } })
  assert.deepEqual(keys(starting), ['level'])
  assert.equal(needs(starting), 0)
})

test('the disk is low under a tenth and under 2 GiB', () => {
  assert.equal(isLow({ free: 9.9 * GiB, total: 100 * GiB }), true)
  assert.equal(isLow({ free: 10 * GiB, total: 100 * GiB }), false)
  assert.equal(isLow({ free: 1.9 * GiB, total: 4 * GiB }), true)
  assert.equal(isLow({ free: 0, total: 0 }), false, 'the disk could not be asked')
  assert.equal(isFull({ free: 0, total: 0 }), false, 'the disk could not be asked')
  assert.equal(isFull({ free: 4096, total: 100 * GiB }), true)
  assert.equal(isFull({ free: 2 ** 20, total: 100 * GiB }), false)
  assert.deepEqual(
    keys(system({ disk: { free: 0, total: 100 * GiB }, held: [aside('a')] })),
    ['full', 'setAside'],
    'full is said once, and before what else stopped',
  )
  assert.equal(lowShare({ free: 0, total: 100 * GiB }), 0.1)
  assert.equal(lowShare({ free: 0, total: 4 * GiB }), 0.5)
  assert.equal(lowShare({ free: 0, total: GiB }), 1)
})

test('a repeating job that failed says so until it ends well', () => {
  assert.equal(jobCare({ kind: 'a', state: 'queued' }), 'planned')
  assert.equal(jobCare({ kind: 'a', state: 'queued', message: 'no' }), 'failed')
  assert.equal(jobCare({ kind: 'a', state: 'running', message: 'no' }), 'running')
})

test('a follower is drawn in the ring when level, and further off the more it has to read', () => {
  assert.equal(distance(0), 0)
  const far = [1, 10, 1000, 100_000, 1_000_000].map(distance)
  assert.deepEqual(
    far,
    [...far].sort((a, b) => a - b),
  )
  assert.ok(far[0] > 0.03)
  assert.equal(distance(5_000_000), 1)
  assert.equal(distance(-1), 0)
})

test('few studies are drawn beside a track, the rest is counted, other organisations’ apart', () => {
  const many = Array.from({ length: 9 }, (_, i) => held(`s${i}`))
  const [track] = tracks(system({ held: [...many, aside('worst')], followers: [follower({ held: 13 })] }))
  assert.equal(track.sidings.length, 7)
  assert.equal(track.sidings[0].held.study_id, 'worst')
  assert.deepEqual(
    track.sidings.slice(5).map((s) => [s.more, !!s.elsewhere]),
    [
      [5, false],
      [3, true],
    ],
  )
  assert.equal(heldElsewhere(system({ followers: [follower({ held: 3 })], held: [aside('a')] })), 2)
})
