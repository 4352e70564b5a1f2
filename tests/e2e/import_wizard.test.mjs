// A file goes through every step of the import: what was seen, roles, values, check, import; the gap table has the
// right values then. What is decided is obeyed and can be taken back; labels can be corrected, pairs made by hand.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { call, launch, newPage, open, setUp, startServer, until, violations } from './support.mjs'

const root = new URL('../../', import.meta.url).pathname
const files = join(process.env.MG_SHARED ?? join(root, '../shared'), 'data/files')
const binary = process.env.MINDGAP_BIN ?? process.env.MINDGAP ?? join(root, 'build/mindgap')
const RIGHT = [-2.9333, -2.1833, -1.8333]

let server, browser, page, state, folder
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mindgap-wizard-'))
  server = await startServer()
  browser = await launch()
  page = await newPage(browser)
  await setUp(page, server.base)
  state = await page.context().storageState()
})
after(async () => {
  await browser?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})
const at = (path) => server.base + path
const next = (where) => where.click('.next button.primary')
const heading = (where, text) => where.waitForSelector(`h1:has-text("${text}")`)

async function drop(where, name, buffer) {
  await open(where, at('/imports/new'))
  await where.setInputFiles('input[type=file]', { name, mimeType: 'application/octet-stream', buffer })
  await where.waitForSelector('.next')
}
/** Through all steps without a word said; the gaps that are there then. */
async function through(where, code) {
  await next(where)
  await where.waitForSelector('.role-row.pair')
  await where.waitForSelector('.role-row .figure b')
  await next(where)
  await where.waitForSelector('ol [aria-current=step]:has-text("取值")')
  await next(where)
  await where.fill('label:has-text("研究代码") input', code)
  await where.press('label:has-text("研究代码") input', 'Tab')
  await next(where)
  await where.waitForURL(/\/imports\/[0-9A-Z]{26}$/)
  await where.waitForSelector('a:has-text("查看结果")')
  const study = (await call(where, 'GET', '/studies')).studies.find((s) => s.code === code)
  const gaps = await call(where, 'GET', `/studies/${study.id}/gaps`)
  return gaps.items.map((row) => Number(row.gap.value.toFixed(4)))
}

