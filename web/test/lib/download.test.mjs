// Files made in the browser: a text, and a picture under its caption.
import assert from 'node:assert/strict'
import test from 'node:test'
import { lend, load, ownTime, settled } from '../support/load.mjs'

const clicked = []
const drawn = []
const held = new Set()
let painted = true
const pen = new Proxy(
  {
    fillText: (...at) => drawn.push(at),
    measureText: (s) => ({ width: 8 * s.length }),
    drawImage: (...at) => drawn.push(['image', ...at.slice(1)]),
  },
  { get: (own, name) => own[name] ?? (() => {}), set: () => true },
)
const made = {
  a: () => ({
    click() {
      clicked.push({ name: this.download, href: this.href })
    },
  }),
  canvas: () => ({ getContext: () => pen, toBlob: (give) => give(painted ? new Blob(['png']) : null) }),
}
let source = ''
lend({
  document: { documentElement: {}, body: {}, createElement: (name) => made[name]() },
  getComputedStyle: (element) => ({ getPropertyValue: (name) => element.look?.[name] ?? '', fontFamily: 'Inter' }),
  XMLSerializer: class {
    serializeToString = (node) => JSON.stringify(node)
  },
  Image: class {
    set src(value) {
      source = decodeURIComponent(value.replace(/^[^,]*,/, ''))
    }
    decode = async () => {}
  },
})
const blobs = []
URL.createObjectURL = (blob) => (blobs.push(blob), held.add(`blob:${blobs.length}`), `blob:${blobs.length}`)
URL.revokeObjectURL = (url) => held.delete(url)
const [{ pictureOf, savePng, saveText }] = await load('lib/download')
const time = ownTime()

/** An element with its look; a clone has the same parts and no look. */
function element(name, look, children = []) {
  const style = {}
  return {
    name,
    look,
    set: style,
    attributes: {},
    children,
    style: { setProperty: (key, value) => value && (style[key] = value) },
    setAttribute(key, value) {
      this.attributes[key] = value
    },
    getBoundingClientRect: () => ({ width: 300, height: 100 }),
    querySelectorAll: () => children,
    cloneNode: () =>
      element(
        name,
        undefined,
        children.map((child) => child.cloneNode()),
      ),
  }
}

test('a text is saved under its name, in UTF-8, and its address let go in time', async () => {
  saveText('gaps.csv', 'text/csv', '\ufeffa,值')
  assert.deepEqual(clicked.at(-1), { name: 'gaps.csv', href: 'blob:1' })
  assert.equal(blobs[0].type, 'text/csv;charset=utf-8')
  assert.equal(await blobs[0].text(), 'a,值', 'the mark is read as such')
  await time.tick(9_999)
  assert.ok(held.has('blob:1'), 'a slow download still finds it')
  await time.tick(1)
  assert.equal(held.has('blob:1'), false)
})

test('a picture carries the looks of every part, its size, and what it is of', async () => {
  const line = element('line', { stroke: 'red', color: 'blue' })
  const legend = 'A legend of many words '.repeat(8)
  const caption = { title: 'Gaps', above: ['Study: Heating', legend], below: 'Heat · Mindgap' }
  await savePng('gaps.png', pictureOf(element('svg', { fill: 'ink' }, [line])), caption)
  const copy = JSON.parse(source)
  assert.deepEqual(copy.set, { fill: 'ink' })
  assert.deepEqual(copy.children[0].set, { stroke: 'red' }, 'what a picture inherits, and nothing else')
  assert.deepEqual([copy.attributes.width, copy.attributes.height], ['300', '100'])
  assert.deepEqual(line.set, {}, 'the picture on the page stays as it is')
  const places = Object.fromEntries(drawn.map(([what, ...at]) => [what, at]))
  assert.deepEqual(places.image.slice(2), [300, 100])
  assert.ok(places.Gaps[1] < places['Study: Heating'][1])
  const legendLines = Object.keys(places).filter((words) => words.includes('legend'))
  assert.ok(legendLines.length > 1, 'a long line is broken')
  for (const line of legendLines) assert.ok(line.length * 8 <= 560 && places[line][1] < places.image[1], line)
  assert.ok(places.image[1] + 100 < places['Heat · Mindgap'][1])
  assert.equal(clicked.at(-1).name, 'gaps.png')
})

test('a canvas that gives no picture saves nothing', async () => {
  painted = false
  const before = clicked.length
  await savePng('gaps.png', pictureOf(element('svg', {})), { title: 'Gaps', above: [], below: '' })
  await settled()
  assert.equal(clicked.length, before)
})
