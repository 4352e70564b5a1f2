// Light, dark, or as the system says; on paper always light. The choice lives in this browser.
import { computed, ref, watchEffect } from 'vue'
import { onPaper } from './paper'

export type Theme = 'system' | 'light' | 'dark'
export const themes: Theme[] = ['system', 'light', 'dark']

const system = matchMedia('(prefers-color-scheme: dark)')
const systemDark = ref(system.matches)
system.addEventListener('change', (event) => (systemDark.value = event.matches))

addEventListener('beforeprint', () => (onPaper.value = true))
addEventListener('afterprint', () => (onPaper.value = false))

export const theme = ref<Theme>((localStorage.getItem('mindgap.theme') as Theme | null) ?? 'system')
export const dark = computed(
  () => !onPaper.value && (theme.value === 'dark' || (theme.value === 'system' && systemDark.value)),
)

watchEffect(
  () => {
    document.documentElement.dataset.theme = dark.value ? 'dark' : 'light'
    document.documentElement.classList.toggle('dark', dark.value)
    document.documentElement.classList.toggle('on-paper', onPaper.value)
    localStorage.setItem('mindgap.theme', theme.value)
  },
  { flush: 'sync' },
)