test('a Qualtrics export becomes the right gaps, and no JSON is seen on the way', async () => {
  const mine = await newPage(browser, { state })
  await drop(mine, 'case08.csv', readFileSync(join(files, 'case08-qualtrics-three-headers.csv')))
  await heading(mine, 'Qualtrics')
  assert.equal(await mine.inputValue('label:has-text("表头行数") input'), '3')
  assert.deepEqual(await violations(mine), [])
  await next(mine)
  await heading(mine, '16 列里认出了 3 对')
  await mine.waitForSelector('.role-row .figure b:has-text("−2.93")')
  assert.deepEqual(await violations(mine), [])
  await mine.goBack()
  await heading(mine, 'Qualtrics')
  assert.equal(await mine.locator('textarea').count(), 0)
  assert.deepEqual(await through(mine, 'case08'), RIGHT)
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('one text cell is a missing answer, and the rest counts', async () => {
  const mine = await newPage(browser, { state })
  await drop(mine, 'case05.csv', readFileSync(join(files, 'case05-one-text-cell.csv')))
  assert.deepEqual(await through(mine, 'case05'), [-2.9492, -2.1833, -1.8333])
  await mine.context().close()
})

test('a workbook goes the same way', async () => {
  const mine = await newPage(browser, { state })
  const book = join(folder, 'survey.xlsx')
  execFileSync(binary, ['convert', join(files, 'case01-crlf-rows-lf-in-cell.csv'), book])
  await drop(mine, 'survey.xlsx', readFileSync(book))
  assert.equal(await mine.locator('label:has-text("工作表") select').count(), 1)
  assert.deepEqual(await through(mine, 'book'), RIGHT)
  await mine.context().close()
})

const words =
  'E1,P1,E2,P2\n' +
  '非常满意,满意,满意,一般\n满意,一般,非常满意,满意\n'.repeat(24) +
  '满意,不满意,满意,一般\n'.repeat(2) +
  '非常满意,还行吧,满意,还行吧\n满意,一般,非常满意,不满意\n'

test('a word that was not understood is given its number in all columns with these words, and taken back', async () => {
  const mine = await newPage(browser, { state })
  await drop(mine, 'words.csv', Buffer.from(words))
  await mine.waitForSelector('ol small:has-text("2 格没读懂")')
  await mine.click('ol button:has-text("取值")')
  const field = mine.locator('.value:has-text("还行吧") input').first()
  await field.fill('3')
  await field.press('Tab')
  await heading(mine, '每一格都读懂了')
  assert.deepEqual(await violations(mine), [])
  await mine.click('.file button:has-text("撤销")')
  await heading(mine, '有 2 格没读懂')
  await mine.locator('.value:has-text("还行吧") input').first().fill('3')
  await mine.locator('.value:has-text("还行吧") input').first().press('Tab')
  await heading(mine, '每一格都读懂了')
  await mine.waitForTimeout(600) // a draft is written once nothing was decided for a moment
  await mine.reload()
  await mine.click('button:has-text("接着写")')
  await heading(mine, '每一格都读懂了')
  await mine.click('ol button:has-text("核对")')
  await mine.click('.next button.primary')
  await mine.waitForSelector('a:has-text("查看结果")')
  const study = (await call(mine, 'GET', '/studies')).studies.find((s) => s.code === 'words')
  const row = (await call(mine, 'GET', `/studies/${study.id}/gaps`)).items.find((item) => item.n === 52)
  assert.ok(row, 'every cell counts')
  await mine.context().close()
})

const titled =
  'Survey of winter\nid,at,E1,P1\n' +
  Array.from(
    { length: 40 },
    (_, i) => `${i + 1},0${1 + (i % 9)}/0${1 + (i % 7)}/2025,${5 + (i % 3)},${3 + (i % 4)}\n`,
  ).join('') +
  '41,02/03/2025\n42,02/03/2025,6,5,9\nmean,,6,4.5\n'

test('rows are pointed at, irregular ones listed, and dates asked with what either answer gives', async () => {
  const mine = await newPage(browser, { state })
  await drop(mine, 'titled.csv', Buffer.from(titled))
  await mine.click('summary:has-text("2 行格数不对")')
  await mine.waitForSelector('li:has-text("第 43 行：2 格")')
  await mine.waitForSelector('li:has-text("第 44 行：5 格")')
  const days = await mine.locator('.way button b').allTextContents()
  assert.equal(days.length, 2)
  assert.notEqual(days[0], days[1])
  assert.deepEqual(await violations(mine), [])
  await mine.click('.way button:has-text("日/月/年")')
  await mine.waitForSelector('.way', { state: 'detached' })
  const rows = (label) => mine.inputValue(`label:has-text("${label}") input`)
  assert.deepEqual([await rows('表头以上'), await rows('表头行数'), await rows('末尾合计')], ['1', '1', '1'])
  await mine.click('button:has-text("在文件里点选表头")')
  assert.match(await mine.textContent('.file-row.title'), /第 1 行标题Survey of winter/)
  assert.match(await mine.textContent('.file-row.header'), /第 2 行表头idatE1P1/)
  await mine.click('.file-row.foot button')
  await mine.waitForSelector('.file-row.foot', { state: 'detached' })
  assert.equal(await rows('末尾合计'), '0')
  await mine.click('.file-row >> nth=2')
  await until(mine, () => document.querySelectorAll('.file-row.header').length === 2)
  assert.equal(await rows('表头行数'), '2')
  assert.deepEqual(await violations(mine), [])
  await mine.locator('h1').click()
  await mine.keyboard.press('Control+z')
  await until(mine, () => document.querySelectorAll('.file-row.header').length === 1)
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('a mended file takes over what was decided for the first, and the way back to that stays open', async () => {
  const mine = await newPage(browser, { state })
  await drop(mine, 'words.csv', Buffer.from(words))
  await mine.click('ol button:has-text("取值")')
  await mine.locator('.value:has-text("还行吧") input').first().fill('3')
  await mine.locator('.value:has-text("还行吧") input').first().press('Tab')
  await heading(mine, '每一格都读懂了')
  await mine.click('button:has-text("换一个文件")')
  await mine.click('button:has-text("回到刚才的文件")')
  await mine.waitForSelector('h2:has-text("words.csv")')
  await mine.click('button:has-text("换一个文件")')
  const buffer = Buffer.from(words + '满意,满意,满意,满意\n')
  await mine.setInputFiles('input[type=file]', { name: 'mended.csv', mimeType: 'text/csv', buffer })
  await mine.click('button:has-text("照“words.csv”定好的来")')
  await mine.click('ol button:has-text("取值")')
  await heading(mine, '每一格都读懂了')
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})

test('the check says what was not understood, with values and line, and no mean stands without it', async () => {
  const mine = await newPage(browser, { state })
  await drop(mine, 'words.csv', Buffer.from(words))
  await mine.click('ol button:has-text("核对")')
  await mine.waitForSelector('tr:has-text("还行吧")')
  const row = await mine.textContent('tr:has-text("还行吧")')
  assert.match(row, /P1|P2/)
  assert.match(row, /52/) // the line
  await mine.waitForSelector('p:has-text("对平均差距") .short:has-text("文件里有 2 格没读懂")')
  assert.deepEqual(await violations(mine), [])
  assert.deepEqual(mine.wrong, [])
  await mine.context().close()
})
