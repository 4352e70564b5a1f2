// Files that the server makes: what the answer says of them, read from its headers.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [{ reportOf }] = await load('lib/exports')

test('rows and losses are read, commas inside a sentence kept', () => {
  const losses = ['CSV keeps no labels, those of 3 columns.', '“满意”：50%'].map(encodeURIComponent).join(',')
  assert.deepEqual(reportOf(new Headers({ 'Mindgap-Rows': '12', 'Mindgap-Losses': losses })), {
    rows: 12,
    losses: ['CSV keeps no labels, those of 3 columns.', '“满意”：50%'],
  })
})

test('an answer that says nothing has no rows to tell', () => {
  assert.deepEqual(reportOf(new Headers()), { rows: undefined, losses: [] })
})
