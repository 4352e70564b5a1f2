// Expected and perceived over the waves, with their intervals as bands and events as dotted lines; labels stand at
// the lines' ends instead of a legend.
import type { Estimate, Event, Scale, TrendPoint } from '@/generated/api'
import { i18n, text } from '@/i18n'
import { count, number, plusMinus, sideOfZero, signed } from '@/lib/format'
import { axisOver, ends, type Axis } from './geometry'
import { categoryAxis, frame, valueAxis, type Palette } from './theme'
import { tip } from './tip'

export type TrendWords = { expectation: string; perception: string; gap: string }

/** The words of these charts, in the reader's language. */
export function trendWords(): TrendWords {
  const { t } = i18n.global
  return { expectation: t('term.expectation'), perception: t('term.perception'), gap: t('term.gap') }
}

type Side = 'expectation' | 'perception'

export function trendAxis(points: TrendPoint[], scale: Scale): Axis {
  return axisOver(
    points.flatMap((point) => [...ends(point.expectation), ...ends(point.perception)]),
    scale,
  )
}

const NARROW = 420 // px below which waves are named at the ends alone
export const SMALL = 320 // px that a chart among others is taken to have

/** What is drawn, and how. `width`: px that it has; `last`: the newest wave; `asked`: expectation was asked, so that
 * there are two lines. */
type Drawing = {
  points: TrendPoint[]
  events: Event[]
  axis: Axis
  words: TrendWords
  p: Palette
  width: number
  last: number
  asked: boolean
}

export function trendOption(
  points: TrendPoint[],
  events: Event[],
  axis: Axis,
  words: TrendWords,
  p: Palette,
  width: number,
) {
  const asked = points.some((point) => point.expectation?.value != null)
  const drawing = { points, events, axis, words, p, width, last: points.length - 1, asked }
  return {
    ...frame(p),
    grid: room(drawing),
    xAxis: waveAxis(drawing),
    yAxis: levelAxis(drawing),
    tooltip: {
      ...frame(p).tooltip,
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: p.edge, type: 'dotted' } },
      formatter: (list: { dataIndex: number }[]) => hover(points[list[0]!.dataIndex]!, words),
    },
    series: series(drawing),
  }
}

function series(drawing: Drawing) {
  const { asked, points, last, p } = drawing
  const signal = asked ? p[sideOfZero(points[last]?.gap)] : p.accent
  return [
    ...(asked ? [...band(drawing, 'expectation', p.ink), line(drawing, 'expectation', p.ink)] : []),
    ...band(drawing, 'perception', signal),
    line(drawing, 'perception', signal),
  ]
}

/** Expectation is the dashed line with hollow points. */
function line(drawing: Drawing, side: Side, color: string) {
  const { points, words, p } = drawing
  const hollow = side === 'expectation'
  return {
    type: 'line',
    name: words[side],
    z: 5,
    lineStyle: { color, width: 2, type: hollow ? [5, 4] : 'solid' },
    symbol: 'circle',
    symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => pointSize(drawing, dataIndex),
    itemStyle: hollow ? { color: p.card, borderColor: color, borderWidth: 2 } : { color },
    data: points.map((point) => point[side]?.value ?? null),
    endLabel: {
      show: true,
      distance: 10,
      color: hollow ? p.ink : color,
      fontSize: 12,
      fontWeight: 600,
      lineHeight: 16,
      verticalAlign: beside(drawing, side),
      formatter: ({ value }: { value: number }) => `${words[side]}\n${number(value)}`,
    },
    ...(hollow ? {} : { markLine: eventLines(drawing) }),
  }
}

const MANY_WAVES = 14

function pointSize({ last, points }: Drawing, at: number): number {
  if (at === last) return 11
  return points.length > MANY_WAVES ? 0 : 7
}

const CLOSE = 0.24 // of the axis: labels at the ends of two lines nearer than that would cover each other

/** How a line's label stands at its end: beside it, or, where the other line ends close by, above and below. */
function beside({ points, last, axis }: Drawing, side: Side): 'middle' | 'bottom' | 'top' {
  const expected = points[last]?.expectation?.value
  const perceived = points[last]?.perception?.value
  if (expected == null || perceived == null) return 'middle'
  if (Math.abs(expected - perceived) >= (axis.high - axis.low) * CLOSE) return 'middle'
  const upper = expected >= perceived ? 'expectation' : 'perception'
  return side === upper ? 'bottom' : 'top'
}

