// The two languages have the same keys, every key is used, every used key exists, and the same parameters stand in both.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { transformWithEsbuild } from 'vite'

const root = new URL('../src/', import.meta.url).pathname

async function messages(language) {
  const path = join(root, 'i18n', `${language}.ts`)
  const { code } = await transformWithEsbuild(readFileSync(path, 'utf8'), path)
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)).default
}

function flat(object, prefix = '') {
  return Object.entries(object).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
  )
}

function sources(folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ['i18n', 'generated'].includes(entry.name) ? [] : sources(path)
    return /\.(vue|ts)$/.test(entry.name) ? [readFileSync(path, 'utf8')] : []
  })
}

const zh = new Map(flat(await messages('zh-CN')))
const en = new Map(flat(await messages('en')))
const code = sources().join('\n')

test('both languages have the same keys', () => {
  assert.deepEqual([...zh.keys()].sort(), [...en.keys()].sort())
})

test('both languages use the same parameters', () => {
  const parameters = (text) => [...new Set(text.match(/\{\w+\}/g))].sort()
  for (const [key, text] of zh) {
    const allowed = parameters(text)
    for (const name of parameters(en.get(key))) assert.ok(allowed.includes(name), `${key}: ${name} is not in zh-CN`)
  }
})

test('every key that is used exists', () => {
  const used = [
    ...code.matchAll(/\bt\(\s*'([\w.]+)'/g),
    ...code.matchAll(/(?:label|title): '((?:nav|stage|missing)\.\w+)'/g),
  ].map((m) => m[1])
  assert.ok(used.length > 100)
  for (const key of used) assert.ok(zh.has(key), `${key} does not exist`)
})

test('every key is used', () => {
  const prefixes = [...code.matchAll(/`((?:\w+\.)+)\$\{/g)].map((m) => m[1])
  const indirect = [...code.matchAll(/word\('([\w.]+)'/g)].map((m) => `${m[1]}.`)
  const started = [...prefixes, ...indirect]
  for (const key of zh.keys())
    assert.ok(code.includes(`'${key}'`) || started.some((prefix) => key.startsWith(prefix)), `${key} is not used`)
})

test('Chinese is set in full-width punctuation', () => {
  for (const [key, text] of zh)
    assert.doesNotMatch(text, /[\u4e00-\u9fff][,;:?!()]|[,;:?!(][\u4e00-\u9fff]/, `${key}: ${text}`)
})
