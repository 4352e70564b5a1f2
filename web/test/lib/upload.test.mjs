// Sending a file: how much has left, what the server says of it, and what may go wrong on the way.
import assert from 'node:assert/strict'
import test from 'node:test'
import { eventTarget, lend, load, settled } from '../support/load.mjs'

const requests = []
const newest = () => requests.at(-1)
lend({
  document: { documentElement: {} },
  fetch: async () => new Response(''), // the server is there when it is asked
  XMLHttpRequest: class {
    headers = {}
    upload = {}
    constructor() {
      requests.push(this)
    }
    open(...line) {
      this.line = line
    }
    setRequestHeader(name, value) {
      this.headers[name] = value
    }
    send(body) {
      this.body = body
    }
    abort() {
      this.onabort()
    }
    answer(status, responseText) {
      Object.assign(this, { status, responseText })
      this.onload()
    }
  },
})
const [{ ApiError, setCsrfToken, upload, whenSessionEnds }] = await load('lib/api')
const file = new Blob(['a,b'])
const refusal = (promise) =>
  promise.then(
    () => assert.fail('it was taken'),
    (error) => error,
  )

test('the file goes as it is, with the token, and tells how much has left', async () => {
  setCsrfToken('token')
  const shares = []
  const sent = upload('/uploads?name=a.csv', file, (share) => shares.push(share))
  assert.deepEqual(newest().line, ['POST', '/api/v1/uploads?name=a.csv'])
  assert.equal(newest().body, file)
  assert.equal(newest().headers['X-CSRF-Token'], 'token')
  assert.equal(newest().headers['Content-Type'], 'application/octet-stream')
  newest().upload.onprogress({ lengthComputable: true, loaded: 1, total: 4 })
  newest().upload.onprogress({ lengthComputable: false, loaded: 2, total: 0 })
  assert.deepEqual(shares, [0.25], 'a length that isn’t known gives no share')
  newest().answer(201, '{"id":"u1"}')
  assert.deepEqual(await sent, { id: 'u1' })
})

test('a refusal carries the server’s sentence, or at least its status', async () => {
  const full = refusal(upload('/uploads', file, () => {}))
  newest().answer(507, '{"detail":"The disk is full.","code":"full"}')
  const error = await full
  assert.ok(error instanceof ApiError)
  assert.deepEqual([error.status, error.code, error.message], [507, 'full', 'The disk is full.'])
  const cut = refusal(upload('/uploads', file, () => {}))
  newest().answer(502, '<html>')
  assert.equal((await cut).message, 'HTTP 502')
})

test('a session that ended while it was sent: sent once more when it goes on, else refused', async () => {
  let goesOn = true
  whenSessionEnds({ expired: async () => goesOn, replaced: async () => false })
  const sent = upload('/uploads', file, () => {})
  newest().answer(401, '{}')
  await settled()
  assert.equal(newest().body, file)
  newest().answer(201, '{"id":"u2"}')
  assert.deepEqual(await sent, { id: 'u2' })
  goesOn = false
  const refused = refusal(upload('/uploads', file, () => {}))
  const n = requests.length
  newest().answer(401, '{}')
  assert.equal((await refused).status, 401)
  assert.equal(requests.length, n)
})

test('no network is offline; taking it back is no error of the server’s', async () => {
  const offline = refusal(upload('/uploads', file, () => {}))
  newest().onerror()
  assert.ok((await offline).offline)
  const signal = eventTarget()
  const stopped = refusal(upload('/uploads', file, () => {}, signal))
  signal.fire('abort')
  assert.equal((await stopped).name, 'AbortError')
})
