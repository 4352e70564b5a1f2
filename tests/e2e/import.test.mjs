// From a file to a new study: what the file lacks is named before, a wave comes from one place, what was typed outlives
// an import that failed, and the page says what was wrong. A study that isn't there is said, never another shown.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call, launch, newPage, open, setUp, startServer, until, violations } from './support.mjs'

let server, browser, page, state
before(async () => {
  server = await startServer()
  browser = await launch()
  page = await newPage(browser)
  await setUp(page, server.base)
  state = await page.context().storageState()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})
const at = (path) => server.base + path
const shown = (where, text) => where.waitForSelector(`text=${text}`)
const header = 'year,E_room,P_room,E_bill,P_bill\n'
const good = header + '2025,6,5,7,6\n2025,7,4,6,6\n2026,6,6,5,3\n2026,7,5,6,4\n'.repeat(8)
const bad = header + '2025,x,,,\n2026,y,,,\n'
const document = {
  study: 'rooms',
  title: 'Rooms',
  scale: { min: 1, max: 7 },
  wave: 'year',
  items: [
    { code: 'room', expectation: 'E_room', perception: 'P_room' },
    { code: 'bill', expectation: 'E_bill', perception: 'P_bill' },
  ],
}
const write = (value) => JSON.stringify(value, null, 2)

async function drop(where, name, content) {
  await open(where, at('/imports/new?step=check&text=1'))
  await where.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(content) })
  await where.waitForSelector('textarea')
}

test('a column that the file lacks is named beside its line, with what is like it', async () => {
  const mine = await newPage(browser, { state })
  await drop(mine, 'rooms.csv', good)
  const items = [{ ...document.items[0], perception: 'P_rom' }, document.items[1]]
  await mine.fill('textarea', write({ ...document, items }))
  await mine.click('button.primary')
  await shown(mine, '“P_rom”')
  await shown(mine, 'P_room')
  assert.match(await mine.textContent('[role=alert]'), /P_rom/)
  assert.match(mine.url(), /imports\/new/)
  await mine.context().close()
})

test('the file says each row’s wave: there is no other to be typed', async () => {
  const mine = await newPage(browser, { state })
  await drop(mine, 'rooms.csv', good)
  await mine.fill('textarea', write(document))
  const wave = mine.locator('label:has-text("期次（全部行相同）") input')
  assert.equal(await wave.isDisabled(), true)
  await shown(mine, '每一行的期次由“year”列给出')
  await mine.fill('textarea', write({ ...document, wave: undefined }))
  assert.equal(await wave.isDisabled(), false)
  assert.deepEqual(await violations(mine), [])
  await mine.context().close()
})

test('what was typed for one target is there again when it is chosen again, and after a reload', async () => {
  const mine = await newPage(browser, { state })
  await call(page, 'POST', '/studies', { document: { ...document, study: 'other', title: 'Other' } })
  await drop(mine, 'typed.csv', good)
  const target = mine.locator('select').first()
  const typed = write({ ...document, study: 'kept', title: 'Typed for a new study' })
  await mine.fill('textarea', typed)
  await target.selectOption('other')
  await mine.waitForSelector('textarea', { state: 'detached' })
  await mine.waitForSelector('h1:has-text("Other")')
  await target.selectOption('new')
  await mine.waitForSelector('textarea')
  assert.equal(await mine.inputValue('textarea'), typed)
  await mine.waitForTimeout(600) // a draft is written once nothing was typed for a moment
  await mine.reload()
  await mine.click('button:has-text("接着写")')
  await mine.waitForSelector('textarea')
  for (const end = Date.now() + 8000; (await mine.inputValue('textarea')) !== typed && Date.now() < end;)
    await mine.waitForTimeout(50)
  assert.equal(await mine.inputValue('textarea'), typed)
  await mine.fill('textarea', write({ ...document, items: [{ ...document.items[0], perception: 'P_rom' }] }))
  await mine.click('button.primary')
  await mine.waitForSelector('#import-wrong p')
  await mine.fill('textarea', typed)
  assert.equal(await mine.locator('#import-wrong p').count(), 0, 'what was said is of the text before')
  await mine.context().close()
})

