// The small box that a chart shows on hover: a bold head with notes beside it, a line a figure, a remark below.
// Everything is escaped here, since the chart library takes HTML.
import { html } from './theme'

/** A figure with its name; `more` stands behind it. */
export type TipLine = { name: string; value: string; more?: string }
/** `null` among the lines and '' among the notes leave nothing behind. */
export type Tip = { head: string; beside?: string[]; lines: (TipLine | null)[]; foot?: string }

export function tip({ head, beside = [], lines, foot }: Tip): string {
  const first = [`<b>${html(head)}</b>`, ...beside.filter(Boolean).map(html)].join(' · ')
  const figures = lines.filter((line) => line !== null).map(figure)
  return [first, ...figures, ...(foot ? [html(foot)] : [])].join('<br>')
}

function figure({ name, value, more }: TipLine): string {
  return [html(name), `<b>${html(value)}</b>`, ...(more ? [html(more)] : [])].join(' ')
}
