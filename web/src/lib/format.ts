// Numbers as they are set: true minus, thin-space thousands, a fixed number of digits. No arithmetic beyond the
// half-width of an interval; every value comes from the server.
import type { Estimate } from '@/generated/api'
import { locale } from '@/i18n'

export const MINUS = '\u2212'
const THIN = '\u202f' // narrow, and no line ends in it
export const NONE = '–'

type Value = number | null | undefined

export function number(value: Value, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE
  const fixed = Math.abs(value).toFixed(digits)
  const [whole = '0', fraction] = fixed.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN)
  const negative = value < 0 && Number(fixed) !== 0
  return (negative ? MINUS : '') + grouped + (fraction ? `.${fraction}` : '')
}

export function signed(value: Value, digits = 2): string {
  const shown = number(value, digits)
  return shown !== NONE && !shown.startsWith(MINUS) && Number(value!.toFixed(digits)) !== 0 ? `+${shown}` : shown
}

export function count(value: Value): string {
  return number(value, 0)
}

/** A share of 1 as a percentage. */
export function percent(share: Value, digits = 0): string {
  return share === null || share === undefined ? NONE : `${number(share * 100, digits)}%`
}

export function halfWidth(estimate: Estimate | undefined | null): number | null {
  if (!estimate || estimate.low === null || estimate.high === null) return null
  return (estimate.high - estimate.low) / 2
}

const MORE_DIGITS = 4

/** A half-width that isn't nought is never set as nought: it gets the digits that its first figure needs. */
export function plusMinus(estimate: Estimate | undefined | null, digits = 2): string {
  const half = halfWidth(estimate)
  if (half === null) return ''
  let shown = digits
  while (half > 0 && shown < digits + MORE_DIGITS && Number(half.toFixed(shown)) === 0) shown++
  return `±${number(half, shown)}`
}

export function interval(estimate: Estimate | undefined | null, digits = 2): string {
  if (!estimate || estimate.low === null || estimate.high === null) return NONE
  return `${number(estimate.low, digits)} … ${number(estimate.high, digits)}`
}

/** A verdict's colour. */
export const verdictTone = {
  short: 'short',
  beyond: 'beyond',
  small: 'noise',
  inconclusive: 'noise',
  unknown: 'noise',
} as const

/** On which side of zero the whole interval lies; noise where it holds zero or there is none. */
export function sideOfZero(estimate: Estimate | undefined | null): 'short' | 'beyond' | 'noise' {
  if (!estimate || estimate.low === null || estimate.high === null) return 'noise'
  if (estimate.high < 0) return 'short'
  return estimate.low > 0 ? 'beyond' : 'noise'
}

export function pValue(p: Value): string {
  if (p === null || p === undefined) return NONE
  return p < 0.001 ? '< 0.001' : number(p, 3)
}

export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  while (n >= 1000 && at < units.length - 1) {
    n /= 1000
    at++
  }
  return `${number(n, at && n < 100 ? 1 : 0)} ${units[at]}`
}

export function moment(at: string | undefined | null): string {
  if (!at) return NONE
  return new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short', hour12: false }).format(
    new Date(at),
  )
}

/** The time of day, with its day where that isn't today: 21:40:05; 18 January 21:40; 1 月 18 日 21:40. */
export function clock(at: string | undefined | null, seconds = true): string {
  if (!at) return NONE
  const then = new Date(at),
    now = new Date()
  const tongue = locale.value === 'en' ? 'en-GB' : locale.value
  const today = then.toDateString() === now.toDateString()
  const time = new Intl.DateTimeFormat(tongue, {
    hour: '2-digit',
    minute: '2-digit',
    second: seconds && today ? '2-digit' : undefined,
    hourCycle: 'h23',
  }).format(then)
  if (today) return time
  const year = then.getFullYear() === now.getFullYear() ? undefined : 'numeric'
  const date = new Intl.DateTimeFormat(tongue, { year, month: 'long', day: 'numeric' }).format(then)
  return `${date.replace(/(\d)([年月日])(?=(\d?))/g, (_, n, unit, next) => `${n} ${unit}${next && ' '}`)} ${time}`
}

export function day(at: string | undefined | null): string {
  return at ? new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium' }).format(new Date(at)) : NONE
}
