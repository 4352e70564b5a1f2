// Terms in plain words: on hover, focus and tap, tied to the element for screen readers, gone with Escape.
import assert from 'node:assert/strict'
import test from 'node:test'
import { eventTarget, lend, load, ownTime } from '../support/load.mjs'

function element(tag = 'span') {
  const attributes = {}
  const classes = new Set()
  const children = []
  return eventTarget({
    tag,
    attributes,
    classes,
    children,
    style: {},
    open: false,
    offsetWidth: 200,
    offsetHeight: 40,
    classList: { add: (name) => classes.add(name) },
    setAttribute: (name, value) => (attributes[name] = value),
    matches: () => tag === 'button',
    append: (child) => children.push(child),
    querySelector: (id) => children.find((child) => `#${child.id}` === id) ?? null,
    getBoundingClientRect: () => ({ left: 10, top: 100, bottom: 120 }),
    showPopover() {
      this.open = true
    },
    hidePopover() {
      this.open = false
    },
  })
}
const body = element('body')
lend({
  document: { documentElement: {}, body, createElement: element },
  innerWidth: 1000,
  innerHeight: 800,
})
const [{ vTerm }, { setLocale }] = await load('lib/term', 'i18n/index')
await setLocale('en', false)
const time = ownTime()
const box = () => body.children.find((child) => child.className === 'term-box')
const carry = (term, tag) => {
  const own = element(tag)
  vTerm.mounted(own, { value: term })
  return own
}
const at = (own, more = {}) => ({ currentTarget: own, stopPropagation() {}, ...more })

test('what carries a term can be reached, and its words are tied to it before they are shown', async () => {
  const own = carry('nps')
  assert.equal(own.tabIndex, 0)
  assert.equal(carry('gap', 'button').tabIndex, undefined, 'a button is reached already')
  const shelf = body.children.find((child) => child.hidden)
  const kept = shelf.children.find((child) => child.id === own.attributes['aria-describedby'])
  assert.match(kept.textContent, /Net Promoter Score/)
  await setLocale('zh-CN', false)
  vTerm.updated(own, { value: 'nps' })
  assert.match(kept.textContent, /净推荐值/)
  await setLocale('en', false)
})

test('it is shown on focus, on a tap, and on hover after a moment; Escape and leaving hide it', async () => {
  const own = carry('gap')
  own.fire('focus', at(own))
  assert.ok(box().open)
  assert.match(box().textContent, /^Gap:/)
  own.fire('keydown', at(own, { key: 'Escape' }))
  assert.equal(box().open, false)
  own.fire('click', at(own))
  assert.ok(box().open)
  own.fire('blur', at(own))
  assert.equal(box().open, false)
  own.fire('pointerenter', at(own, { pointerType: 'mouse' }))
  assert.equal(box().open, false, 'not while the pointer only passes')
  await time.tick(250)
  assert.ok(box().open)
  own.fire('pointerleave', at(own))
  assert.equal(box().open, false)
  own.fire('pointerenter', at(own, { pointerType: 'touch' })) // a finger that scrolls past
  await time.tick(250)
  assert.equal(box().open, false)
})

test('one box serves all; it goes with what it explains', () => {
  const first = carry('gap')
  const second = carry('nps')
  first.fire('focus', at(first))
  second.fire('focus', at(second))
  assert.match(box().textContent, /Promoter/)
  vTerm.beforeUnmount(first)
  assert.ok(box().open, 'another’s')
  vTerm.beforeUnmount(second)
  assert.equal(box().open, false)
})

test('a term that comes later is shown too, and once', () => {
  const own = carry(undefined)
  vTerm.updated(own, { value: 'gap' })
  vTerm.updated(own, { value: 'nps' })
  assert.deepEqual([own.tabIndex, [...own.classes], own.listeners('focus')], [0, ['term'], 1])
  own.fire('focus', at(own))
  assert.match(box().textContent, /Promoter/)
  own.fire('blur', at(own))
})

test('without a term an element stays as it is', () => {
  const own = carry(undefined)
  assert.deepEqual([own.attributes, own.tabIndex, own.classes.size], [{}, undefined, 0])
})
