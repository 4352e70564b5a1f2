// One theme for every chart: the page's own colours and type, read from its variables, so that light and dark need no
// second list. Reactive: changes when the theme does.
import { computed } from 'vue'
import { dark } from '@/lib/theme'
import { locale } from '@/i18n'

const names = [
  'paper',
  'card',
  'ink',
  'mute',
  'line',
  'edge',
  'soft',
  'short',
  'short-soft',
  'beyond',
  'beyond-soft',
  'noise',
  'accent',
  'accent-soft',
  'warn',
] as const
export type Palette = Record<(typeof names)[number], string> & { font: string }

export const palette = computed<Palette>(() => {
  void dark.value
  void locale.value
  const style = getComputedStyle(document.documentElement)
  const entries = names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])
  return { ...Object.fromEntries(entries), font: getComputedStyle(document.body).fontFamily }
})

/** Axis, grid, tooltip and text as they are on every chart. */
export function frame(p: Palette) {
  return {
    animation: false,
    textStyle: { fontFamily: p.font, fontSize: 12, color: p.ink },
    tooltip: {
      backgroundColor: p.card,
      borderColor: p.edge,
      borderWidth: 1,
      padding: [8, 12],
      extraCssText: 'box-shadow:none;border-radius:6px;max-width:320px;white-space:normal',
      textStyle: { color: p.ink, fontSize: 12, fontFamily: p.font },
      confine: true,
      transitionDuration: 0,
    },
  }
}

export function valueAxis(p: Palette) {
  return {
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: p.mute, fontSize: 11 },
    splitLine: { lineStyle: { color: p.soft } },
    nameTextStyle: { color: p.mute, fontSize: 11 },
  }
}

export function categoryAxis(p: Palette) {
  return {
    axisLine: { lineStyle: { color: p.line } },
    axisTick: { show: false },
    axisLabel: { color: p.mute, fontSize: 11 },
    splitLine: { show: false },
  }
}

/** Escapes a text for the chart library's HTML tooltips. */
export function html(source: string): string {
  return source.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}
