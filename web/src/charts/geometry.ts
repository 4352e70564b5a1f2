// Layout helpers of our own drawings: an axis that fits the data, and text that fits its place.
import type { Estimate, Scale } from '@/generated/api'

export type Axis = { low: number; high: number; step: number; digits: number; ticks: number[] }

/** An axis over the values, ends on round steps, never beyond the scale the answers were given on. */
export function axisOver(values: (number | null | undefined)[], scale: Scale): Axis {
  const known = values.filter((v): v is number => typeof v === 'number' && Number.isFinite(v))
  const span = scale.max - scale.min
  const least = known.length ? Math.min(...known) : scale.min
  const most = known.length ? Math.max(...known) : scale.max
  const step =
    [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 25, 50].find(
      (s) => Math.max(most - least, span / 20) / s <= 6,
    ) ?? 100
  const low = Math.max(scale.min, Math.floor((least - step * 0.3) / step) * step)
  const high = Math.min(scale.max, Math.ceil((most + step * 0.3) / step) * step)
  const ticks: number[] = []
  for (let i = 0; low + i * step <= high + step / 1e6; i++) ticks.push(Number((low + i * step).toFixed(6)))
  const digits = [0, 1].find((d) => Number.isInteger(step * 10 ** d)) ?? 2
  return { low, high: high > low ? high : low + step, step, digits, ticks }
}

export function ends(estimate: Estimate | undefined): (number | null | undefined)[] {
  return estimate ? [estimate.value, estimate.low, estimate.high] : []
}

let pen: CanvasRenderingContext2D | null = null

export function widthOf(text: string, font: string): number {
  pen ??= document.createElement('canvas').getContext('2d')
  if (!pen) return text.length * 8
  pen.font = font
  return pen.measureText(text).width
}

/** The text, cut with an ellipsis where it would be wider than `width` pixels. */
export function fit(text: string, width: number, font: string): string {
  if (widthOf(text, font) <= width) return text
  let low = 0,
    high = text.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (widthOf(text.slice(0, middle) + '…', font) <= width) low = middle
    else high = middle - 1
  }
  return text.slice(0, low).trimEnd() + '…'
}

/** The text in at most `most` lines no wider than `width` pixels; what the last can't hold is cut. */
export function linesOf(text: string, width: number, most: number, font: string): string[] {
  const all = wrap(text, width, (words) => widthOf(words, font))
  const kept = all.length > most ? [...all.slice(0, most - 1), all.slice(most - 1).join(' ')] : all
  return kept.map((line) => fit(line, width, font))
}

// What stays together on a line: a Chinese character or a word, with the marks that open before it and close behind it.
const OPENING = '“‘（《「'
const CLOSING = '，。：；、！？）》」”’'
const CHINESE = `[${OPENING}]*[\\u2e80-\\uffef][${CLOSING}]*`
const WORD = `[^\\s\\u2e80-\\uffef]+[${CLOSING}]*\\s*`
const PIECES = new RegExp(`${CHINESE}|${WORD}|\\s+`, 'g')

/** The text in lines no wider than `width`, as `wide` measures them: broken between words, and anywhere in Chinese but
 * before a mark that closes or behind one that opens. */
export function wrap(text: string, width: number, wide: (words: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  for (const part of text.match(PIECES) ?? []) {
    if (line && wide((line + part).trimEnd()) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += part
  }
  return line.trim() ? [...lines, line.trimEnd()] : lines
}
