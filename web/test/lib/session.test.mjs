// Who is signed in: what the server says on start, signing in and out, and what a role may see.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load, playServer, settled } from '../support/load.mjs'

const answers = {}
const asked = playServer(answers)
lend({ document: { documentElement: {} } })
const [session, api] = await load('lib/session', 'lib/api')
const { adopt, begin, expired, leave, may, organisation, replaced, setUp, signIn, signInAgain, signOut, state, user } =
  session
const signedIn = (role) => ({ csrf_token: 'token', user: { role, language: 'en' }, organisation: { name: 'Heat' } })

async function beginWith(more) {
  for (const key of Object.keys(answers)) delete answers[key]
  Object.assign(answers, more)
  leave()
  await begin()
  return state.phase
}

test('the start finds a session, a sign-in, a set-up, or nobody', async () => {
  assert.equal(await beginWith({ 'GET /session': [200, signedIn('analyst')] }), 'in')
  assert.equal(organisation.value.name, 'Heat')
  const out = { 'GET /session': [401, {}] }
  assert.equal(await beginWith({ ...out, 'GET /setup': [200, { needed: false }] }), 'out')
  assert.equal(await beginWith({ ...out, 'GET /setup': [200, { needed: true }] }), 'setup')
  assert.equal(await beginWith({ ...out, 'GET /setup': [503, { detail: 'busy' }] }), 'unreachable')
  assert.equal(state.error.status, 503)
  assert.equal(await beginWith({ 'GET /session': [500, {}] }), 'unreachable', 'only 401 and 403 ask for signing in')
  assert.equal(await beginWith({ 'GET /session': [0] }), 'unreachable')
  assert.ok(state.error.offline)
})

test('a role may do what the server lets its set of roles do; nobody may do anything', () => {
  const asked = ['getOverview', 'listCustomers', 'createStudy', 'deleteStudy']
  const allowed = (role) => {
    adopt(signedIn(role))
    return asked.filter(may)
  }
  assert.deepEqual(allowed('owner'), asked)
  assert.deepEqual(allowed('analyst'), asked.slice(0, 3))
  assert.deepEqual(allowed('trainer'), asked.slice(0, 2))
  assert.deepEqual(allowed('agent'), asked.slice(0, 2))
  assert.deepEqual(allowed('viewer'), asked.slice(0, 1))
  leave()
  assert.equal(may('getOverview'), false)
})

test('signing in, setting up and out; what changes something carries the token, what reads does not', async () => {
  Object.assign(answers, { 'POST /session': [200, signedIn('owner')], 'DELETE /session': [204] })
  await signIn({ email: 'a', password: 'b' })
  assert.equal(state.phase, 'in')
  assert.equal(api.requestHeaders('POST')['X-CSRF-Token'], 'token')
  assert.equal('X-CSRF-Token' in api.requestHeaders('GET'), false)
  await signOut()
  assert.equal(asked.at(-1).request.headers.get('X-CSRF-Token'), 'token')
  assert.equal(user.value, null)
  assert.equal(state.phase, 'out')
  assert.equal('X-CSRF-Token' in api.requestHeaders('POST'), false, 'the token is gone with the session')
  answers['POST /setup'] = [201, signedIn('owner')]
  await setUp({})
  assert.equal(state.phase, 'in')
})

test('a refused sign-in throws what the server said and signs nobody in', async () => {
  leave()
  answers['POST /session'] = [429, { detail: 'Wait.', hint: 'A minute.', code: 'throttled' }, { 'Retry-After': '60' }]
  await assert.rejects(signIn({}), (error) => {
    assert.ok(error instanceof api.ApiError)
    assert.deepEqual([error.message, error.hint, error.code, error.retryAfter], ['Wait.', 'A minute.', 'throttled', 60])
    return true
  })
  assert.equal(state.session, null)
})

// --- a session that ends while somebody works ---

const work = () => api.take(api.api.GET('/studies'))
async function working() {
  api.whenSessionEnds({ expired, replaced })
  adopt({ csrf_token: 'old', user: { id: 'u1', role: 'owner', email: 'a@b', language: 'en' }, organisation: {} })
  answers['GET /studies'] = [401, {}]
  answers['POST /views'] = () => [401, {}]
}
const signedInAgain = { csrf_token: 'new', user: { id: 'u1', role: 'owner', language: 'en' }, organisation: {} }

