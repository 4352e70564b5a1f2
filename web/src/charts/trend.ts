// Expected and perceived over the waves, with their intervals as bands and events as dotted lines; labels stand at
// the lines' ends instead of a legend.
import type { Estimate, Event, Scale, TrendPoint } from '@/generated/api'
import { text } from '@/i18n'
import { count, number, plusMinus, signed } from '@/lib/format'
import { axisOver, ends, type Axis } from './geometry'
import { categoryAxis, frame, valueAxis, type Palette } from './theme'
import { tip } from './tip'

export type TrendWords = { expectation: string; perception: string; gap: string }
type Side = 'expectation' | 'perception'

export function trendAxis(points: TrendPoint[], scale: Scale): Axis {
  return axisOver(
    points.flatMap((point) => [...ends(point.expectation), ...ends(point.perception)]),
    scale,
  )
}

export function trendOption(
  points: TrendPoint[],
  events: Event[],
  axis: Axis,
  words: TrendWords,
  p: Palette,
  narrow = false,
) {
  const hasExpectation = points.some((point) => point.expectation?.value != null)
  const last = points.length - 1
  const labelWidth = Math.max(textWidth(words.expectation), textWidth(words.perception))
  const signal = hasExpectation ? gapTone(points[last]?.gap, p) : p.accent

  const close =
    !!points.length &&
    Math.abs((points[last]!.expectation?.value ?? Infinity) - (points[last]!.perception?.value ?? 0)) <
      (axis.high - axis.low) * 0.24
  const upper =
    (points[last]?.expectation?.value ?? 0) >= (points[last]?.perception?.value ?? 0) ? 'expectation' : 'perception'

  const line = (side: Side, color: string, hollow: boolean) => ({
    type: 'line',
    name: words[side],
    z: 5,
    lineStyle: { color, width: 2, type: hollow ? [5, 4] : 'solid' },
    symbol: 'circle',
    symbolSize: (_: unknown, at: { dataIndex: number }) => (at.dataIndex === last ? 11 : points.length > 14 ? 0 : 7),
    itemStyle: hollow ? { color: p.card, borderColor: color, borderWidth: 2 } : { color },
    data: points.map((point) => point[side]?.value ?? null),
    endLabel: {
      show: true,
      distance: 10,
      color: hollow ? p.ink : color,
      fontSize: 12,
      fontWeight: 600,
      lineHeight: 16,
      verticalAlign: close ? (side === upper ? 'bottom' : 'top') : 'middle',
      formatter: ({ value }: { value: number }) => `${words[side]}\n${number(value)}`,
    },
    ...(side === 'perception' ? { markLine: eventLines(events, points, p, narrow) } : {}),
  })
  const band = (side: Side, color: string) => {
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
    return [
      { ...common, data: low },
      {
        ...common,
        data: high.map((value, i) => (value === null || low[i] == null ? null : value - low[i]!)),
        areaStyle: { color, opacity: 0.13 },
      },
    ]
  }
  return {
    ...frame(p),
    grid: {
      left: 8,
      right: labelWidth + 20,
      top: events.length > 1 ? 48 : events.length ? 32 : 16,
      bottom: 8,
      containLabel: true,
    },
    xAxis: {
      type: 'category',
      boundaryGap: points.length < 2,
      data: points.map((point) => point.wave),
      ...categoryAxis(p),
      axisLabel: {
        ...categoryAxis(p).axisLabel,
        hideOverlap: true,
        showMinLabel: true,
        showMaxLabel: true,
        ...(narrow ? { interval: (i: number) => i === 0 || i === last } : {}),
        alignMinLabel: 'left',
        alignMaxLabel: points.length > 1 ? 'right' : 'center',
      },
    },
    yAxis: {
      type: 'value',
      min: axis.low,
      max: axis.high,
      interval: axis.step,
      ...valueAxis(p),
      axisLabel: { color: p.mute, fontSize: 11, formatter: (v: number) => number(v, axis.digits) },
    },
    tooltip: {
      ...frame(p).tooltip,
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: p.edge, type: 'dotted' } },
      formatter: (list: { dataIndex: number }[]) => hover(points[list[0]!.dataIndex]!, words),
    },
    series: [
      ...(hasExpectation ? [...band('expectation', p.ink), line('expectation', p.ink, true)] : []),
      ...band('perception', signal),
      line('perception', signal, false),
    ],
  }
}

function gapTone(gap: Estimate | undefined, p: Palette): string {
  if (!gap || gap.low === null || gap.high === null) return p.noise
  return gap.high < 0 ? p.short : gap.low > 0 ? p.beyond : p.noise
}

/** Pixels that a bold label of 12 px takes, near enough to keep room for it. */
const textWidth = (word: string) => [...word].reduce((sum, c) => sum + (c > '\u2e7f' ? 12 : 7.2), 0)

function eventLines(events: Event[], points: TrendPoint[], p: Palette, narrow: boolean) {
  const waves = points.map((point) => point.wave)
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: p.mute, type: 'dotted', width: 1 },
    data: events
      .filter((event) => waves.includes(event.wave))
      .map((event, i) => {
        const at = waves.indexOf(event.wave)
        const align = at > waves.length / 2 ? 'right' : at === 0 ? 'left' : 'center'
        return {
          xAxis: event.wave,
          label: {
            formatter: text(event.label),
            color: p.mute,
            fontSize: 11,
            position: 'end',
            distance: 4 + (i % 2) * 15,
            align,
            ...(narrow ? { width: 180, overflow: 'truncate' } : {}),
          },
        }
      }),
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
