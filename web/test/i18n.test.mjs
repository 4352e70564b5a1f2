// The two languages have the same keys, every key is used, every used key exists, and the same parameters stand in
// both.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { load } from './support/load.mjs'

const root = new URL('../src/', import.meta.url).pathname

const stages = ['common', 'admin', 'record', 'listen', 'pairing', 'measure', 'glossary']
const paths = ['zh-CN', 'en'].flatMap((language) => ['index', ...stages].map((file) => `i18n/${language}/${file}`))
const modules = (await load(...paths)).map((module) => module.default)
const [chinese, ...chineseFiles] = modules.slice(0, modules.length / 2)
const [english, ...englishFiles] = modules.slice(modules.length / 2)

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

const zh = new Map(flat(chinese))
const en = new Map(flat(english))
const code = sources().join('\n')

test('both languages have the same keys', () => {
  assert.deepEqual([...zh.keys()].sort(), [...en.keys()].sort())
})

test('the glossary claims no causes, and says of the index what its formula is', () => {
  const terms = (texts) => [...texts].filter(([key]) => key.startsWith('glossary.')).map(([, text]) => text)
  for (const text of terms(en)) assert.doesNotMatch(text, /\bmoves?\b|\bdrives?\b|\binfluences?\b|\baffects?\b/, text)
  for (const text of terms(zh)) assert.doesNotMatch(text, /影响|推动|驱动(?!因素)/, text)
  assert.match(en.get('glossary.index'), /one question/)
  assert.match(zh.get('glossary.index'), /一道题目/)
})

test('each stage file has the same keys in both languages, and no two files of a language name the same group', () => {
  stages.forEach((stage, i) => {
    const keys = (file) => flat(file).map(([key]) => key)
    assert.deepEqual(keys(englishFiles[i]).sort(), keys(chineseFiles[i]).sort(), stage)
  })
  for (const files of [chineseFiles, englishFiles]) {
    const groups = files.flatMap(Object.keys)
    assert.equal(new Set(groups).size, groups.length, `twice among ${groups}`)
  }
})

test('every text file of a language is one of the stages', () => {
  for (const language of ['zh-CN', 'en'])
    assert.deepEqual(
      readdirSync(join(root, 'i18n', language)).sort(),
      ['index', ...stages].map((f) => `${f}.ts`).sort(),
    )
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
