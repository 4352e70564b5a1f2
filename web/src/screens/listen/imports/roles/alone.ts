// Perceptions without expectations: every column of ratings that has no part yet becomes an item of its own.
import type { Preview, PreviewColumn } from '@/generated/api'
import type { Document } from '@/screens/record/studies/document'
import { rolesOf, setRole } from '../roles'

const WIDEST = 11 // steps that a rating may have where its scale isn't known

function isRating(column: PreviewColumn): boolean {
  if (column.kind !== 'number' || column.min == null || column.max == null || column.max <= column.min) return false
  if (column.role && column.role !== 'ignored' && column.role !== 'perception') return false
  return column.scale_min != null || (column.type === 'integer' && column.max - column.min < WIDEST)
}

/** The same document where nothing is to be added. */
export function perceivedAlone(document: Document, preview: Preview): Document {
  const roles = rolesOf(document)
  return preview.columns
    .filter((column) => isRating(column) && !roles.has(column.name))
    .reduce((made, column) => setRole(made, preview, column.name, 'perception'), document)
}
