// Files made in the browser: CSV from a table, PNG from a picture. A picture says what it is of.
import { wrap } from '@/charts/geometry'

export function save(name: string, blob: Blob) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

export function saveText(name: string, type: string, content: string) {
  save(name, new Blob([content], { type: `${type};charset=utf-8` }))
}

const inherited = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'fill-opacity',
  'stroke-opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-numeric',
  'text-anchor',
  'dominant-baseline',
  'visibility',
]

/** A picture taken out of the page: its mark-up with the looks it had, and its size. */
export type Picture = { source: string; width: number; height: number }

export function pictureOf(svg: SVGSVGElement): Picture {
  const { width, height } = svg.getBoundingClientRect()
  const copy = svg.cloneNode(true) as SVGSVGElement
  const from = [svg, ...svg.querySelectorAll<SVGElement>('*')]
  const to = [copy, ...copy.querySelectorAll<SVGElement>('*')]
  from.forEach((element, i) => {
    const style = getComputedStyle(element)
    for (const name of inherited) to[i]!.style.setProperty(name, style.getPropertyValue(name))
  })
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  return { source: new XMLSerializer().serializeToString(copy), width, height }
}

/** What a picture says besides itself: its title, lines above it (what it is of, its legend), one below. */
export type Caption = { title: string; above: string[]; below: string }

const ZOOM = 2
const PAD = 24
const LEAST_WIDTH = 560 // so that the words have room over a narrow picture
const LINE = 17
const PAPER = { card: '#ffffff', ink: '#1f2328', mute: '#646a72' } // as in styles/base.css, in the light

/** Saves a picture under its caption, on white, at twice its size. */
export async function savePng(name: string, picture: Picture, caption: Caption) {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture.source)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d')!
  const family = getComputedStyle(document.body).fontFamily
  const width = Math.max(picture.width, LEAST_WIDTH)
  pen.font = `11px ${family}`
  const wide = (words: string) => pen.measureText(words).width
  const above = caption.above.flatMap((words) => wrap(words, width, wide))
  const top = PAD + 24 + above.length * LINE
  canvas.width = (width + 2 * PAD) * ZOOM
  canvas.height = (top + picture.height + 28 + PAD) * ZOOM
  pen.scale(ZOOM, ZOOM)
  pen.fillStyle = PAPER.card
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.fillStyle = PAPER.ink
  pen.font = `600 15px ${family}`
  pen.fillText(caption.title, PAD, PAD + 6)
  pen.fillStyle = PAPER.mute
  pen.font = `11px ${family}`
  above.forEach((line, i) => pen.fillText(line, PAD, PAD + 26 + i * LINE))
  pen.drawImage(image, PAD, top, picture.width, picture.height)
  pen.fillText(caption.below, PAD, top + picture.height + 22)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (blob) save(name, blob)
}
