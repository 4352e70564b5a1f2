// Files made in the browser: CSV from a table, PNG from a picture.
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

/** Draws an SVG of the page, as it looks now, on its title and the paper, at twice its size. */
export async function savePng(name: string, svg: SVGSVGElement, title: string, footer: string) {
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

  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  const pad = 24,
    head = 36,
    foot = 28,
    zoom = 2
  canvas.width = (width + 2 * pad) * zoom
  canvas.height = (height + head + foot + pad) * zoom
  const pen = canvas.getContext('2d')!
  const tone = (variable: string) => getComputedStyle(document.documentElement).getPropertyValue(variable).trim()
  const font = getComputedStyle(document.body).fontFamily
  pen.scale(zoom, zoom)
  pen.fillStyle = tone('--card')
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.fillStyle = tone('--ink')
  pen.font = `600 15px ${font}`
  pen.fillText(title, pad, pad + 6)
  pen.drawImage(image, pad, head, width, height)
  pen.fillStyle = tone('--mute')
  pen.font = `11px ${font}`
  pen.fillText(footer, pad, head + height + foot - 8)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (blob) save(name, blob)
}
