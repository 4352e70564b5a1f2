// Light, dark, or as the system says; on paper always light. The choice lives in this browser.
import { computed, ref, watchEffect } from 'vue'

export type Theme = 'system' | 'light' | 'dark'
export const themes: Theme[] = ['system', 'light', 'dark']

const system = matchMedia('(prefers-color-scheme: dark)')
const systemDark = ref(system.matches)
system.addEventListener('change', (event) => (systemDark.value = event.matches))

const onPaper = ref(false)
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
    localStorage.setItem('mindgap.theme', theme.value)
  },
  { flush: 'sync' },
)
