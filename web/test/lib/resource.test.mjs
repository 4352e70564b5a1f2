// A thing read from the server: old data stay while new ones come, a newer read beats an older one, errors are kept.
import assert from 'node:assert/strict'
import test from 'node:test'
import { effectScope, nextTick, ref } from 'vue'
import { lend, load, ownTime, settled } from '../support/load.mjs'

const [{ useResource }, { ApiError }, { answered }] = await load('lib/resource', 'lib/api', 'lib/connection')
lend({ fetch: async () => Promise.reject(new TypeError('no network')) })
const time = ownTime()

function reading() {
  const scope = effectScope()
  const dep = ref(1)
  const reads = []
  const read = (signal) => {
    if (dep.value === 0) return null
    return new Promise((give, fail) => reads.push({ signal, give, fail }))
  }
  return { scope, dep, reads, resource: scope.run(() => useResource(read, [dep])) }
}

test('waiting is said after a fifth of a second; data end it', async () => {
  const { scope, reads, resource } = reading()
  assert.deepEqual([resource.busy, resource.slow], [true, false])
  await time.tick(200)
  assert.equal(resource.slow, true)
  reads[0].give('a')
  await settled()
  assert.deepEqual([resource.data, resource.busy, resource.slow, resource.error], ['a', false, false, null])
  scope.stop()
})

test('a newer read cancels the older one, whose answer no longer counts', async () => {
  const { scope, dep, reads, resource } = reading()
  dep.value = 2
  await nextTick()
  assert.equal(reads[0].signal.aborted, true)
  reads[1].give('new')
  await settled()
  reads[0].give('old')
  await settled()
  assert.equal(resource.data, 'new')
  assert.equal(resource.busy, false)
  scope.stop()
})

test('an error is kept beside the data of before, and goes with the next answer', async () => {
  const { scope, reads, resource } = reading()
  reads[0].give('kept')
  await settled()
  void resource.reload()
  reads[1].fail(new ApiError(503, {}))
  await settled()
  assert.deepEqual([resource.data, resource.error.status], ['kept', 503])
  void resource.reload()
  reads[2].give('again')
  await settled()
  assert.deepEqual([resource.data, resource.error], ['again', null])
  scope.stop()
})

test('nothing to read is no data and no waiting; nobody looking cancels', async () => {
  const { scope, dep, reads, resource } = reading()
  reads[0].give('a')
  await settled()
  dep.value = 0
  await nextTick()
  assert.deepEqual([resource.data, resource.busy], [null, false])
  dep.value = 2
  await nextTick()
  reads.at(-1).fail(new ApiError(422, {}))
  await settled()
  assert.equal(resource.error.status, 422)
  dep.value = 0
  await nextTick()
  assert.equal(resource.error, null, 'what went wrong went with what was read')
  dep.value = 3
  await nextTick()
  scope.stop()
  assert.equal(reads[2].signal.aborted, true)
  reads[2].fail(new ApiError(0, {}))
  await settled()
  assert.equal(resource.error, null)
})

test('what failed because the server was away is read again when it is back, other failures aren’t', async () => {
  const { scope, reads, resource } = reading()
  reads[0].fail(new ApiError(0, {}))
  await settled()
  assert.ok(resource.error.offline)
  answered()
  await settled()
  assert.equal(reads.length, 2)
  reads[1].fail(new ApiError(422, {}))
  await settled()
  answered()
  await settled()
  assert.equal(reads.length, 2)
  scope.stop()
})

test('what alone has no answer while the server is there is read again after longer and longer', async () => {
  const { scope, reads, resource } = reading()
  const fail = async () => {
    reads.at(-1).fail(new ApiError(0, {}))
    await settled()
    answered() // the server is there
    await settled()
  }
  await fail()
  assert.equal(reads.length, 2) // at once
  await fail()
  assert.equal(reads.length, 2)
  await time.tick(999)
  assert.equal(reads.length, 2)
  await time.tick(1)
  assert.equal(reads.length, 3)
  await fail()
  await time.tick(1999)
  assert.equal(reads.length, 3)
  await time.tick(1)
  assert.equal(reads.length, 4)
  reads[3].give('here')
  await settled()
  assert.equal(resource.data, 'here')
  scope.stop()
})
