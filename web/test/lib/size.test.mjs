// The width of an element that may come later, change, and go.
import assert from 'node:assert/strict'
import test from 'node:test'
import { effectScope, nextTick, shallowRef } from 'vue'
import { eventTarget, lend, load } from '../support/load.mjs'

const observers = []
class Observer {
  watched = new Set()
  constructor(tell) {
    this.tell = (width) => tell([{ contentRect: { width } }])
    observers.push(this)
  }
  observe(element) {
    this.watched.add(element)
  }
  disconnect() {
    this.watched.clear()
  }
}
const page = eventTarget()
lend({ ...page, ResizeObserver: Observer })
const [{ useWidth }] = await load('lib/size')

test('the width is first guessed, then the element’s, then each new one; a hidden one keeps the last', async () => {
  const scope = effectScope()
  const element = shallowRef()
  const width = scope.run(() => useWidth(element, 500))
  assert.equal(width.value, 500)
  const first = { clientWidth: 320 }
  element.value = first
  await nextTick()
  assert.equal(width.value, 320)
  observers[0].tell(410)
  assert.equal(width.value, 410)
  observers[0].tell(0)
  assert.equal(width.value, 410)

  const second = { clientWidth: 0 }
  element.value = second
  await nextTick()
  assert.deepEqual([...observers[0].watched], [second], 'the old element is let go')
  assert.equal(width.value, 410)
  element.value = undefined
  await nextTick()
  assert.equal(observers[0].watched.size, 0)
  element.value = first
  await nextTick()
  first.clientWidth = 280
  page.fire('beforeprint')
  assert.equal(width.value, 280, 'paper doesn’t wait for the observer')
  assert.equal(page.listeners('beforeprint'), 1)
  scope.stop()
  assert.equal(page.listeners('beforeprint'), 0)
  assert.equal(observers[0].watched.size, 0)
})
