// Saving something that somebody else may have changed since it was read: the newest is read, what differs is shown
// part by part, and what was chosen of each is saved on top of it; again, if it changed once more meanwhile.
import { reactive } from 'vue'
import { ApiError } from './api'
import { differences, merged, type Difference } from './merge'

type Thing = Record<string, unknown>
export type Versioned<T> = { value: T; version: number }

export type Saving<T> = {
  read: () => Promise<Versioned<T>>
  send: (value: T, version: number) => Promise<unknown>
  saved: () => unknown
}

/** What is being resolved; `parts` empty: nothing. */
export type Conflict = { parts: Difference[]; busy: boolean }

export function useConflict<T extends object>(saving: Saving<T>) {
  const conflict = reactive<Conflict>({ parts: [], busy: false })
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
    await saving.saved() // both sides may have written the same
  }

  /** Saves what was chosen. */
  async function settle() {
    if (!theirs || !mine) return
    conflict.busy = true
    try {
      const value = merged(theirs.value as Thing, mine as Thing, conflict.parts) as T
      const base = theirs
      conflict.parts = []
      await save(base, value)
    } finally {
      conflict.busy = false
    }
  }
  const back = () => void (conflict.parts = [])
  return { conflict, save, settle, back }
}
