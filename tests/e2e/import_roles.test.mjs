// The roles step of an import in the browser: rows fold and unfold, every key does what it says, halves are dragged
// together and apart with a mouse, scales that differ wait for a choice, and all of it can be undone; on a phone pairs
// are cards and their place is a sheet.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call, launch, newPage, open, setUp, startServer, until, violations } from './support.mjs'

const PAIRS = ['室温达到承诺', '供热不间断', '冷热能调好', '夜间温度稳定', '设备运行安静']
const APART = '热线不用久等'
const WORDS = ['非常不满意', '不满意', '比较不满意', '一般', '比较满意', '满意', '非常满意']

/** 240 answers: five pairs of numbers and words, one of 0–10 and 1–5, two halves that look alike, and the rest. */
function heating() {
  let seed = 7
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
  const near = (middle, low, high) => Math.max(low, Math.min(high, Math.round(middle + (random() - 0.5) * 3)))
  const head = [
    ...[...PAIRS, APART].map((name, i) => `${i + 1}、${name}—期望`),
    '7、停热检修提前通知—期望',
    ...[...PAIRS, APART].map((name, i) => `${i + 8}、${name}—实际感受`),
    ...['14、停热检修通知得及时', '15、您向亲友推荐的可能性', '16、您住在哪个区', '17、至少要多好'],
  ]
  const rows = Array.from({ length: 240 }, (_, i) => [
    ...PAIRS.map((_, k) => near(6 - k * 0.1, 1, 7)),
    Math.floor(random() * 11),
    near(6, 1, 7),
    ...PAIRS.map((_, k) => (i === 5 && k === 0 ? '还行吧' : WORDS[near(4.6 + k * 0.2, 1, 7) - 1])),
    1 + Math.floor(random() * 5),
    WORDS[near(5, 1, 7) - 1],
    near(7, 0, 10),
    ['道里', '南岗', '香坊'][i % 3],
    near(4, 1, 7),
  ])
  return [head, ...rows].map((row) => row.join(',')).join('\n')
}

