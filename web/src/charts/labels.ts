// Names beside the points of a chart, so that none covers a point, another name or the edge. Each name tries eight
// places around its point, nearest first, in the order of the points given (the important ones first); one that finds
// no place is left out, and its point still tells on hover, in the table and to a screen reader. Greedy: O(n²) for n
// points, a few dozen here.
export type Spot = { x: number; y: number; radius: number; text: string; width: number }
export type Box = { left: number; top: number; right: number; bottom: number }

const HEIGHT = 15
const GAP = 4

/** Left and top of each name in the chart's pixels; null where there is no room. `taken`: what else must stay free. */
export function placeLabels(spots: Spot[], inside: Box, taken: Box[] = []): ({ x: number; y: number } | null)[] {
  const busy = [...taken, ...spots.map(dot)]
  return spots.map((spot) => {
    const own = dot(spot)
    const free = (box: Box) => contains(inside, box) && busy.every((other) => same(other, own) || !overlap(other, box))
    const place = places(spot).find(free)
    if (!place) return null
    busy.push(place)
    return { x: place.left, y: place.top }
  })
}

function dot({ x, y, radius }: Spot): Box {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }
}

/** Right, left, above, below, then the corners. */
function places({ x, y, radius, width }: Spot): Box[] {
  const off = radius + GAP
  const level = y - HEIGHT / 2
  const starts = [
    [x + off, level],
    [x - off - width, level],
    [x - width / 2, y - off - HEIGHT + 2],
    [x - width / 2, y + off - 2],
    [x + radius, y - radius - HEIGHT],
    [x + radius, y + radius],
    [x - radius - width, y - radius - HEIGHT],
    [x - radius - width, y + radius],
  ]
  return starts.map(([left, top]) => ({ left: left!, top: top!, right: left! + width, bottom: top! + HEIGHT }))
}

const overlap = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
const contains = (a: Box, b: Box) => a.left <= b.left && b.right <= a.right && a.top <= b.top && b.bottom <= a.bottom
const same = (a: Box, b: Box) => a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom

const NAME_HEIGHT = 18
const NAME_PAD = 8

export type Quadrant = { right: boolean; bottom: boolean; width: number }

const STEPS = 8
const steps = (from: number, to: number) =>
  Array.from({ length: STEPS + 1 }, (_, i) => from + ((to - from) * i) / STEPS)

/** Boxes of the four quadrants' names around `middle`, where the cut lines cross: each in its outer corner, or, where a
 * point stands in that, further along its edge or inwards. */
export function placeQuadrants(
  quadrants: Quadrant[],
  middle: { x: number; y: number },
  inside: Box,
  spots: Spot[],
): Box[] {
  const dots = spots.map(dot)
  return quadrants.map(({ right, bottom, width }) => {
    const wide = width + NAME_PAD
    const across = steps(right ? inside.right - wide : inside.left, right ? middle.x : middle.x - wide)
    const down = steps(bottom ? inside.bottom - NAME_HEIGHT : inside.top, bottom ? middle.y : middle.y - NAME_HEIGHT)
    const choices = down.flatMap((top) =>
      across.map((left) => ({ left, top, right: left + wide, bottom: top + NAME_HEIGHT })),
    )
    return choices.find((box) => !dots.some((point) => overlap(point, box))) ?? choices[0]!
  })
}
