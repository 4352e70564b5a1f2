// Files that the server makes: saved, and what the answer says of them.
import { i18n } from '@/i18n'
import { take } from './api'
import { save } from './download'
import { count } from './format'
import { sentences, toast } from './toast'

export type Exported = { data?: unknown; error?: unknown; response: Response }

/** Rows of the file, and sentences on what its format doesn't keep. */
export function reportOf(headers: Headers): { rows?: number; losses: string[] } {
  const rows = headers.get('Mindgap-Rows')
  const losses = headers.get('Mindgap-Losses')
  return {
    rows: rows === null ? undefined : Number(rows),
    losses: losses ? losses.split(',').map(decodeURIComponent) : [],
  }
}

export async function saveExport(name: string, answer: Promise<Exported>) {
  const { response } = await answer
  const blob = (await take(answer)) as Blob
  save(name, blob)
  const { rows, losses } = reportOf(response.headers)
  const done = rows === undefined ? undefined : i18n.global.t('export.done', { n: count(rows) }, rows)
  if (done || losses.length) toast(sentences(done, ...losses))
}