let server, browser, page, state, url
before(async () => {
  server = await startServer()
  browser = await launch()
  page = await newPage(browser)
  await setUp(page, server.base)
  state = await page.context().storageState()
  for (const [code, zh] of [
    ['warmth', '温暖'],
    ['speed', '响应性'],
  ])
    await call(page, 'POST', '/dimensions', { framework: 'own', code, label: { 'zh-CN': zh, en: code } })
  for (const [code, zh] of [
    ['home', '室内供热'],
    ['line', '客服热线'],
  ])
    await call(page, 'POST', '/touchpoints', { code, label: { 'zh-CN': zh, en: code }, stage: 'during' })
  const upload = await call(page, 'POST', `/uploads?name=${encodeURIComponent('供暖.csv')}`, heating(), true)
  url = `${server.base}/imports/new?upload=${upload.id}&step=roles`
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function roles(options = {}) {
  const mine = await newPage(browser, { state, ...options })
  await open(mine, url)
  await mine.waitForSelector('.role-row.pair .figure b')
  return mine
}
const row = (where, name) => where.locator(`.role-row[aria-label*="${name}"]`)
const focused = (where) => where.evaluate(() => document.activeElement.getAttribute('aria-label') ?? '')
const inPicker = (where) => until(where, () => document.activeElement.getAttribute('role') === 'combobox')
const dot = (where, name, i) => row(where, name).locator('.dot').nth(i)
const undo = (where) => where.keyboard.press('Control+z')
const number = async (where, name) => (await row(where, name).locator('.figure b').textContent()).trim()
async function middle(locator) {
  await locator.scrollIntoViewIfNeeded()
  const box = await locator.boundingBox()
  return [box.x + box.width / 2, box.y + box.height / 2]
}
async function pickUp(where, locator) {
  const [x, y] = await middle(locator)
  await where.mouse.move(x, y)
  await where.mouse.down()
  await where.mouse.move(x + 3, y + 8)
}
const carry = async (where, locator) => where.mouse.move(...(await middle(locator)), { steps: 6 })

test('sure pairs fold after the third; arrows and finding unfold them, what has a problem is always seen', async () => {
  const mine = await roles()
  assert.equal(await mine.locator('.role-row.pair').count(), 4)
  assert.equal(await row(mine, APART).count(), 1)
  assert.match(await mine.textContent('.fold'), /还有 2 对/)
  await row(mine, PAIRS[0]).focus()
  for (let i = 0; i < 4; i++) await mine.keyboard.press('ArrowDown')
  await until(mine, () => document.activeElement.getAttribute('aria-label')?.includes('夜间温度稳定'))
  assert.equal(await mine.locator('.role-row.pair').count(), 6)
  await mine.keyboard.press('ArrowUp')
  assert.match(await focused(mine), /冷热能调好/)
  await mine.click('.fold')
  await mine.keyboard.press('/')
  await mine.keyboard.type('安静')
  await row(mine, PAIRS[4]).waitFor()
  assert.equal(await mine.locator('.role-row.pair').count(), 1)
  await mine.keyboard.press('Escape')
  await row(mine, PAIRS[0]).waitFor()
  assert.deepEqual(await violations(mine), [])
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('D and T choose by typing, Enter shows answers, Escape closes, P pairs, and Ctrl Z takes all back', async () => {
  const mine = await roles()
  const first = row(mine, PAIRS[0])
  await first.focus()
  for (const [key, typed, kind] of [
    ['d', '温', 'dimension'],
    ['t', '供热', 'touchpoint'],
  ]) {
    await mine.keyboard.press(key)
    await inPicker(mine)
    await mine.keyboard.type(typed)
    await mine.keyboard.press('Enter')
    await first.locator(`[data-pick=${kind}] .pick:not(.none)`).waitFor()
    await first.focus()
  }
  await mine.waitForSelector('.block h3:has-text("室内供热")')
  await mine.keyboard.press('d')
  await inPicker(mine)
  await mine.keyboard.press('ArrowDown')
  await mine.keyboard.press('Escape')
  assert.match(await first.locator('[data-pick=dimension]').textContent(), /温暖/)
  await first.focus()
  await mine.keyboard.press('Enter')
  await mine.waitForSelector('.value.not_understood:has-text("还行吧")')
  assert.deepEqual(await violations(mine), [])
  await mine.keyboard.press('Escape')
  assert.equal(await mine.locator('.value').count(), 0)
  await row(mine, '停热检修提前通知').focus()
  await mine.keyboard.press('p')
  await inPicker(mine)
  await mine.keyboard.type('通知得及时')
  await mine.keyboard.press('Enter')
  await mine.waitForSelector('h1:has-text("认出了 7 对")')
  await row(mine, PAIRS[0]).focus()
  for (let i = 0; i < 3; i++) await undo(mine)
  await mine.waitForSelector('h1:has-text("认出了 6 对")')
  assert.equal(await row(mine, PAIRS[0]).locator('.pick.none').count(), 2)
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('a half dragged onto another says the gap before it is let go; dragged out it parts; Escape lets go', async () => {
  const mine = await roles()
  const loose = row(mine, '停热检修提前通知')
  await loose.locator('.gain b').waitFor()
  const promised = (await loose.locator('.gain b').textContent()).trim()
  await mine.click('[role=tab]:has-text("其他")')
  await mine.click('[role=tab]:has-text("成对")')
  await pickUp(mine, dot(mine, '停热检修提前通知', 0))
  await carry(mine, loose.locator('.partner'))
  await mine.waitForSelector('.partner.over')
  await mine.waitForSelector('.ghost b')
  assert.equal((await mine.textContent('.ghost b')).trim(), promised)
  assert.match(await mine.textContent('.ghost'), /±0\.\d+.*n 240/)
  await mine.keyboard.press('Escape')
  await mine.mouse.up()
  assert.equal(await mine.locator('.ghost').count(), 0)
  await mine.waitForSelector('h1:has-text("认出了 6 对")')
  await pickUp(mine, dot(mine, '停热检修提前通知', 0))
  await carry(mine, loose.locator('.partner'))
  await mine.mouse.up()
  await mine.waitForSelector('h1:has-text("认出了 7 对")')
  await row(mine, '停热检修提前通知').locator('.figure b').waitFor()
  assert.equal(await number(mine, '停热检修提前通知'), promised)

  await pickUp(mine, dot(mine, PAIRS[0], 1))
  await carry(mine, mine.locator('.zone [data-part]'))
  await mine.waitForSelector('.part.over')
  await mine.mouse.up()
  await mine.waitForSelector('h1:has-text("认出了 6 对")')
  await mine.locator('h1').click()
  await undo(mine)
  await mine.waitForSelector('h1:has-text("认出了 7 对")')

  await pickUp(mine, dot(mine, PAIRS[0], 0))
  await carry(mine, dot(mine, PAIRS[1], 1))
  await mine.mouse.up()
  await mine.waitForSelector('h1:has-text("认出了 6 对")')
  await row(mine, `${PAIRS[0]}—期望，9、${PAIRS[1]}`).waitFor()
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('a tap picks a half up and the next one puts it down', async () => {
  const mine = await roles()
  await dot(mine, '停热检修提前通知', 0).click()
  await mine.waitForSelector('.zone.tap:has-text("已拿起")')
  await mine.keyboard.press('Escape')
  assert.equal(await mine.locator('.zone').count(), 0)
  await dot(mine, '停热检修提前通知', 0).click()
  await row(mine, PAIRS[2]).locator('[data-column*="实际"]').first().click()
  await row(mine, `停热检修提前通知—期望，10、${PAIRS[2]}`).waitFor()
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('halves on other scales have no number till somebody chose; not comparing them can be undone', async () => {
  const mine = await roles()
  assert.match(await row(mine, APART).locator('.figure').textContent(), /定了量表再算/)
  assert.equal(await row(mine, APART).locator('svg.undecided').count(), 1)
  assert.deepEqual(await row(mine, APART).locator('.scales p').allTextContents(), ['量表0–10', '量表1–5'])
  await mine.waitForSelector('ol small:has-text("2 件事要您定")')
  await mine.click('.problem:has-text("量表不一样") button:has-text("不比较")')
  await mine.waitForSelector('[role=tab]:has-text("成对 5")')
  await mine.waitForSelector('ol small:has-text("1 件事要您定")')
  await mine.locator('h1').click()
  await undo(mine)
  await mine.waitForSelector('ol small:has-text("2 件事要您定")')
  await mine.waitForSelector('.mean b')
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('after the choice they are rescaled, have a number, and the number goes with the choice', async () => {
  const mine = await roles()
  await mine.click('.problem:has-text("量表不一样") button:has-text("换算后比较")')
  await mine.waitForSelector('ol small:has-text("1 件事要您定")')
  await row(mine, APART).locator('.figure b').waitFor()
  assert.match(await number(mine, APART), /^[−+]\d\.\d\d$/)
  assert.deepEqual(await row(mine, APART).locator('.scales p').allTextContents(), ['量表0–10', '量表1–5'])
  await mine.locator('h1').click()
  await undo(mine)
  await mine.waitForSelector('ol small:has-text("2 件事要您定")')
  assert.match(await row(mine, APART).locator('.figure').textContent(), /定了量表再算/)
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('a half dragged out of a rescaled pair parts it for good', async () => {
  const mine = await roles()
  await mine.click('.problem:has-text("量表不一样") button:has-text("换算后比较")')
  await row(mine, APART).locator('.figure b').waitFor()
  await mine.waitForSelector('h1:has-text("认出了 6 对")')
  await pickUp(mine, dot(mine, APART, 0))
  await carry(mine, mine.locator('.zone [data-part]'))
  await mine.waitForSelector('.part.over')
  await mine.mouse.up()
  await mine.waitForSelector('h1:has-text("认出了 5 对")')
  assert.equal(await mine.locator('.role-row svg.undecided').count(), 0)
  assert.equal(await mine.locator('.problem:has-text("量表不一样")').count(), 0)
  await mine.locator('h1').click()
  await undo(mine)
  await mine.waitForSelector('h1:has-text("认出了 6 对")')
  await row(mine, APART).locator('.figure b').waitFor()
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('a dimension or touchpoint that isn’t there is made of what was typed, for a row and for a block', async () => {
  const mine = await roles()
  await row(mine, PAIRS[0]).focus()
  await mine.keyboard.press('d')
  await inPicker(mine)
  await mine.keyboard.type('室温达标')
  await mine.waitForSelector('[role=option]:has-text("新建维度“室温达标”")')
  assert.equal(await mine.locator('.none-found').count(), 0)
  assert.deepEqual(await violations(mine), [])
  await mine.keyboard.press('Enter')
  await row(mine, PAIRS[0]).locator('[data-pick=dimension] button:has-text("室温达标")').waitFor()
  await mine.locator('.block button:has-text("整块同样设置")').first().click()
  await mine.locator('.panel:popover-open .line:has-text("触点") .pick').click()
  await inPicker(mine)
  await mine.keyboard.type('夜里')
  await mine.keyboard.press('Enter')
  await mine.locator('.panel:popover-open .pick:has-text("夜里")').waitFor()
  await mine.locator('.panel:popover-open .btn.primary').click()
  await mine.waitForSelector('.block h3:has-text("夜里")')
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('a whole block is set at once, after it said how many rows change, and its words too', async () => {
  const mine = await roles()
  await row(mine, PAIRS[0]).focus()
  await mine.keyboard.press('t')
  await inPicker(mine)
  await mine.keyboard.type('室内')
  await mine.keyboard.press('Enter')
  await mine.click('.block:has-text("未定触点") button:has-text("整块同样设置") >> nth=0')
  const panel = mine.locator('.panel[role=dialog]:popover-open')
  assert.ok(await panel.locator('button.primary').isDisabled())
  await panel.locator('.pick').nth(1).click()
  await inPicker(mine)
  await mine.keyboard.type('室内')
  await mine.keyboard.press('Enter')
  assert.match(await panel.locator('button.primary').textContent(), /改 5 行/)
  await panel.locator('button.primary').click()
  await until(mine, () => [...document.querySelectorAll('.block h3')].every((h) => h.textContent === '室内供热'))
  await mine.click('.block >> nth=0 >> button:has-text("整块同样设置")')
  await mine.locator('.panel[role=dialog]:popover-open button:has-text("取值")').click()
  await mine.locator('.value:has-text("还行吧") input').fill('4')
  await mine.keyboard.press('Tab')
  await until(mine, () => !document.querySelector('.value.not_understood'))
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('a pair takes a least acceptable level, from its own menu, and gives it back', async () => {
  const mine = await roles()
  await row(mine, PAIRS[0]).locator('.more').click()
  await mine.click('[role=menuitem]:has-text("可接受")')
  await inPicker(mine)
  await mine.keyboard.type('至少要多好')
  await mine.keyboard.press('Enter')
  await row(mine, PAIRS[0]).locator('.beside:has-text("至少要多好")').waitFor()
  await row(mine, PAIRS[0]).locator('.beside button').click()
  assert.equal(await mine.locator('.beside').count(), 0)
  await mine.click('[role=tab]:has-text("其他")')
  await row(mine, '至少要多好').locator('select').selectOption('importance')
  await inPicker(mine)
  await mine.keyboard.type(PAIRS[1])
  await mine.keyboard.press('Enter')
  await mine.click('[role=tab]:has-text("成对")')
  await row(mine, PAIRS[1]).locator('.beside:has-text("重要性")').waitFor()
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('the reason marks what both questions share, on focus', async () => {
  const mine = await roles()
  await row(mine, PAIRS[0]).focus()
  await row(mine, PAIRS[0]).locator('.sure button').focus()
  await mine.waitForSelector('.why:popover-open mark:has-text("室温达到承诺")')
  await mine.keyboard.press('Escape')
  assert.equal(await mine.locator('.why:popover-open').count(), 0)
  await mine.context().close()
})

test('who goes on and comes back finds the row and the scroll', async () => {
  const mine = await roles({ height: 600 })
  await mine.click('.fold')
  await row(mine, PAIRS[3]).focus()
  const place = () => mine.evaluate(() => Math.round(document.scrollingElement.scrollTop))
  const top = await place()
  assert.ok(top > 100)
  await mine.click('.next button.primary')
  await mine.waitForSelector('ol [aria-current=step]:has-text("取值")')
  await mine.goBack()
  await row(mine, PAIRS[3]).waitFor()
  await until(mine, () => document.activeElement.getAttribute('aria-label')?.includes('夜间温度稳定'))
  assert.ok(Math.abs((await place()) - top) < 60)
  await mine.context().close()
})

test('on a phone a pair is a card, its place a sheet from below, and the problems one bar', async () => {
  const mine = await roles({ width: 390, height: 844 })
  assert.equal(await mine.locator('.problems details[open]').count(), 0)
  assert.match(await mine.textContent('.problems summary'), /2 件事/)
  await row(mine, PAIRS[0]).locator('.place').click()
  await mine.waitForSelector('dialog[open] input[type=radio]')
  assert.deepEqual(await violations(mine), [])
  await mine.click('dialog[open] label:has-text("温暖")')
  await mine.click('dialog[open] label:has-text("室内供热")')
  await mine.keyboard.press('Escape')
  await mine.waitForSelector('.role-row .place:has-text("温暖 · 室内供热")')
  await row(mine, PAIRS[1]).locator('.place').click()
  await mine.fill('dialog[open] input[type=search]', '夜里')
  await mine.click('dialog[open] button:has-text("新建触点“夜里”")')
  await mine.keyboard.press('Escape')
  await mine.waitForSelector('.role-row .place:has-text("未定维度 · 夜里")')
  assert.ok(await mine.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
  assert.deepEqual(await violations(mine), [])
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('a file without pairs says so, and its ratings can be taken as perceptions', async () => {
  const mine = await newPage(browser, { state })
  const file = ['n,color', ...Array.from({ length: 40 }, (_, i) => `${i},${['red', 'blue'][i % 2]}`)].join('\n')
  const upload = await call(page, 'POST', '/uploads?name=plain.csv', file, true)
  await open(mine, `${server.base}/imports/new?upload=${upload.id}&step=roles`)
  await mine.waitForSelector('h2:has-text("这份文件里没有成对的题")')
  await mine.click('button:has-text("手工配对")')
  await mine.waitForSelector('.role-row:focus')
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})
