// The main job, as a stranger does it in the browser: set up, import a file, see the finding, look at the gaps in
// every way, share the view, change language and theme, sign out and in again.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import {
  call,
  launch,
  newPage,
  open,
  owner,
  settled,
  setUp,
  startServer,
  studyDocument,
  until,
  writeSurvey,
} from './support.mjs'

let server, browser, page, proposal
before(async () => {
  server = await startServer()
  browser = await launch()
  page = await newPage(browser)
})
after(async () => {
  await browser?.close()
  await server?.stop()
})
const at = (path) => server.base + path
const heading = () => page.textContent('main h1')

test('the first start asks for an organisation and its owner', async () => {
  await setUp(page, server.base)
  assert.match(await page.textContent('nav.rail'), /北辰热力/)
  assert.equal(await heading(), '还没有研究')
})

test('an empty Overview leads to the import', async () => {
  await page.click('main a.primary')
  await page.waitForURL('**/imports/new*')
})

test('a file becomes a study with answers', async () => {
  await page.setInputFiles('input[type=file]', writeSurvey(server.data))
  await page.waitForSelector('text=winter-survey.csv')
  assert.match(await page.textContent('main'), /600 行 × 16 列/)
  await page.click('ol button:has-text("核对")')
  await page.click('button:has-text("看研究文档")')
  proposal = await page.inputValue('textarea')
  await page.fill('textarea', JSON.stringify(studyDocument(), null, 2)) // the analyst improves on the proposal
  await page.click('button:has-text("导入 600 行")')
  await page.waitForURL(/\/imports\/[0-9A-Z]{26}$/)
  await page.waitForSelector('text=已导入 600 份答卷', { timeout: 15000 })
})

test('the study proposed for the file had its six pairs, groups and waves', () => {
  const study = JSON.parse(proposal)
  assert.deepEqual(
    study.items.map((item) => [item.expectation, item.perception]),
    [1, 2, 3, 4, 5, 6].map((i) => [`E${i}`, `P${i}`]),
  )
  assert.equal(study.wave, 'wave')
  assert.deepEqual(
    study.groups.map((group) => group.column),
    ['region'],
  )
})

test('Overview states the finding and shows its evidence', async () => {
  await page.click('a:has-text("看结果")')
  await page.waitForSelector('.kpis')
  await page.waitForSelector('svg.chart g.row >> nth=2')
  await page.waitForSelector('.chart svg path', { state: 'attached' })
  await settled(page)
  assert.ok((await page.locator('.kpis dt').count()) > 3, 'expectation, perception, gap, outcome')
  assert.ok((await page.locator('svg.chart g.row').count()) >= 3)
  assert.match((await page.textContent('svg.chart g.row .value >> nth=0'))?.trim(), /^−\d\.\d\d$/)
  assert.ok((await page.locator('.chart svg path').count()) > 4, 'the trend is drawn')
  assert.match(await page.textContent('main'), /2024–25/)
  page.wrong = page.wrong.filter((line) => !/422/.test(line)) // asked before the answers had reached the analysis
})

test('Gaps: the widest is item 2, and the panel shows how its answers are spread', async () => {
  await page.click('nav.rail a:has-text("差距")')
  await page.waitForSelector('svg.chart g.row')
  const first = page.locator('svg.chart g.row').first()
  assert.match(await first.getAttribute('aria-label'), /未达期望/)
  await first.focus()
  await page.keyboard.press('Enter')
  await page.waitForSelector('dialog[open] .facts')
  await page.waitForSelector('dialog[open] .chart svg')
  assert.match(page.url(), /pick=item/)
  await page.keyboard.press('Escape')
  await until(page, () => !document.querySelector('dialog[open]') && !location.search.includes('pick'))
})

for (const [name, mark] of [
  ['热力图', '.scroll .chart svg, main .hint'],
  ['重要性—表现', '.chart svg circle, .chart svg path'],
  ['走势', '.chart svg path'],
  ['列表', 'svg.chart g.row'],
])
  test(`Gaps: ${name}`, async () => {
    await page.click(`fieldset label:has-text("${name}")`)
    await settled(page)
    await page.waitForSelector(mark, { state: 'attached' })
  })

test('Gaps: who left questions out is read when it is opened', async () => {
  await page.click('details.absent summary')
  await page.waitForSelector('details.absent p:has-text("漏答")')
  await page.click('details.absent summary')
})

test('groups of fewer than five are named but not shown', async () => {
  await open(page, at('/gaps?by=region&level=overall'))
  assert.match(await page.textContent('main'), /岛屿.*少于 5 人/s)
  assert.equal(await page.locator('svg.chart g.row').count(), 3)
})

test('a filter is in the address, and every number obeys it', async () => {
  await open(page, at('/gaps'))
  const all = await page.textContent('.lead p')
  await page.click('.filters button:has-text("全部")  >> nth=-1')
  await page.locator('[popover]:popover-open label:has-text("东城")').click()
  await page.waitForURL(/filter=/)
  await settled(page)
  assert.notEqual(await page.textContent('.lead p'), all)
  await page.keyboard.press('Escape')
})

