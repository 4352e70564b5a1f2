// How soon Overview is seen, by someone who comes for the first time to a warm server: bench_paint.mjs [--rounds N].
//
// Chromium, the browser tests' own server and survey (tests/e2e/support.mjs). Each round is a new context, so that nothing
// is cached. Prints Markdown rows as bench/common.py does: medians, and what the browser itself says of its paints.
import { launch, newPage, seed, setUp, startServer } from '../tests/e2e/support.mjs'

const LIMIT_MS = 500
const at = process.argv.indexOf('--rounds')
const rounds = at < 0 ? 15 : Number(process.argv[at + 1])

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]
function row(what, ours, limit) {
  const rated =
    limit === undefined ? ['', '', '', ''] : [limit, (ours / limit).toFixed(2), '≤ 1', ours <= limit ? 'held' : 'short']
  console.log(`| ${[what, Math.round(ours), ...rated].join(' | ')} |`)
}

/** Milliseconds from asking for the page until something, and until the first number, is seen. */
async function look(browser, base, state) {
  const page = await newPage(browser, { state: { ...state, origins: [] } })
  await page.goto(`${base}/?study=winter`)
  await page.waitForSelector('.kpis .n')
  const seen = await page.evaluate(() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint')
    return { paint: paint.startTime, numbers: performance.now() }
  })
  await page.context().close()
  return seen
}

const server = await startServer()
const browser = await launch()
const page = await newPage(browser)
await setUp(page, server.base)
await seed(page)
const state = await page.context().storageState()
await look(browser, server.base, state) // the server is warm then
const seen = []
for (let i = 0; i < rounds; i++) seen.push(await look(browser, server.base, state))
row('Overview in Chromium, first contentful paint: ms', median(seen.map((one) => one.paint)), LIMIT_MS)
row('the same, until its numbers are there (polled): ms', median(seen.map((one) => one.numbers)))
await browser.close()
await server.stop()
