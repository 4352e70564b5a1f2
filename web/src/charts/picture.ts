// The life of an ECharts picture in an element: loaded when it is first shown, drawn anew whenever what it shows
// changes, as wide as its element, and gone with its component, even where that goes before the library has come.
import { onBeforeUnmount, onMounted, shallowRef, watch, type Ref } from 'vue'
import { part } from '@/lib/lazy'
import type { EChartsCoreOption, EChartsType } from 'echarts/core'

type Shown = { option: EChartsCoreOption; height: number }
const library = part(() => import('./echarts'))

/** `pick` is told the datum that was clicked. */
export function usePicture(
  box: Ref<HTMLElement | undefined>,
  shown: Shown,
  pick: (data: unknown) => void,
  load: () => Promise<Pick<Awaited<ReturnType<typeof library>>, 'init'>> = library,
) {
  const chart = shallowRef<EChartsType | null>(null)
  let observer: ResizeObserver | null = null
  let gone = false

  onMounted(async () => {
    const { init } = await load()
    if (gone || !box.value) return
    const instance = init(box.value, undefined, { renderer: 'svg' })
    instance.on('click', (event) => pick(event.data))
    chart.value = instance
    observer = new ResizeObserver(() => instance.resize())
    observer.observe(box.value)
    addEventListener('beforeprint', toPaper)
  })
  watch([() => shown.option, chart], () => chart.value?.setOption(shown.option, { notMerge: true }))
  watch(
    () => shown.height,
    () => requestAnimationFrame(() => chart.value?.resize()),
  )
  /** Printing waits neither for the observer nor for the next frame. */
  function toPaper() {
    chart.value?.resize()
    chart.value?.getZr().flush()
  }
  onBeforeUnmount(() => {
    gone = true
    removeEventListener('beforeprint', toPaper)
    observer?.disconnect()
    chart.value?.dispose()
  })
}
