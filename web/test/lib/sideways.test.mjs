// What is wider than its place says on which side more of it lies, while it is scrolled and as widths change.
import assert from 'node:assert/strict'
import test from 'node:test'
import { eventTarget, lend, load } from '../support/load.mjs'

let observed
lend({
  ResizeObserver: class {
    constructor(run) {
      observed = { run, parts: [], gone: false }
    }
    observe(part) {
      observed.parts.push(part)
    }
    disconnect() {
      observed.gone = true
    }
  },
})
const [{ hiddenSides, vSideways }] = await load('lib/sideways')
const flat = { scrollTop: 0, scrollHeight: 100, clientHeight: 100 }
const box = (scrollLeft, scrollWidth, high = flat) =>
  eventTarget({ scrollLeft, scrollWidth, clientWidth: 300, dataset: {}, children: [{}], ...high })

test('more lies on the right, then on both sides, then on the left; what fits has none', () => {
  const sides = [0, 50, 100].map((left) => hiddenSides(box(left, 400)))
  assert.deepEqual(sides, ['right', 'left right', 'left'])
  assert.equal(hiddenSides(box(0, 300.6)), '', 'part of a pixel is nothing')
})

test('more lies below till the end is reached', () => {
  const at = (scrollTop) => hiddenSides(box(0, 300, { ...flat, scrollHeight: 400, scrollTop }))
  assert.deepEqual([0, 200, 300].map(at), ['below', 'below', ''])
})

test('it is looked at when it is there, when it is scrolled and when it or what is in it changes', () => {
  const one = box(0, 400)
  vSideways.mounted(one)
  assert.equal(observed.parts.length, 2)
  observed.run()
  assert.equal(one.dataset.more, 'right')
  one.scrollLeft = 100
  one.fire('scroll')
  assert.equal(one.dataset.more, 'left')
  one.scrollWidth = 200
  one.scrollLeft = 0
  vSideways.updated(one)
  assert.equal(one.dataset.more, '')
  vSideways.beforeUnmount(one)
  assert.ok(observed.gone)
})
