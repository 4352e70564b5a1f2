// Short notes at the lower edge: what happened, and where it can be taken back, an Undo.
import { reactive } from 'vue'
import { ApiError } from './api'
import { i18n } from '@/i18n'

export type Toast = { id: number; text: string; kind: 'done' | 'wrong'; undo?: () => void }
export const toasts = reactive<Toast[]>([])
let next = 1
const UNDO_MS = 5000
const SHOWN_MS = { done: 4000, wrong: 8000 }

export function toast(text: string, options: { kind?: Toast['kind']; undo?: () => void } = {}) {
  const item: Toast = { id: next++, text, kind: options.kind ?? 'done', undo: options.undo }
  toasts.push(item)
  setTimeout(() => dismiss(item.id), options.undo ? UNDO_MS : SHOWN_MS[item.kind])
}

export function dismiss(id: number) {
  const at = toasts.findIndex((item) => item.id === id)
  if (at >= 0) toasts.splice(at, 1)
}

/** Sentences one after another, as the language sets them: Chinese leaves no space between them. */
export function sentences(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join(i18n.global.t('list.space'))
}

/** What went wrong, in one or two sentences, for any error. */
export function explain(error: unknown): string {
  const t = i18n.global.t
  if (!(error instanceof ApiError)) throw error
  if (error.offline) return t('error.offlineKept')
  if (error.code === 'changed') return t('error.conflict')
  if (error.status === 503) return sentences(error.problem.detail ?? t('error.busy'), error.hint ?? t('error.tryAgain'))
  return sentences(error.message, error.hint)
}

export function toastError(error: unknown) {
  toast(explain(error), { kind: 'wrong' })
}

/** An edit shown at once and sent after a moment in which it can be taken back; leaving the page sends it. */
export function undoable(text: string, apply: () => void, revert: () => void, send: () => Promise<unknown>) {
  const settle = () => {
    clearTimeout(timer)
    removeEventListener('pagehide', commit)
  }
  const commit = () => {
    settle()
    send().catch((error) => {
      revert()
      toastError(error)
    })
  }
  apply()
  const timer = setTimeout(commit, UNDO_MS)
  addEventListener('pagehide', commit)
  toast(text, {
    undo: () => {
      settle()
      revert()
    },
  })
}
