// What an entry of the audit log is about, in words.
import { i18n, text } from '@/i18n'
import type { AuditEntry, Text } from '@/generated/api'

/** The word for an action or an entity of the server's. */
export const word = (group: 'actions' | 'entities', code: string) => {
  const key = `audit.${group}.${code}`
  return i18n.global.te(key) ? i18n.global.t(key) : code
}

/** What the thing is called now; of one that is gone, what it was called when it was written down. Some have none. */
export function nameOf({ name, before, after }: AuditEntry): string {
  if (name) return text(name)
  const last = { ...before, ...after } as { label?: Text; name?: string; code?: string }
  return last.label ? text(last.label, last.code) : (last.name ?? last.code ?? '')
}
