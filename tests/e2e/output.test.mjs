// What is seen is the same on every screen and on paper: the newest wave by its name, one number for one thing; pages,
// pictures and files say what they are of; terms are explained; the way back undoes a choice.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { call, company, newPage, open, settled, until, violations } from './support.mjs'

let server, browser, state, study
before(async () => {
  let page
  ;({ server, browser, page, study, state } = await company())
  await page.context().close()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const signedIn = (more = {}) => newPage(browser, { lang: 'en', state, ...more })
const pillTexts = (page) => page.$$eval('.filters .pill', (all) => all.map((one) => one.textContent.trim()))

test('the newest wave is the same on Overview and Gaps, named, and goes along; all waves are chosen', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/?study=winter`)
  assert.ok((await pillTexts(page)).includes('2025–26 (newest)'))
  const gap = await page.textContent('.kpis > div:nth-child(3) .n')
  const n = /[\d\u202f]+ responses/.exec(await page.textContent('.lead p'))[0]
  await page.click('.tools a')
  await page.waitForURL(/\/gaps/)
  await settled(page)
  assert.ok((await pillTexts(page)).includes('2025–26 (newest)'))
  const basis = await page.textContent('.lead p')
  assert.ok(basis.includes(n), `${n} in ${basis}`)
  assert.ok(basis.includes(`Overall ${gap.trim()}`), `${gap} in ${basis}`)
  assert.match(basis, /95% intervals/)

  await page.click('.filters .pill >> text=2025–26')
  await page.click('.filters label:has-text("All waves")')
  await settled(page)
  assert.match(page.url(), /wave=\*/)
  assert.match(await page.textContent('.lead p'), /600 responses/)
  await page.click('nav.rail a >> nth=1')
  await settled(page)
  assert.match(page.url(), /wave=\*/)
  assert.match(await page.textContent('.lead p'), /600 responses/)
  assert.deepEqual(page.wrong, [])
  await page.context().close()
})

test('the way back undoes a choice: views, filters, the drawer', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/gaps?study=winter`)
  await page.click('.views label:has-text("Heatmap")')
  await settled(page)
  await page.click('.views label:has-text("Trend")')
  await settled(page)
  await page.goBack()
  await settled(page)
  assert.match(page.url(), /view=heat/)
  await page.goBack()
  await settled(page)
  assert.doesNotMatch(page.url(), /view=/)
  assert.equal(await page.isVisible('text=Gaps >> nth=0'), true)
  await page.context().close()
})