test('an import that failed says why, and gives back what was typed', async () => {
  const mine = await newPage(browser, { state })
  await drop(mine, 'bad.csv', bad)
  await mine.fill('textarea', write({ ...document, study: 'typed', title: 'Typed by hand' }))
  await mine.click('button.primary')
  await mine.waitForSelector('table.kinds')
  assert.match(await mine.textContent('table.kinds'), /E_room/)
  assert.deepEqual(await violations(mine), [])
  await mine.click('a:has-text("改好再导入")')
  await mine.click('button:has-text("看研究文档")')
  await mine.waitForSelector('textarea')
  await until(mine, () => /Typed by hand/.test(globalThis.document.querySelector('textarea').value))
  await mine.context().close()
})

test('a change of the scale says before saving what it does to the answers', async () => {
  const mine = await newPage(browser, { state })
  await drop(mine, 'rooms.csv', good)
  await mine.fill('textarea', write(document))
  await mine.click('button.primary')
  await mine.waitForSelector('a:has-text("查看结果"), a.btn.primary')
  const study = (await call(mine, 'GET', '/studies')).studies.find((s) => s.code === 'rooms')
  await open(mine, at(`/studies/${study.id}`))
  const text = await mine.inputValue('textarea')
  await mine.fill('textarea', text.replace('"max": 7', '"max": 5'))
  await mine.click('button.primary:has-text("保存")')
  await mine.waitForSelector('dialog[open]')
  await shown(mine, '“E_room”：32 个回答中有 32 个不合量表 1–5')
  assert.deepEqual(await violations(mine), [])
  await mine.click('dialog button:has-text("继续修改")')
  assert.equal((await call(mine, 'GET', `/studies/${study.id}`)).version, study.version)
  await mine.click('button.primary:has-text("保存")')
  await mine.click('dialog button:has-text("仍然保存")')
  await mine.waitForSelector('.toasts p:has-text("已保存")')
  await open(mine, at('/?study=rooms&wave=*'))
  await shown(mine, '的值不合量表')
  await mine.context().close()
})

test('a weight that leaves nothing is told apart from answers on their way', async () => {
  const mine = await newPage(browser, { state })
  await drop(mine, 'weightless.csv', header.replace('\n', ',w\n') + '2025,6,5,7,6,many\n2026,7,4,6,6,0\n'.repeat(20))
  await mine.fill('textarea', write({ ...document, study: 'weightless', title: 'Weightless', weight: 'w' }))
  await mine.click('button.primary')
  await mine.waitForSelector('a:has-text("查看结果"), a.btn.primary')
  let reads = 0 // but for the import's own page, which asks for its first gap
  const counts = (request) => /\/gaps\?/.test(request.url()) && !mine.url().includes('/imports/')
  mine.on('request', (request) => (reads += counts(request) ? 1 : 0))
  await open(mine, at('/?study=weightless'))
  await shown(mine, '40 份答卷没有一份的权重有效')
  assert.equal(await mine.locator('text=没有分期').count(), 0)
  await mine.waitForSelector('.lead a:has-text("打开研究")')
  await open(mine, at('/gaps?study=weightless&wave=*'))
  await shown(mine, '没有一行的权重有效')
  await mine.waitForSelector('[role=alert] a:has-text("打开研究")')
  assert.ok(reads <= 2, `asked ${reads} times`) // once, and again when the waves are known
  await mine.context().close()
})

test('taking the weight out says before saving that every number changes', async () => {
  const mine = await newPage(browser, { state })
  const study = (await call(page, 'GET', '/studies')).studies.find((s) => s.code === 'weightless')
  await open(mine, at(`/studies/${study.id}`))
  const text = await mine.inputValue('textarea')
  await mine.fill('textarea', write({ ...JSON.parse(text), weight: undefined }))
  await mine.click('button.primary:has-text("保存")')
  await mine.waitForSelector('dialog[open]')
  await shown(mine, '所有数字不再加权：40 份答卷一样计入。')
  assert.deepEqual(await violations(mine), [])
  await mine.context().close()
})

test('a study that is not there is said, and others are offered', async () => {
  const mine = await newPage(browser, { state })
  for (const path of ['/gaps', '/', '/responses']) {
    await open(mine, at(`${path}?study=nope`))
    await shown(mine, '没有这项研究')
    assert.equal(await mine.locator('main button:has-text("Rooms")').isVisible(), true)
  }
  assert.deepEqual(await violations(mine), [])
  await mine.click('main button:has-text("Rooms")')
  await mine.waitForURL(/study=rooms/)
  await mine.context().close()
})
