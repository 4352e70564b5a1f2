// What an import is asked for: one request, checked first and then done, so that what was shown is what happens.
import type { ImportCreate, Mapping, Reading } from '@/generated/api'
import type { Document } from '@/screens/record/studies/document'

/** What becomes of a row whose id the study has already. */
export const EXISTING = ['update', 'leave', 'add'] as const
export type Existing = (typeof EXISTING)[number]

export type Asked = {
  upload: string
  /** The study's id; null: the document's is made. */
  study: string | null
  document: Document | null
  mapping: Mapping[]
  reading: Reading
  wave: string
  skip: boolean
  existing?: Existing
  again: boolean
}

/** null: the new study's document is none yet. */
export function requestOf(asked: Asked): ImportCreate | null {
  if (!asked.study && !asked.document) return null
  const into = asked.study ? { study_id: asked.study, mapping: asked.mapping } : { new_study: asked.document! }
  return {
    upload_id: asked.upload,
    ...into,
    ...(Object.keys(asked.reading).length ? { reading: asked.reading } : {}),
    ...(asked.wave ? { wave: asked.wave } : {}),
    bad_rows: asked.skip ? 'skip' : 'keep',
    ...(asked.existing ? { existing: asked.existing } : {}),
    again: asked.again,
  }
}
