// The next file of a study: what is different to the last one is said on top, its study is offered; before anything is
// kept the dry run says how many answers are new, changed or the same, and what is chosen for them is what happens; an
// undo brings back what was replaced.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call, company, newPage, open, settled, studyDocument, surveyCsv, violations } from './support.mjs'

let all, study
before(async () => {
  all = await company()
  study = all.study
})
after(async () => {
  await all?.browser.close()
  await all?.server.stop()
})
const fresh = (options = {}) => newPage(all.browser, { state: all.state, ...options })
const shown = (where, text) => where.waitForSelector(`text=${text}`)
const responses = async () => (await call(all.page, 'GET', `/studies/${study.id}/responses?limit=1`)).total

/** The survey's rows, each as its cells, header first. */
const rows = (n) =>
  surveyCsv(n)
    .trim()
    .split('\n')
    .map((line) => line.split(','))
const csv = (lines) => lines.map((cells) => cells.join(',')).join('\n') + '\n'
/** 590 rows that the study has, 10 with another answer, 20 of new ids. */
function corrected() {
  const lines = rows(620)
  for (const cells of lines.slice(1, 11)) cells[9] = cells[9] === '1' ? '2' : '1'
  return csv(lines)
}

/** Without a column of waves. */
const ofOneWave = (lines) => csv(lines.map((cells) => cells.toSpliced(2, 1)))

async function drop(where, name, content, query = '') {
  await open(where, `${all.server.base}/imports/new${query}`)
  await where.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(content) })
  await where.waitForSelector('.next')
}

test('what is different to the last file is said first, and its study is offered', async () => {
  const mine = await fresh()
  const lines = rows(600)
  const at = lines[0].indexOf('P5')
  for (const cells of lines.slice(1)) cells[at] = String(8 - Number(cells[at]))
  lines.forEach((cells, i) => cells.push(i ? 'x' : 'crew'))
  await drop(mine, 'next.csv', csv(lines))
  await mine.waitForSelector('.last h2:has-text("2 处不同")')
  assert.match(await mine.textContent('.last li >> nth=0'), /方向反了.*P5/s)
  assert.match(await mine.textContent('.last li >> nth=1'), /crew/)
  assert.deepEqual(await violations(mine), [])
  await mine.click('.last button:has-text("导入到“供热服务”")')
  await mine.waitForSelector('.last button:has-text("导入到")', { state: 'detached' })
  assert.match(mine.url(), /into=winter/)
  await mine.waitForSelector('.last h2:has-text("2 处不同")')
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('the same file says that nothing would change, and needs no other word', async () => {
  const mine = await fresh()
  await drop(mine, 'winter.csv', surveyCsv(), '?into=winter&step=check')
  await shown(mine, '600 份不变')
  await shown(mine, '这个文件已经导入过。')
  assert.equal(await mine.locator('label:has-text("仍要再导入一次")').count(), 0)
  await mine.click('fieldset label:has-text("全部新增")')
  await mine.waitForSelector('label:has-text("仍要再导入一次") input')
  await mine.waitForSelector('.next .primary:disabled')
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('a corrected file replaces, adds and leaves as the check said; an undo brings back what was there', async () => {
  const mine = await fresh()
  const before = await responses()
  await drop(mine, 'corrected.csv', corrected(), '?into=winter&step=check')
  await shown(mine, '新增 20 份')
  await shown(mine, '替换 10 份')
  await shown(mine, '590 份不变')
  assert.deepEqual(await violations(mine), [])
  await mine.click('fieldset label:has-text("一律保留")')
  await shown(mine, '600 份不变')
  await mine.click('fieldset label:has-text("改了的替换")')
  await shown(mine, '替换 10 份')
  await settled(mine)
  await mine.click('.next .primary')
  await mine.waitForURL(/\/imports\/[0-9A-Z]{26}$/)
  await mine.waitForSelector('a:has-text("查看结果")')
  await shown(mine, '新增 20 份，替换 10 份，590 份不变')
  await mine.waitForSelector('.first a:has-text("查看差距")')
  assert.match(await mine.textContent('.first'), /期次 2025–26 里.*95% 区间 .* n 310/s)
  assert.equal(await responses(), before + 20)
  await mine.click('button:has-text("撤销导入")')
  await shown(mine, '这次替换掉的 10 份会回来。')
  assert.deepEqual(await violations(mine), [])
  await mine.click('button.danger:visible >> nth=-1')
  await shown(mine, '这次导入已撤销')
  assert.equal(await responses(), before)
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('ids that are in the last wave are told where no wave is said, and the rows can go there', async () => {
  const mine = await fresh()
  const { wave: _, ...document } = studyDocument('oneWave')
  await call(all.page, 'POST', '/studies', { document })
  await drop(mine, 'one.csv', ofOneWave(rows(100)), '?into=oneWave&step=check')
  await mine.fill('label:has-text("期次") input', '2025-12')
  await shown(mine, '100 行可以导入')
  await settled(mine)
  await mine.click('.next .primary')
  await mine.waitForURL(/\/imports\/[0-9A-Z]{26}$/)
  await mine.waitForSelector('.first:has-text("期次 2025-12 里差距最大的是")')
  assert.match(await mine.getAttribute('.first a', 'href'), /wave=2025-12/)
  const lines = rows(110)
  for (const cells of lines.slice(1, 6)) cells[9] = cells[9] === '1' ? '2' : '1'
  await drop(mine, 'one corrected.csv', ofOneWave(lines), '?into=oneWave&step=check')
  await shown(mine, '100 个编号在期次 2025-12 里已有')
  assert.deepEqual(await violations(mine), [])
  await mine.click('button:has-text("归入期次 2025-12")')
  await shown(mine, '替换 5 份')
  await shown(mine, '95 份不变')
  assert.equal(await mine.locator('.known').count(), 0)
  await mine.fill('label:has-text("期次") input', '2026-12')
  await mine.waitForSelector('text=替换 5 份', { state: 'detached' })
  await settled(mine)
  assert.equal(await mine.locator('.known').count(), 0, 'another wave was said')
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('on a phone the check and the list fit', async () => {
  const mine = await fresh({ width: 390, height: 844 })
  await drop(mine, 'corrected.csv', corrected(), '?into=winter&step=check')
  await shown(mine, '替换 10 份')
  const wide = () => document.documentElement.scrollWidth > innerWidth
  assert.equal(await mine.evaluate(wide), false)
  await open(mine, `${all.server.base}/imports`)
  await mine.waitForSelector('.cards li')
  assert.equal(await mine.evaluate(wide), false)
  assert.deepEqual(await violations(mine), [])
  await mine.context().close()
})