test('a copied link opens the same view', async () => {
  await open(page, at('/gaps?view=list&level=dimension&sort=perception'))
  await page.click('button[aria-label="复制此视图的链接"]')
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const second = await page.context().newPage()
  await open(second, link)
  assert.equal(await second.textContent('.views label.on'), '列表')
  assert.equal(await second.textContent('main .controls label.on'), '维度')
  assert.deepEqual(
    await second.locator('svg.chart .label').allTextContents(),
    await page.locator('svg.chart .label').allTextContents(),
  )
  await second.close()
})

test('every chart gives its table, CSV and PNG', async () => {
  await page.click('button[aria-label="表格"]')
  assert.ok((await page.locator('main table tbody tr').count()) >= 1)
  const csv = await Promise.all([page.waitForEvent('download'), page.click('button[aria-label="下载 CSV"]')])
  const content = readFileSync(await csv[0].path(), 'utf8')
  assert.match(content, /^\ufeff# 差距一览\r\n# 研究：/)
  assert.match(content, /\r\n维度,/)
  await page.click('button[aria-label="表格"]')
  const png = await Promise.all([page.waitForEvent('download'), page.click('button[aria-label="下载 PNG"]')])
  const bytes = readFileSync(await png[0].path())
  assert.equal(bytes.subarray(1, 4).toString(), 'PNG')
  assert.ok(bytes.length > 5000)
})

test('a view is saved and found by ⌘K', async () => {
  await page.click('button:has-text("保存视图")')
  await page.fill('dialog[open] input.input', '维度一览')
  await page.click('dialog[open] button.primary')
  await page.waitForSelector('text=视图已保存')
  await page.keyboard.press('Control+k')
  await page.fill('dialog[open] input[role=combobox]', '维度一览')
  await page.waitForSelector('li[role=option]:has-text("维度一览")')
  await page.keyboard.press('Enter')
  await page.waitForURL(/level=dimension/)
})

test('language and theme change at once and stay', async () => {
  await page.click('.toolbar button:has-text("EN")')
  await page.waitForSelector('nav.rail a:has-text("Gaps")')
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await paper()
  await page.click('.toolbar .pill >> nth=-1')
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark')
  assert.notEqual(await paper(), light)
  await page.reload()
  await settled(page)
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark')
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
})

test('Settings: the organisation is renamed, a second writer chooses', async () => {
  await open(page, at('/settings/organisation'))
  const { version } = await call(page, 'GET', '/organisation')
  await call(page, 'PUT', '/organisation', { name: '北辰热力集团', version })
  await page.fill('main input.input', '南辰热力')
  page.wrong.length = 0
  await page.click('main button.primary')
  await page.waitForSelector('dialog fieldset:has-text("南辰热力")')
  await page.click('dialog button:has-text("All theirs")')
  await page.click('dialog button.primary:not([disabled])')
  await page.waitForSelector('.toasts p:has-text("Saved")')
  page.wrong = page.wrong.filter((line) => !/409/.test(line))
  assert.equal((await call(page, 'GET', '/organisation')).name, '北辰热力集团')
})

test('Settings: a key is shown once, and whose it is', async () => {
  await open(page, at('/settings/keys'))
  await page.click('.lead button.primary')
  await page.fill('dialog[open] input.input', 'Survey platform')
  await page.click('dialog[open] button.primary')
  const secret = await page.textContent('dialog[open] output')
  assert.match(secret, /^mgk_/)
  await page.keyboard.press('Escape')
  await page.reload()
  await page.waitForSelector('table')
  assert.ok(!(await page.textContent('body')).includes(secret))
  assert.ok((await page.textContent('main table')).includes(owner.name))
})

test('Settings: a password that is one’s own address is refused with what to do', async () => {
  await open(page, at('/settings/me'))
  await page.fill('input[autocomplete=current-password]', owner.password)
  await page.fill('input[autocomplete=new-password]', owner.email.toUpperCase())
  page.wrong.length = 0
  await page.click('form.card:has(input[type=password]) button.primary')
  const said = await page.textContent('main p[role=alert]')
  assert.match(said, /organisation of its owner.*few words/)
  page.wrong = page.wrong.filter((line) => !/422/.test(line))
})

test('the keyboard alone reaches a gap', async () => {
  await open(page, at('/gaps'))
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip')
  await page.keyboard.press('Enter')
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(() => document.activeElement.matches('g.row'))) break
  }
  assert.ok(await page.evaluate(() => document.activeElement.matches('g.row')))
  await page.keyboard.press('Space')
  await page.waitForSelector('dialog[open]')
  await page.keyboard.press('Escape')
})

test('an ended session asks for the password over the page, which stays at its address', async () => {
  await open(page, at('/gaps?level=dimension'))
  await page.context().clearCookies()
  await page.click('main fieldset label:has-text("Trend")')
  await page.waitForSelector('dialog[open] input[name=password]')
  await page.fill('dialog input[name=password]', owner.password)
  await page.click('dialog button.primary')
  await page.waitForSelector('dialog[open]', { state: 'detached' })
  await page.waitForSelector('main .chart svg')
  assert.match(page.url(), /\/gaps\?.*level=dimension/)
})

test('an import is undone', async () => {
  await open(page, at('/imports'))
  await page.click('main table tbody th button')
  await page.click('main button.danger')
  await page.click('main .ask button.danger')
  await page.waitForSelector('text=Import undone')
  await open(page, at('/'))
  assert.match(await heading(), /no responses yet/)
})

test('nothing went wrong on the way', () => assert.deepEqual(page.wrong, []))