test('all that it stopped waits for one sign-in and is sent again, a change with the new token', async () => {
  await working()
  const reads = [work(), work()]
  const write = api.take(api.api.POST('/views', { body: { name: 'kept' } }))
  await settled()
  assert.equal(state.expired, true)
  assert.equal(state.phase, 'in', 'the page stays')
  answers['POST /session'] = [200, signedInAgain]
  answers['GET /studies'] = [200, { studies: [] }]
  answers['POST /views'] = [201, { id: 'v' }]
  await signInAgain('secret')
  assert.deepEqual(await Promise.all(reads), [{ studies: [] }, { studies: [] }])
  assert.deepEqual(await write, { id: 'v' })
  assert.equal(state.expired, false)
  const sent = asked.filter((a) => a.path === '/views').at(-1).request
  assert.equal(sent.headers.get('X-CSRF-Token'), 'new')
  assert.equal(await sent.text(), '{"name":"kept"}')
})

test('a wrong password keeps asking; giving up refuses what waited', async () => {
  await working()
  const read = work()
  const refused = assert.rejects(read, (error) => error.status === 401)
  await settled()
  answers['POST /session'] = [401, { detail: 'Wrong.' }]
  await assert.rejects(signInAgain('no'), /Wrong/)
  assert.equal(state.expired, true)
  leave()
  await refused
  assert.deepEqual([state.expired, state.phase], [false, 'out'])
})

test('signed in anew in another tab: the same person goes on, another begins afresh', async () => {
  await working()
  answers['GET /studies'] = [200, {}]
  let tries = 0
  answers['POST /views'] = () => (++tries === 1 ? [403, {}] : [201, { id: 'v' }])
  answers['GET /session'] = [200, signedInAgain]
  assert.deepEqual(await api.take(api.api.POST('/views', { body: {} })), { id: 'v' })
  answers['POST /views'] = [403, {}] // refused for good: the token is the newest
  await assert.rejects(api.take(api.api.POST('/views', { body: {} })), (error) => error.status === 403)
  answers['POST /views'] = [403, {}]
  answers['GET /session'] = [200, { csrf_token: 'other', user: { id: 'u2', role: 'viewer' }, organisation: {} }]
  await assert.rejects(api.take(api.api.POST('/views', { body: {} })), (error) => error.status === 403)
  assert.equal(user.value.id, 'u2')
})

test('what waits for a session isn’t sent again as somebody else', async () => {
  await working()
  const read = work()
  const refused = assert.rejects(read, (error) => error.status === 401)
  await settled()
  assert.equal(state.expired, true)
  const before = asked.filter((a) => a.path === '/studies').length
  answers['GET /studies'] = [200, { studies: [] }]
  answers['GET /session'] = [200, { csrf_token: 'other', user: { id: 'u2', role: 'viewer' }, organisation: {} }]
  assert.equal(await replaced(), false)
  await refused
  assert.equal(asked.filter((a) => a.path === '/studies').length, before)
  assert.deepEqual([state.expired, user.value.id], [false, 'u2'])
})

test('asking again may help where the server is away or busy, not where the request is wrong', () => {
  const passing = (status) => new api.ApiError(status, {}).passing
  assert.deepEqual(
    [0, 429, 500, 502, 503, 507].filter((status) => !passing(status)),
    [],
  )
  assert.deepEqual([400, 401, 403, 404, 409, 413, 422, 501].filter(passing), [])
})

test('signing out of a session that has ended is signing out; before the start leaving keeps the phase', async () => {
  await working()
  answers['DELETE /session'] = [401, {}]
  await signOut()
  assert.equal(state.phase, 'out')
  state.phase = 'setup'
  leave()
  assert.equal(state.phase, 'setup')
})

test('an error without a document still has a sentence', () => {
  assert.equal(new api.ApiError(500, {}).message, 'HTTP 500')
  assert.equal(new api.ApiError(500, { title: 'Wrong' }).message, 'Wrong')
})
