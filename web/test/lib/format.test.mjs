// Half-widths as they are set: never as nought unless they are.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { transformWithEsbuild } from 'vite'

const path = new URL('../src/lib/format.ts', import.meta.url).pathname
const { code } = await transformWithEsbuild(
  readFileSync(path, 'utf8').replace("import { locale } from '@/i18n'", "const locale = { value: 'en' }"),
  path,
)
const { plusMinus } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
const half = (h) => ({ value: 3, low: 3 - h, high: 3 + h })

test('a half-width has the digits asked for, more where it would be set as nought', () => {
  assert.equal(plusMinus(half(0.24)), '±0.24')
  assert.equal(plusMinus(half(0.0036)), '±0.004')
  assert.equal(plusMinus(half(0.04), 1), '±0.04')
  assert.equal(plusMinus(half(0)), '±0.00')
  assert.equal(plusMinus(half(1e-12)), '±0.000000', 'four digits more at most')
  assert.equal(plusMinus({ value: 3, low: null, high: null }), '')
})
