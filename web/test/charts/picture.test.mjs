// The life of an ECharts picture: drawn when the library has come, again when what it shows changes, gone with its
// component.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRenderer, nextTick, ref, shallowReactive } from 'vue'
import { eventTarget, lend, load, settled } from '../support/load.mjs'

const observers = []
const page = eventTarget()
const newest = () => observers.at(-1)
lend({
  ...page,
  ResizeObserver: class {
    watched = []
    constructor(tell) {
      this.tell = tell
      observers.push(this)
    }
    observe(element) {
      this.watched.push(element)
    }
    disconnect() {
      this.watched = []
    }
  },
  requestAnimationFrame: (run) => run(),
})
const [{ usePicture }] = await load('charts/picture')

const nothing = () => {}
const node = () => ({})
const { createApp } = createRenderer({
  ...{ insert: nothing, remove: nothing, patchProp: nothing, setText: nothing, setElementText: nothing },
  ...{ createElement: node, createText: node, createComment: node, parentNode: node, nextSibling: () => null },
})

/** A component with the picture in `element`; `come` is when the library arrives. */
function show(element = {}) {
  const calls = []
  const chart = Object.fromEntries(
    ['on', 'setOption', 'resize', 'dispose'].map((name) => [name, (...given) => calls.push([name, ...given])]),
  )
  chart.getZr = () => ({ flush: () => calls.push(['flush']) })
  const shown = shallowReactive({ option: { title: 'first' }, height: 200 })
  const picked = []
  let come
  const library = new Promise((resolve) => {
    come = () => (resolve({ init: (...given) => (calls.push(['init', ...given]), chart) }), settled())
  })
  const app = createApp({
    setup() {
      usePicture(
        ref(element),
        shown,
        (data) => picked.push(data),
        () => library,
      )
      return () => null
    },
  })
  app.mount({})
  const of = (name) => calls.filter((call) => call[0] === name).map((call) => call.slice(1))
  return { app, calls, come, of, picked, shown, element }
}

test('it is drawn once the library has come, as a picture that can be saved', async () => {
  const { calls, come, element, of } = show()
  await settled()
  assert.deepEqual(calls, [])
  await come()
  assert.deepEqual(of('init'), [[element, undefined, { renderer: 'svg' }]])
  assert.deepEqual(of('setOption'), [[{ title: 'first' }, { notMerge: true }]])
})

test('a new option replaces the old one whole; a new height or width resizes', async () => {
  const { come, of, shown } = show()
  await come()
  shown.option = { title: 'second' }
  await nextTick()
  assert.deepEqual(of('setOption').at(-1), [{ title: 'second' }, { notMerge: true }])
  shown.height = 300
  await nextTick()
  assert.equal(of('resize').length, 1)
  newest().tell()
  assert.equal(of('resize').length, 2)
})

test('printing waits neither for the observer nor for the next frame', async () => {
  const { app, come, of } = show()
  await come()
  page.fire('beforeprint')
  assert.deepEqual([of('resize').length, of('flush').length], [1, 1])
  app.unmount()
  page.fire('beforeprint')
  assert.equal(of('resize').length, 1)
})

test('a click tells the datum under it', async () => {
  const { come, of, picked } = show()
  await come()
  const [name, click] = of('on')[0]
  assert.equal(name, 'click')
  click({ data: { row: 7 } })
  assert.deepEqual(picked, [{ row: 7 }])
})

test('it goes with its component; one that goes first is never drawn', async () => {
  const late = show()
  late.app.unmount()
  await late.come()
  assert.deepEqual(late.calls, [])
  const drawn = show()
  await drawn.come()
  assert.deepEqual(newest().watched.length, 1)
  drawn.app.unmount()
  assert.equal(drawn.of('dispose').length, 1)
  assert.deepEqual(newest().watched, [])
})