test('a list of one choice is used by keyboard: arrows move, Enter chooses', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/gaps?study=winter`)
  await page.focus('.filters .pill >> nth=0')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.list:popover-open')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.isVisible('.list:popover-open'), true, 'moving chooses nothing')
  assert.doesNotMatch(page.url(), /wave=/)
  await page.keyboard.press('Enter')
  await until(page, () => location.search.includes('wave='))
  assert.equal(await page.isVisible('.list:popover-open'), false)
  assert.match(decodeURIComponent(page.url()), /wave=2024–25/)
  await page.context().close()
})

test('on paper a screen is light, one or two pages, with its head and nothing to press', async () => {
  const page = await signedIn({ theme: 'dark' })
  for (const path of [
    '/?study=winter',
    '/gaps?study=winter',
    '/gaps?study=winter&view=heat',
    '/gaps?study=winter&view=map',
    '/gaps?study=winter&view=trend',
  ]) {
    await open(page, server.base + path)
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    const pages = pdf.match(/\/Type\s*\/Page\b/g).length
    assert.ok(pages >= 1 && pages <= 2, `${path}: ${pages} pages`)
    assert.match(pdf, /\/MediaBox \[0 0 59\d(\.\d+)? 84\d/, 'A4')
    assert.equal(await page.getAttribute('html', 'data-theme'), 'dark', 'the screen is as it was')
  }
  await open(page, `${server.base}/gaps?study=winter`)
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  assert.equal(await page.getAttribute('html', 'data-theme'), 'light')
  const seen = await page.evaluate(() => document.body.innerText)
  for (const part of ['Heating service', '2025–26 (newest)', 'Filters\nnone', '95% intervals', 'Mindgap'])
    assert.ok(seen.includes(part), `${part} in ${seen.slice(0, 300)}`)
  for (const gone of ['nav.rail', '.toolbar', '.views', '.tools', '.controls'])
    assert.equal(await page.isVisible(gone), false, gone)
  const [chart, card] = await page.evaluate(() =>
    ['svg.chart', '.card'].map((one) => document.querySelector(one).getBoundingClientRect().width),
  )
  assert.ok(chart <= card && card <= 690, `${chart} in ${card}`)
  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  assert.equal(await page.isVisible('nav.rail'), true)
  await page.context().close()
})

test('a file says what it is of, rounds, has both ends of an interval side by side; a picture is one', async () => {
  const page = await signedIn({ theme: 'dark' })
  await open(page, `${server.base}/gaps?study=winter&filter=region:${encodeURIComponent('东城')}`)
  const download = async (name) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click(`.tools button[aria-label="${name}"]`)])
    return readFileSync(await file.path())
  }
  const lines = (await download('Download CSV')).toString('utf8').replace('\ufeff', '').split('\r\n')
  const head = lines.filter((line) => line.replace('"', '').startsWith('#'))
  for (const part of [
    'Study: Heating service',
    'Wave: 2025–26 (newest)',
    'Filters: Region 东城',
    '95% intervals',
    'gap-',
  ])
    assert.ok(
      head.some((line) => line.includes(part)),
      `${part} in ${head}`,
    )
  const names = lines[head.length].split(',')
  assert.deepEqual(names.slice(names.indexOf('Gap'), names.indexOf('Gap') + 3), ['Gap', 'Lower end', 'Upper end'])
  for (const cell of lines[head.length + 1].split(',')) assert.ok(!/\.\d{5,}/.test(cell), cell)
  const png = await download('Download PNG')
  assert.equal(png.subarray(1, 4).toString(), 'PNG')
  assert.ok(png.readUInt32BE(16) > 1200, 'twice its size')
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark')
  await page.context().close()
})

test('a figure bears its n; the map says whether all items go with the outcome, and what is uncertain', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/?study=winter`)
  const figures = await page.$$eval('.kpis .c', (all) => all.map((one) => one.textContent))
  assert.ok(figures.length > 3 && figures.every((text) => /n \d/.test(text)), `${figures}`)
  const report = await call(page, 'GET', `/studies/${study.id}/drivers?wave=${encodeURIComponent('2025–26')}`)
  await open(page, `${server.base}/gaps?study=winter&view=map`)
  await page.waitForSelector('.basis')
  const said = await page.textContent('main')
  assert.ok(said.includes(report.finding.en), report.finding.en)
  assert.equal(
    said.includes('uncertain: under 80%'),
    report.rows.some((row) => row.quadrant_uncertain),
  )
  await page.context().close()
})

test('a term is explained on focus, tied to it for screen readers, and gone with Escape', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/?study=winter`)
  await page.focus('.kpis dt .term >> nth=2')
  await page.waitForSelector('.term-box:popover-open')
  assert.match(await page.textContent('.term-box'), /perceived minus expected/i)
  const id = await page.getAttribute('.kpis dt .term >> nth=2', 'aria-describedby')
  assert.match(await page.textContent(`#${id}`), /perceived minus expected/i)
  assert.deepEqual(await violations(page), [])
  await page.keyboard.press('Escape')
  assert.equal(await page.isVisible('.term-box'), false)
  await page.context().close()
})

test('split by a group, the groups of one item stand together', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/gaps?study=winter&by=region&level=dimension`)
  const rows = await page.$$eval('svg.chart .row', (all) => all.map((one) => one.getAttribute('aria-label')))
  const names = rows.map((row) => /Reliability|Empathy|Tangibles/.exec(row)[0])
  assert.equal(new Set(names).size, 3)
  const turns = names.filter((name, i) => name !== names[i - 1]).length
  assert.equal(turns, 3, `${names}`)
  await page.context().close()
})

test('responses are of the wave of every screen, and say how many of them stand there', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/responses?study=winter`)
  assert.match(await page.textContent('h1'), /has 300 responses in wave 2025–26\./)
  await page.waitForSelector('button:has-text("Download all 600 responses")')
  assert.equal(await page.textContent('.lead p'), '2025–26 (newest) · the first 50 of 300')
  await open(page, `${server.base}/responses?study=winter&wave=*`)
  assert.match(await page.textContent('h1'), /has 600 responses\./)
  await page.context().close()
})

test('a filter named twice in a link counts whole, and its pill says how many are chosen', async () => {
  const page = await signedIn()
  const region = (name) => `filter=region:${encodeURIComponent(name)}`
  await open(page, `${server.base}/gaps?study=winter&${region('东城')}&${region('西城')}`)
  assert.ok((await pillTexts(page)).some((pill) => /^(东|西)城 and others \(2\)$/.test(pill)))
  const total = Number(/\d+/.exec(await page.textContent('.lead p'))[0])
  const options = page.locator('.filters .list').nth(1).locator('label')
  const counts = await options.evaluateAll((all) => all.map((one) => one.textContent.replace(/\s/g, '')))
  const counted = counts.filter((one) => /^[东西]城/.test(one)).map((one) => Number(/\d+$/.exec(one)[0]))
  assert.equal(counted[0] + counted[1], total, `of the wave that is looked at: ${counts}`)
  await page.context().close()
})

