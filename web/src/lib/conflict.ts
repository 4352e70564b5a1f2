// Saving something that somebody else may have changed since it was read: the newest is read, what differs is shown
// part by part, and what was chosen of each is saved on top of it; again, if it changed once more meanwhile. Choices
// stay till they are saved: what the server refuses of them is said beside them.
import { reactive } from 'vue'
import { ApiError } from './api'
import { differences, merged, type Difference } from './merge'
import { explain } from './toast'

type Thing = Record<string, unknown>
export type Versioned<T> = { value: T; version: number }

export type Saving<T> = {
  read: () => Promise<Versioned<T>>
  send: (value: T, version: number) => Promise<unknown>
  saved: () => unknown
  /** What the server refused of the value put together from what was chosen, where `explain` doesn't say enough. */
  refused?: (value: T, error: ApiError) => string
}

/** What is being resolved; `parts` empty: nothing. `wrong`: why what was chosen couldn't be saved. */
export type Conflict = { parts: Difference[]; busy: boolean; wrong: string }

export function useConflict<T extends object>(saving: Saving<T>) {
  const conflict = reactive<Conflict>({ parts: [], busy: false, wrong: '' })
  let theirs: Versioned<T> | null = null
  let mine: T | null = null

  /** Saves, or opens the conflict; throws what else the server refuses. */
  async function save(base: Versioned<T>, value: T) {
    try {
      await saving.send(value, base.version)
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'changed') throw error
      theirs = await saving.read()
      mine = value
      conflict.parts = differences(base.value as Thing, theirs.value as Thing, value as Thing)
      if (conflict.parts.length) return
    }
    conflict.parts = []
    await saving.saved() // both sides may have written the same
  }

  /** Saves what was chosen; throws where the thing is gone and nothing is left to choose. */
  async function settle() {
    if (!theirs || !mine) return
    const value = merged(theirs.value as Thing, mine as Thing, conflict.parts) as T
    Object.assign(conflict, { busy: true, wrong: '' })
    try {
      await save(theirs, value)
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 404) {
        back()
        throw error
      }
      conflict.wrong = saving.refused?.(value, error) ?? explain(error)
    } finally {
      conflict.busy = false
    }
  }
  const back = () => void Object.assign(conflict, { parts: [], wrong: '' })
  return { conflict, save, settle, back }
}
