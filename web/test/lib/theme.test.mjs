// Light, dark, or as the system says; on paper light.
import assert from 'node:assert/strict'
import test from 'node:test'
import { eventTarget, lend, load } from '../support/load.mjs'

const system = eventTarget({ matches: true })
const page = eventTarget()
const root = { dataset: {}, classList: { toggle: (name, on) => (root[name] = on) } }
lend({ ...page, matchMedia: () => system, document: { documentElement: root } })
const [{ dark, theme }] = await load('lib/theme')

test('without a choice it follows the system, also when that changes', () => {
  assert.equal(theme.value, 'system')
  assert.equal(dark.value, true)
  assert.deepEqual([root.dataset.theme, root.dark], ['dark', true])
  system.fire('change', { matches: false })
  assert.deepEqual([root.dataset.theme, root.dark], ['light', false])
})

test('a choice beats the system and is kept', () => {
  theme.value = 'dark'
  assert.equal(root.dataset.theme, 'dark')
  assert.equal(localStorage.getItem('mindgap.theme'), 'dark')
  theme.value = 'light'
  system.fire('change', { matches: true })
  assert.equal(dark.value, false)
})

test('paper is light, and afterwards the screen is as it was', () => {
  theme.value = 'dark'
  page.fire('beforeprint')
  assert.equal(root.dataset.theme, 'light')
  page.fire('afterprint')
  assert.equal(root.dataset.theme, 'dark')
})