/** The interval as two stacked areas: an unseen one up to its lower end, and its breadth. */
function band({ points }: Drawing, side: Side, color: string) {
  const at = (end: 'low' | 'high') => points.map((point) => point[side]?.[end] ?? null)
  const low = at('low'),
    high = at('high')
  const common = {
    type: 'line',
    stack: `${side}-band`,
    stackStrategy: 'all',
    symbol: 'none',
    silent: true,
    lineStyle: { opacity: 0 },
    tooltip: { show: false },
  }
  const breadth = high.map((value, i) => (value === null || low[i] == null ? null : value - low[i]!))
  return [
    { ...common, data: low },
    { ...common, data: breadth, areaStyle: { color, opacity: 0.13 } },
  ]
}

const EDGE = 8
const SCALE = 36 // px that the numbers beside the axis take
const BESIDE = 20 // px between the lines' ends and the edge, besides their labels

const EVENT_ROWS = [16, 32, 48] // what stands above: nothing, one row of events' names, two

const atEnds = ({ words }: Drawing) => BESIDE + Math.max(textWidth(words.expectation), textWidth(words.perception))
function room(drawing: Drawing) {
  const top = EVENT_ROWS[Math.min(2, drawing.events.length)]
  return { left: EDGE, right: atEnds(drawing), top, bottom: EDGE, containLabel: true }
}

function waveAxis({ points, p, width, last }: Drawing) {
  return {
    type: 'category',
    boundaryGap: points.length < 2,
    data: points.map((point) => point.wave),
    ...categoryAxis(p),
    axisLabel: {
      ...categoryAxis(p).axisLabel,
      hideOverlap: true,
      showMinLabel: true,
      showMaxLabel: true,
      ...(width < NARROW ? { interval: (i: number) => i === 0 || i === last } : {}),
      alignMinLabel: 'left',
      alignMaxLabel: points.length > 1 ? 'right' : 'center',
    },
  }
}

function levelAxis({ axis, p }: Drawing) {
  return {
    type: 'value',
    min: axis.low,
    max: axis.high,
    interval: axis.step,
    ...valueAxis(p),
    axisLabel: { color: p.mute, fontSize: 11, formatter: (v: number) => number(v, axis.digits) },
  }
}

/** Pixels that a bold label of 12 px takes, near enough to keep room for it. */
const textWidth = (word: string) => [...word].reduce((sum, c) => sum + (c > '\u2e7f' ? 12 : 7.2), 0)

/** Dotted lines where something happened; their names at alternate heights, each with an end at its own line, where
 * there is more room, and cut where that isn't enough. */
function eventLines(drawing: Drawing) {
  const { events, points, p, width, last } = drawing
  const waves = points.map((point) => point.wave)
  const field = width - EDGE - SCALE - atEnds(drawing)
  const beside = (wave: string) => {
    const left = SCALE + (field * waves.indexOf(wave)) / Math.max(1, last)
    const right = width - EDGE - left
    return left > right ? { align: 'right', width: left } : { align: 'left', width: right }
  }
  const name = (event: Event, i: number) => ({
    formatter: text(event.label),
    color: p.mute,
    fontSize: 11,
    position: 'end',
    distance: 4 + (i % 2) * 15,
    ...beside(event.wave),
    overflow: 'truncate',
  })
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: p.mute, type: 'dotted', width: 1 },
    data: events
      .filter((event) => waves.includes(event.wave))
      .map((event, i) => ({ xAxis: event.wave, label: name(event, i) })),
  }
}

function hover(point: TrendPoint, words: TrendWords): string {
  const line = (name: string, estimate: Estimate | undefined, show = number) =>
    estimate?.value == null ? null : { name, value: show(estimate.value), more: plusMinus(estimate) }
  return tip({
    head: point.wave,
    beside: [`n ${count(point.n)}`],
    lines: [
      line(words.expectation, point.expectation),
      line(words.perception, point.perception),
      line(words.gap, point.gap, signed),
    ],
  })
}