test('a filter that leaves nobody draws nothing, says so and can be cleared', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/?study=winter&filter=region:nowhere`)
  await page.waitForSelector('text=None of those selected answered')
  assert.equal(await page.locator('main .card').count(), 0)
  await page.click('main button:has-text("Clear filters")')
  await page.waitForSelector('main .card')
  assert.doesNotMatch(page.url(), /filter=/)
  await page.context().close()
})

test('a link split by a group that is gone has a way on', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/gaps?study=winter&by=gone`)
  await page.click('main [role=alert] button:has-text("Not split")')
  await page.waitForSelector('svg.chart .row')
  assert.doesNotMatch(page.url(), /by=/)
  await open(page, `${server.base}/gaps?study=winter&view=map&outcome=gone`)
  await page.click('main [role=alert] button:has-text("Use the first outcome")')
  await until(page, () => !location.search.includes('outcome='))
  await page.waitForSelector('main .chart svg')
  await page.context().close()
})

test('the audit log calls things by their names', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/settings/audit`)
  const table = await page.textContent('main table')
  assert.match(table, /Heating service/)
  assert.match(table, /winter\.csv/)
  assert.doesNotMatch(table, /finish[^ ]|saved_view|01[0-9A-Z]{24}/)
  await page.context().close()
})

test('at 390 px what is wider than its place says so, and names stand whole', async () => {
  const page = await signedIn({ width: 390, height: 844 })
  await open(page, `${server.base}/gaps?study=winter&view=list`)
  const names = await page.$$eval('svg.chart .label', (all) => all.map((one) => one.textContent.trim()))
  assert.ok(
    names.every((name) => !name.includes('…')),
    `${names}`,
  )
  await open(page, `${server.base}/studies`)
  await until(page, () => document.querySelector('main .scroll')?.dataset.more === 'right')
  await page.evaluate(() => (document.querySelector('main .scroll').scrollLeft = 10_000))
  await until(page, () => document.querySelector('main .scroll')?.dataset.more === 'left')
  await page.context().close()
})

test('a customer leads to the responses; what isn’t in this wave is found in all, the customer kept', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/studies`)
  const customer = 'C-0042'
  const answers = { E1: 7, P1: 5 }
  await call(page, 'POST', `/studies/${study.id}/responses`, { answers, customer, wave: '2024–25' })
  const asked = '/responses?study=winter&customer=c-00'
  await open(page, server.base + asked)
  assert.match(await page.textContent('h1'), /No such responses/)
  await page.click('button:has-text("Look in all waves")')
  await page.waitForSelector('h1:has-text("One response found")')
  assert.equal(await page.inputValue('.controls .part input'), 'c-00')
  await page.click('tbody td:last-child') // anywhere in the row
  await page.waitForSelector('dialog h2:has-text("C-0042 · 2024–25")')
  await open(page, `${server.base}/customers?study=winter`)
  await page.click('tbody tr:has-text("C-0042") td:last-child')
  await page.click('dialog a:has-text("See responses")')
  await page.waitForSelector('h1:has-text("One response found")')
  assert.equal(new URL(page.url()).searchParams.get('customer'), customer)
  await page.context().close()
})

test('responses are found by an answer and read with their questions', async () => {
  const page = await signedIn()
  await open(page, `${server.base}/responses?study=winter&column=P2&order=lowest`)
  const answers = await page.$$eval('tbody tr td:nth-child(2)', (all) => all.map((one) => Number(one.textContent)))
  assert.ok(answers.length === 50 && answers.every((value, i) => i === 0 || value >= answers[i - 1]), `${answers}`)
  await page.click('text=Load more')
  await until(page, () => document.querySelectorAll('tbody tr').length === 100)
  await page.click('tbody th button')
  assert.match(await page.textContent('dialog[open] dl >> nth=1'), /Bills are right.*Perceived.*P2/s)
  await page.keyboard.press('Escape')
  const wave = encodeURIComponent('2025–26')
  const found = await call(page, 'GET', `/studies/${study.id}/responses/search?column=P2&value=3&wave=${wave}`)
  await page.fill('[role=search] input[maxlength]', '3')
  await page.keyboard.press('Enter')
  await until(page, () => location.search.includes('value=3'))
  await settled(page)
  assert.ok((await page.textContent('h1')).startsWith(`${found.total} responses found`))
  assert.deepEqual(page.wrong, [])
  await page.context().close()
})
