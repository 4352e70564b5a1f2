// How each plight looks: its colour, and a shape that says the same without it.
import type { Plight, Tone } from '@/lib/system'

export const tones: Record<Plight, Tone> = {
  erasure: 'short',
  setAside: 'short',
  retry: 'warn',
  rebuilding: 'accent',
  bulk: 'accent',
}

/** In a square of 12 around the origin: a stop (square), an alarm (triangle), a turn, a ring being filled, an arrow. */
export const shapes: Record<Plight, string> = {
  erasure: 'M0 -6 6 5H-6Z',
  setAside: 'M-5 -5H5V5H-5Z',
  retry: 'M4.6 -2.5A5.2 5.2 0 1 0 5.2 1M5 -6V-2H1',
  rebuilding: 'M-5 0A5 5 0 1 0 0 -5M-5 0A5 5 0 0 1 0 -5',
  bulk: 'M-4 -5 5 0-4 5Z',
}
export const isLine = (plight: Plight) => plight === 'retry' || plight === 'rebuilding'
