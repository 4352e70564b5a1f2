// What stands in the menu for whom.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [{ allowedMenu, phoneMenu, placeOf }, { adopt, leave }] = await load('components/menu', 'lib/session')
function seenBy(role) {
  adopt({ csrf_token: '', user: { role } })
  return allowedMenu().flatMap((stage) => stage.items.map((item) => item.name))
}

test('each role sees the screens that would show it something', () => {
  assert.deepEqual(seenBy('viewer'), ['overview', 'studies', 'gaps', 'settings'])
  assert.deepEqual(seenBy('agent'), ['overview', 'studies', 'customers', 'gaps', 'settings'])
  assert.equal(seenBy('analyst').length, 8)
  assert.deepEqual(seenBy('owner'), seenBy('analyst'))
})

test('the phone’s bar offers nobody what the server would refuse', () => {
  adopt({ csrf_token: '', user: { role: 'viewer' } })
  assert.deepEqual(phoneMenu(), ['overview', 'gaps', 'studies'])
  adopt({ csrf_token: '', user: { role: 'analyst' } })
  assert.deepEqual(phoneMenu(), ['overview', 'gaps', 'imports', 'studies'])
})

test('a stage without a screen for the user goes; screens under another stand at its place', () => {
  leave()
  assert.ok(allowedMenu().every((stage) => stage.items.length))
  assert.deepEqual(['study-new', 'import', 'gaps'].map(placeOf), ['studies', 'imports', 'gaps'])
})
