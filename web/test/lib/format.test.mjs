// Numbers as they are set: minus and thousands, signs, percentages, half-widths that are never nought unless they
// are, times.
import assert from 'node:assert/strict'
import test from 'node:test'
import { load } from '../support/load.mjs'

const [format, { locale }] = await load('lib/format', 'i18n/index')
const {
  bytes,
  clock,
  count,
  day,
  halfWidth,
  interval,
  moment,
  number,
  percent,
  plusMinus,
  pValue,
  sideOfZero,
  signed,
} = format
const half = (h) => ({ value: 3, low: 3 - h, high: 3 + h })
const THIN = '\u202f'
const MINUS = '\u2212'

test('a half-width has the digits asked for, more where it would be set as nought', () => {
  assert.equal(plusMinus(half(0.24)), '±0.24')
  assert.equal(plusMinus(half(0.0036)), '±0.004')
  assert.equal(plusMinus(half(0.04), 1), '±0.04')
  assert.equal(plusMinus(half(0)), '±0.00')
  assert.equal(plusMinus(half(1e-12)), '±0.000000', 'four digits more at most')
  assert.equal(plusMinus({ value: 3, low: null, high: null }), '')
})

test('a number has a true minus, thin spaces at thousands and the digits asked for', () => {
  assert.equal(number(1234567.891), `1${THIN}234${THIN}567.89`)
  assert.equal(number(-0.5, 1), `${MINUS}0.5`)
  assert.equal(number(999, 0), '999')
  assert.equal(number(1000, 0), `1${THIN}000`)
  assert.equal(count(12.6), '13')
})

test('what rounds to nought has no sign', () => {
  assert.equal(number(-0.004), '0.00')
  assert.equal(signed(0.004), '0.00')
  assert.equal(signed(-0.004), '0.00')
  assert.equal(signed(0.006), '+0.01')
  assert.equal(signed(-2), `${MINUS}2.00`)
})

test('no value is a dash, whatever asks', () => {
  for (const none of [null, undefined]) {
    for (const set of [number, signed, count, percent, pValue, interval, moment, clock, day])
      assert.equal(set(none), '–')
    assert.equal(halfWidth(none), null)
    assert.equal(plusMinus(none), '')
  }
  assert.equal(number(NaN), '–')
  assert.equal(number(Infinity), '–')
})

test('shares, p-values and intervals', () => {
  assert.equal(percent(0.125), '13%')
  assert.equal(percent(0.125, 1), '12.5%')
  assert.equal(pValue(0.0009), '< 0.001')
  assert.equal(pValue(0.001), '0.001')
  assert.equal(interval(half(1)), '2.00 … 4.00')
  assert.equal(interval({ value: 1, low: null, high: 2 }), '–')
  assert.equal(halfWidth(half(0.5)), 0.5)
})

test('bytes take the unit that keeps them under a thousand, a digit more under a hundred', () => {
  const shown = [0, 999, 1000, 99_900, 100_000, 1_500_000, 2e9, 5e15].map(bytes)
  assert.deepEqual(shown, ['0 B', '999 B', '1.0 kB', '99.9 kB', '100 kB', '1.5 MB', '2.0 GB', `5${THIN}000 TB`])
})

test('a time of today is a time; one of another day has its day, one of another year its year', () => {
  const now = new Date()
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 9, 5, 7)
  assert.equal(clock(today.toISOString()), '09:05:07')
  assert.equal(clock(today.toISOString(), false), '09:05')
  const past = new Date(2019, 0, 18, 21, 40, 5).toISOString()
  assert.equal(clock(past), '18 January 2019 21:40')
  locale.value = 'zh-CN'
  assert.equal(clock(past), '2019 年 1 月 18 日 21:40')
  assert.equal(day(past), '2019 年 1 月 18 日')
  assert.equal(moment(past), '2019 年 1 月 18 日 21:40')
  locale.value = 'en'
  assert.equal(moment(past), '18 January 2019 21:40')
  assert.equal(day(past), '18 January 2019')
})

test('a side of zero needs the whole interval on it; no interval is no side', () => {
  const side = (low, high) => sideOfZero({ value: 0, low, high })
  assert.deepEqual(
    [side(-2, -0.1), side(0.1, 2), side(-1, 1), side(-1, 0), side(0, 1)].join(),
    'short,beyond,noise,noise,noise',
  )
  assert.deepEqual([side(null, null), sideOfZero(undefined), sideOfZero(null)].join(), 'noise,noise,noise')
})
