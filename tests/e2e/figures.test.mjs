// Numbers say what they are: key figures their name, unit and formula; the map how many answers stand behind it, how
// sure it is, and how to do without what few were asked.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, newPage, open, seed, settled, setUp, startServer, surveyCsv } from './support.mjs'

let server, browser, page
const at = (path) => server.base + path

/** The survey with the third perception asked of every fourth. */
function withRareItem() {
  const [head, ...lines] = surveyCsv().trim().split('\n')
  const third = head.split(',').indexOf('P3')
  const thinned = lines.map((line, i) => {
    const cells = line.split(',')
    if (i % 4) cells[third] = ''
    return cells.join(',')
  })
  return [head, ...thinned].join('\n') + '\n'
}

before(async () => {
  server = await startServer()
  browser = await launch()
  page = await newPage(browser)
  await setUp(page, server.base)
  await seed(page, 'rare', true, withRareItem())
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('a key figure says which score it is, and its formula leads to the page that explains it', async () => {
  await open(page, at('/?study=rare'))
  const figure = page.locator('.kpis > div', { hasText: '净推荐值' })
  assert.match(await figure.textContent(), /净推荐值（NPS）\s*nps-2/)
  const address = await figure.locator('a').getAttribute('href')
  const method = await page.request.get(at(address))
  assert.equal(method.status(), 200)
  assert.match(await method.text(), /`nps-2`/)
})

test('the map says how many answers it rests on, why no more, and offers more', async () => {
  await open(page, at('/gaps?study=rare&wave=*&view=map'))
  const basis = page.locator('.basis')
  assert.match(await basis.textContent(), /用到 150 份答卷（共 600 份），因为回答了“/)
  assert.match(await basis.textContent(), /1.000 次重抽样/)
  await basis.locator('button').click()
  await settled(page)
  assert.match(await basis.textContent(), /全部 600 份答卷/)
  assert.match(page.url(), /rare=leave_out/)
  await basis.locator('button').click()
  await settled(page)
  assert.match(await basis.textContent(), /用到 150 份/)
})

test('its table has the interval, the ranks and the probability of the quadrant', async () => {
  await page.click('[aria-label="表格"], [title="表格"]')
  const table = page.locator('main table')
  await table.waitFor()
  const heads = await table.locator('th').allTextContents()
  for (const head of ['重要性：从', '名次区间', '落在此象限的概率'])
    assert.ok(
      heads.some((h) => h.includes(head)),
      `${head} in ${heads}`,
    )
  assert.match(await table.locator('tbody tr').first().textContent(), /\d–\d/)
})
