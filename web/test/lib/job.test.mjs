// A job followed: progress, its end, a server that is away, and lines that are let go.
import assert from 'node:assert/strict'
import test from 'node:test'
import { effectScope, nextTick, ref } from 'vue'
import { eventTarget, lend, load, ownTime } from '../support/load.mjs'

const [{ useJob }] = await load('lib/job')
const time = ownTime()
const lines = []
class Line {
  static CLOSED = 2
  readyState = 0
  constructor(url) {
    this.url = url
    eventTarget(this)
    lines.push(this)
  }
  close() {
    this.readyState = Line.CLOSED
  }
  tell(job) {
    this.fire('job', { data: JSON.stringify(job) })
  }
}
lend({ EventSource: Line, fetch: async () => new Response('') }) // the server is there, the line is broken

function follow(id) {
  lines.length = 0
  const scope = effectScope()
  const name = ref(id)
  let ended = 0
  const { job, away } = scope.run(() =>
    useJob(
      () => name.value,
      () => ended++,
    ),
  )
  return { scope, name, job, away, ended: () => ended }
}

test('progress is shown, and the end is told once and closes the line', () => {
  const { job, ended, scope } = follow('j1')
  assert.equal(lines[0].url, '/api/v1/jobs/j1/events')
  lines[0].tell({ state: 'queued' })
  lines[0].tell({ state: 'running', done: 5 })
  assert.equal(job.value.done, 5)
  assert.equal(ended(), 0)
  lines[0].tell({ state: 'done' })
  assert.equal(ended(), 1)
  assert.equal(lines[0].readyState, Line.CLOSED)
  scope.stop()
})

test('no name opens no line; another name lets the old line go and forgets its job', async () => {
  const { job, name, scope } = follow('')
  assert.equal(lines.length, 0)
  name.value = 'a'
  await nextTick()
  lines[0].tell({ state: 'running' })
  name.value = 'b'
  await nextTick()
  assert.equal(lines[0].readyState, Line.CLOSED)
  assert.equal(lines[1].url, '/api/v1/jobs/b/events')
  assert.equal(job.value, null)
  scope.stop()
})

test('a broken line is said after four seconds, not when it comes back before', async () => {
  const { away, scope } = follow('j')
  lines[0].onerror()
  await time.tick(3900)
  lines[0].onopen()
  await time.tick(1000)
  assert.equal(away.value, false)
  lines[0].onerror()
  await time.tick(4000)
  assert.equal(away.value, true)
  lines[0].onopen()
  assert.equal(away.value, false)
  scope.stop()
})

test('a line that the browser gave up is opened again after two seconds, and the reader reads anew', async () => {
  const { ended, scope } = follow('j')
  lines[0].readyState = Line.CLOSED
  lines[0].onerror()
  await time.tick(1999)
  assert.equal(lines.length, 1)
  await time.tick(1)
  assert.equal(lines.length, 2)
  assert.equal(ended(), 1)
  scope.stop()
})

test('nothing goes on when nobody looks', async () => {
  const { scope } = follow('j')
  lines[0].readyState = Line.CLOSED
  lines[0].onerror()
  scope.stop()
  assert.equal(time.pending(), 0)
  await time.tick(60_000)
  assert.equal(lines.length, 1)
})
