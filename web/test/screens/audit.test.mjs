// The audit log in words: every action and entity that the server writes down has one in both languages, and things are
// called by their names.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { lend, load } from '../support/load.mjs'

lend({ document: { documentElement: {} } })
const [{ nameOf, word }, { setLocale }] = await load('screens/admin/settings/audit', 'i18n/index')
const service = new URL('../../../src/service/', import.meta.url).pathname

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return sources(`${folder}${entry.name}/`)
    return entry.name.endsWith('.c') ? [readFileSync(folder + entry.name, 'utf8')] : []
  })
}

test('what the server writes down has its word in both languages', async () => {
  const code = sources(service).join('\n')
  const calls = [...code.matchAll(/mg_audit_add\(([^;]*?)\)?;/g)].map((found) => found[1])
  const literals = calls.map((call) => [...call.matchAll(/"(\w+)"/g)].map((found) => found[1]))
  const entities = new Set([
    ...literals.flatMap((all) => all.slice(-1)),
    ...[...code.matchAll(/\.entity = "(\w+)"/g)].map((found) => found[1]),
  ])
  const actions = new Set(literals.flatMap((all) => all.slice(0, -1)))
  assert.ok(entities.size > 10 && actions.size > 8, `${[...entities]}; ${[...actions]}`)
  for (const language of ['zh-CN', 'en']) {
    await setLocale(language, false)
    const { default: messages } = (await load(`i18n/${language}/admin`))[0]
    for (const entity of entities) assert.ok(entity in messages.audit.entities, `${language}: ${entity}`)
    for (const action of actions) assert.ok(action in messages.audit.actions, `${language}: ${action}`)
  }
  assert.equal(word('actions', 'unheard'), 'unheard')
})

test('a thing has its name of now, or the last one that was written down', async () => {
  await setLocale('zh-CN', false)
  const before = { code: 'call', label: { en: 'Hotline', 'zh-CN': '热线' } }
  assert.equal(nameOf({ name: { en: 'Desk', 'zh-CN': '窗口' }, before }), '窗口')
  assert.equal(nameOf({ before }), '热线')
  assert.equal(nameOf({ before: { code: 'heating' } }), 'heating')
  assert.equal(nameOf({ before: { name: 'Old' }, after: { name: 'New' } }), 'New')
  assert.equal(nameOf({}), '')
})
