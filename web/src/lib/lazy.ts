// Parts of the client that are fetched when first looked at. One that doesn't come waits for the server and then comes
// by itself; while a whole screen is awaited, `awaited` says so to the shell.
import { ref } from 'vue'
import { i18n } from '@/i18n'
import { whenBack } from './connection'
import { toast } from './toast'

/** The server is here and hasn't got the part: the client was updated since this page was opened. */
export class PartMissing extends Error {}

/** A screen is on its way that couldn't be had yet. */
export const awaited = ref(false)

/** Something on a screen, as a chart. */
export function part<T>(load: () => Promise<T>): () => Promise<T> {
  return () =>
    load()
      .catch(() => again(load))
      .catch((error) => {
        toast(i18n.global.t('error.part'), { kind: 'wrong' })
        throw error
      })
}

/** A whole screen; the router deals with one that is missing. */
export function screen<T>(load: () => Promise<T>): () => Promise<T> {
  return () =>
    load().catch(() => {
      awaited.value = true
      return again(load)
    })
}

async function again<T>(load: () => Promise<T>): Promise<T> {
  await whenBack()
  return load().catch((error) => {
    throw new PartMissing(String(error))
  })
}
