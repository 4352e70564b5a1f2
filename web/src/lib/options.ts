// What a typed picker offers: options that hold every word typed, those that begin with it first; and where keys go.
export type Option = { value: string; label: string; note?: string; group?: string }

const plain = (text: string) => text.normalize('NFKC').toLowerCase()

export function matching(options: Option[], typed: string): Option[] {
  const words = plain(typed).split(/\s+/).filter(Boolean)
  const first = words[0]
  if (first === undefined) return options
  const found = options.filter((option) => {
    const text = plain(`${option.label} ${option.note ?? ''} ${option.value}`)
    return words.every((word) => text.includes(word))
  })
  const begins = (option: Option) => Number(plain(option.label).startsWith(first))
  return [...found].sort((a, b) => begins(b) - begins(a))
}

/** Whether an option is called so. */
export const isThere = (options: Option[], typed: string) =>
  options.some(({ label }) => plain(label).trim() === plain(typed).trim())

/** The place that a key leads to in a list of `n`, round its ends; undefined: the key is another's. */
export function step(key: string, at: number, n: number): number | undefined {
  if (!n) return undefined
  const up = (at <= 0 ? n : at) - 1
  const moves: Record<string, number> = { ArrowDown: (at + 1) % n, ArrowUp: up, Home: 0, End: n - 1 }
  return moves[key]
}
