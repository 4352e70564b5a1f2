// When something isn't as it should be, the screen says so and there is a way on: a file that can't be read, a server
// that is killed and started again while somebody looks.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { call, company, newPage, open, startServer, studyDocument, surveyCsv } from './support.mjs'

let server, browser, page, study, state
before(async () => {
  ;({ server, browser, page, study, state } = await company())
})
after(async () => {
  await browser?.close()
  await server?.stop()
})
const at = (path) => server.base + path

test('a file that can’t be read: what is wrong with it, and the way to another', async () => {
  const broken = join(server.data, 'broken.parquet')
  writeFileSync(broken, 'PAR1 and then nothing')
  await open(page, at('/imports/new'))
  await page.setInputFiles('input[type=file]', broken)
  const said = page.locator('main [role=alert]')
  await said.waitFor()
  assert.match(await said.textContent(), /Parquet.*。\S/, 'no space between two Chinese sentences')
  await said.locator('button:has-text("换一个文件")').click()
  await page.waitForSelector('input[type=file]', { state: 'attached' })
})

test('a folder is refused in words', async () => {
  await page.waitForSelector('label.drop')
  await page.evaluate(() => {
    const event = new Event('drop', { bubbles: true, cancelable: true })
    event.dataTransfer = {
      files: [new File([], 'folder')],
      items: [{ webkitGetAsEntry: () => ({ isDirectory: true }) }],
    }
    document.querySelector('label.drop').dispatchEvent(event)
  })
  await page.waitForSelector('[role=alert]:has-text("这是文件夹")')
})

test('an import that was undone brought nothing', async () => {
  const other = await call(page, 'POST', '/studies', { document: studyDocument('undone') })
  const upload = await call(page, 'POST', '/uploads?name=undone.csv', surveyCsv(20), true)
  const preview = await call(page, 'GET', `/uploads/${upload.id}/preview?study=${other.id}`)
  const mapping = preview.columns
    .filter((column) => column.target)
    .map((column) => ({ source: column.name, target: column.target }))
  const made = await call(page, 'POST', '/imports', { upload_id: upload.id, study_id: other.id, mapping })
  await open(page, at(`/imports/${made.id}`))
  await page.click('button.danger')
  await page.click('main .ask button.danger')
  await page.waitForSelector('h1:has-text("这次导入已撤销")')
  assert.doesNotMatch(await page.textContent('main dl'), /已导入/)
  await open(page, at('/imports'))
  assert.match(await page.textContent('main tr:has-text("undone.csv")'), /已撤销.*–/)
  assert.match(await page.textContent('main h1'), /^1 次导入，带来 600 份答卷/)
})

test('on paper it is light, charts too, whatever the screen is', async () => {
  const dim = await newPage(browser, { theme: 'dark', state })
  await open(dim, at('/gaps?study=winter&view=trend'))
  const seen = () =>
    dim.evaluate(() =>
      (globalThis.seen = () => [
        document.documentElement.dataset.theme,
        getComputedStyle(document.body).backgroundColor,
        document.querySelector('main .chart svg text')?.getAttribute('fill'),
      ])(),
    )
  await dim.evaluate(() =>
    addEventListener('beforeprint', async () => {
      // The page's own work comes first; the paper is set after the last of these.
      for (let i = 0; i < 20; i++) await null
      globalThis.printed = globalThis.seen()
    }),
  )
  const [theme, ground, ink] = await seen()
  assert.equal(theme, 'dark')
  assert.ok(ink)
  await dim.pdf({ format: 'A4' })
  const [paper, light, dyed] = await dim.evaluate(() => globalThis.printed)
  assert.equal(paper, 'light')
  assert.notEqual(light, ground)
  assert.notEqual(dyed, ink)
  assert.equal((await seen())[0], 'dark')
  await dim.context().close()
})

test(
  'a server killed while somebody looks is said, and the screens recover by themselves',
  { timeout: 120_000 },
  async () => {
    const watching = await newPage(browser, { lang: 'en', state })
    const rows = surveyCsv(2000)
    const many = rows + rows.slice(rows.indexOf('\n') + 1).repeat(599)
    const upload = await call(page, 'POST', '/uploads?name=many.csv', many, true)
    const preview = await call(page, 'GET', `/uploads/${upload.id}/preview?study=${study.id}`)
    const mapping = preview.columns
      .filter((column) => column.target)
      .map((column) => ({ source: column.name, target: column.target }))
    const made = await call(page, 'POST', '/imports', { upload_id: upload.id, study_id: study.id, mapping })
    await open(page, at('/gaps?study=winter'))
    await watching.goto(at(`/imports/${made.id}`))
    await watching.waitForSelector('p[role=status]:has-text("rows read")') // in the language of who reads it
    await server.kill()

    await watching.waitForSelector('[role=alert]:has-text("can’t be reached")', { timeout: 20000 })
    await page.click('nav.rail a:has-text("总览")')
    const alert = page.locator('main [role=alert]:has-text("连不上服务器")').first()
    await alert.waitFor()
    await page.waitForSelector('main .away')
    await page.click('nav.rail a:has-text("客户")')
    await page.waitForSelector('main h1:has-text("这一页还没有载入")')

    server = await startServer(server)
    await watching.waitForSelector('h1:has-text("did not finish")', { timeout: 30000 })
    assert.doesNotMatch(await watching.textContent('main dl'), /Imported/)
    await page.waitForURL(/customers/, { timeout: 30000 }) // the screen that wasn't loaded comes by itself
    await page.waitForSelector('main h1:has-text("客户")')
    assert.equal(await page.locator('main .away').count(), 0)
    await page.click('nav.rail a:has-text("总览")')
    await page.waitForSelector('main h1:has-text("最大的差距")', { timeout: 30000 })
    assert.equal(await alert.count(), 0)
    await watching.context().close()
  },
)
