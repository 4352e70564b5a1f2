// Names beside points: none covers a point, another name or the edge; what finds no place is left out.
import assert from 'node:assert/strict'
import test from 'node:test'
import { load } from '../support/load.mjs'

const [{ placeLabels, placeQuadrants }] = await load('charts/labels')
const inside = { left: 0, top: 0, right: 400, bottom: 300 }
const spot = (x, y, width = 60) => ({ x, y, radius: 6, text: 'name', width })
const box = (spot, place) => ({ left: place.x, top: place.y, right: place.x + spot.width, bottom: place.y + 15 })
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

test('a name stands at the right of its point, at the left where the edge is near', () => {
  const [right, left] = placeLabels([spot(100, 100), spot(390, 200)], inside)
  assert.ok(right.x > 100)
  assert.ok(left.x + 60 < 390)
})

test('however crowded, no name covers another, a point, what is taken, or leaves the chart', () => {
  const spots = Array.from({ length: 40 }, (_, i) =>
    spot(60 + ((i * 37) % 280), 40 + ((i * 53) % 220), 30 + (i % 5) * 20),
  )
  const taken = [{ left: 0, top: 0, right: 120, bottom: 16 }]
  const boxes = placeLabels(spots, inside, taken).map((place, i) => place && box(spots[i], place))
  const shown = boxes.filter(Boolean)
  assert.ok(shown.length > 10, `${shown.length} of 40`)
  boxes.forEach((a, i) => {
    if (!a) return
    assert.ok(a.left >= 0 && a.top >= 0 && a.right <= 400 && a.bottom <= 300)
    boxes.forEach((b, j) => b && i < j && assert.ok(!overlap(a, b), `${i} covers ${j}`))
    spots.forEach(({ x, y }, j) => {
      const point = { left: x - 6, top: y - 6, right: x + 6, bottom: y + 6 }
      assert.ok(i === j || !overlap(a, point), `${i} covers the point ${j}`)
    })
    assert.ok(!overlap(a, taken[0]))
  })
})

test('the first have the first choice; one without room is left out', () => {
  const crowd = Array.from({ length: 12 }, () => spot(200, 150))
  const places = placeLabels(crowd, inside)
  assert.ok(places[0])
  assert.ok(places.includes(null))
})

test('a quadrant’s name stands in its outer corner, or in another of its own where a point stands in that', () => {
  const names = [
    { right: false, bottom: false, width: 50 },
    { right: true, bottom: true, width: 50 },
  ]
  const middle = { x: 200, y: 150 }
  const [topLeft, bottomRight] = placeQuadrants(names, middle, inside, [])
  assert.deepEqual([topLeft.left, topLeft.top, bottomRight.right, bottomRight.bottom], [0, 0, 400, 300])
  const [, moved] = placeQuadrants(names, middle, inside, [spot(390, 295)])
  assert.ok(moved.right <= 384 && moved.left >= 200 && moved.bottom === 300, 'along its edge')
  const row = Array.from({ length: 30 }, (_, i) => spot(200 + i * 7, 292))
  const [, lifted] = placeQuadrants(names, middle, inside, row)
  assert.ok(lifted.bottom <= 286 && lifted.top >= 150, 'inwards')
})
