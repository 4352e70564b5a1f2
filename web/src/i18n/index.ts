// Two languages, equals. Only the one in use is loaded; the choice is the reader's, then the account's, then the
// browser's.
import { ref } from 'vue'
import { createI18n } from 'vue-i18n'
import type { Language, Text } from '@/generated/api'
import type { Messages } from './zh-CN'

const stored = localStorage.getItem('mindgap.locale') as Language | null
const fromBrowser: Language = /^zh\b/i.test(navigator.language) ? 'zh-CN' : 'en'

export const locale = ref<Language>(stored ?? fromBrowser)
export const i18n = createI18n<[Messages], Language, false>({
  legacy: false,
  locale: locale.value,
  fallbackLocale: [],
  messages: {} as never,
})
const loaders = { 'zh-CN': () => import('./zh-CN'), en: () => import('./en') }

export async function setLocale(next: Language, remember = true) {
  const messages = (await loaders[next]()).default
  i18n.global.setLocaleMessage(next, messages as never)
  i18n.global.locale.value = next
  locale.value = next
  document.documentElement.lang = next
  if (remember) localStorage.setItem('mindgap.locale', next)
}

/** The account's language counts only where this browser has not chosen one. */
export function applyServerLocale(language: Language) {
  if (!localStorage.getItem('mindgap.locale') && language !== locale.value) void setLocale(language, false)
}

/** A text of the server in the reader's language; the other language, then `fallback`, stand in. */
export function text(value: Text | undefined | null, fallback = ''): string {
  if (!value) return fallback
  const other: Language = locale.value === 'zh-CN' ? 'en' : 'zh-CN'
  return value[locale.value] || value[other] || fallback
}
