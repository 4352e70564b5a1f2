// The System screen: nothing wrong; a study that stops, is seen and counted, is mended and tried again by the button;
// a disk that is nearly full; an erasure that fails; a server that is away; a hidden page that asks for nothing.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { call, company, newPage, open, seed, settled, until, violations } from './support.mjs'

const SQL = [
  'import sqlite3, sys',
  'db = sqlite3.connect(sys.argv[1], timeout=20)',
  'db.execute(sys.argv[2], sys.argv[3:])',
  'db.commit()',
].join('\n')
let server, browser, page, state, study, other, document
before(async () => {
  ;({ server, browser, page, study, state } = await company({ lang: 'en' }))
  other = await seed(page, 'perceptions', false)
  await call(page, 'POST', `/studies/${study.id}/responses`, { answers: { P1: 4 } }) // a row of its own: addEntry
  document = JSON.stringify((await call(page, 'GET', `/studies/${study.id}`)).document)
})
after(async () => {
  await browser?.close()
  await server?.stop()
})
const at = (path) => server.base + path
const roomy = { free: 60e9, total: 100e9 }
const heading = () => page.textContent('main h1')
/** Writes to the record behind the server's back. */
const write = (sql, ...values) =>
  execFileSync('python3', ['-c', SQL, join(server.data, 'record.sqlite'), sql, ...values])
const setDocument = (text) => write('UPDATE study SET document = ?, version = version + 1 WHERE id = ?', text, study.id)
/** An answer that came in before the document was spoiled and is to be applied after. */
const addEntry = () =>
  write(
    `INSERT INTO event (org_id, kind, stream_id, subject_id, at) SELECT org_id, 'response', id,
     (SELECT id FROM response WHERE study_id = study.id LIMIT 1), 1 FROM study WHERE id = ?`,
    study.id,
  )

/** What the server says, altered: this machine's disk may be low, and some faults can't be made at will. */
function alter(target, change) {
  return target.route('**/api/v1/system', async (route) => {
    const answer = await route.fetch()
    const system = { ...(await answer.json()), disk: roomy }
    await route.fulfill({ response: answer, json: { ...system, ...change(system) } })
  })
}
const nothing = () => ({})

test('nothing is wrong, and the screen says so in one sentence', async () => {
  await alter(page, nothing)
  await open(page, at('/'))
  await page.click('nav.rail a:has-text("System status")')
  await page.waitForSelector('main h1:has-text("Everything is level")')
  assert.equal(await page.textContent('svg.chart g.row .value'), 'level')
  assert.equal(await page.locator('nav.rail .count').count(), 0)
  assert.match(await page.textContent('main table'), /Shorten the log/)
})

test('a follower’s place is told in a table too', async () => {
  await page.click('button[aria-label="Table"]')
  assert.match(await page.textContent('main table >> nth=0'), /Analyses/)
  await page.click('button[aria-label="Table"]')
})

test('a study whose entry can’t be applied is named, with the reason, and counted in the menu', async () => {
  setDocument('{}')
  addEntry()
  await page.waitForSelector('main h1:has-text("waits because a log entry couldn’t be applied")', { timeout: 15000 })
  assert.match(await heading(), /Heating service/)
  assert.match(
    await page.textContent('main li.setAside'),
    /A response couldn’t be brought into the analyses.*tried once/s,
  )
  assert.equal(await page.textContent('nav.rail .count [aria-hidden]'), '1')
  const why = page.locator('main li.setAside details')
  await why.locator('summary').click()
  assert.ok((await why.locator('[lang=en]').textContent()).length > 10)
  assert.equal(await page.getAttribute('main li.setAside a', 'href'), `/studies/${study.id}`)
})

test('other studies go on', async () => {
  await call(page, 'POST', `/studies/${other.id}/responses`, { answers: { P1: 4 } })
  await until(page, () => document.querySelector('svg.chart g.row .value')?.textContent === 'level but one')
})

test('tried again while the cause is still there, it stops again and says so', async () => {
  await page.locator('main li.setAside button').focus()
  await page.keyboard.press('Enter')
  await page.waitForSelector('.toasts p.wrong:has-text("stopped again")', { timeout: 15000 })
  await page.waitForSelector('main li.setAside button:not([disabled])')
})

test('mended and tried again by the button, it is level', async () => {
  setDocument(document)
  await page.click('main li.setAside button')
  await page.waitForSelector('.toasts p:has-text("is level again")', { timeout: 15000 })
  await page.waitForSelector('main h1:has-text("Everything is level")')
  assert.equal(await page.locator('nav.rail .count').count(), 0)
  assert.deepEqual(page.wrong, [])
})

const wrong = (system) => ({
  disk: { free: 1.2e9, total: 48e9 },
  columns: { open: true, problem: 'The file was damaged.', reopened: 2, set_aside: 1 },
  followers: [
    {
      ...system.followers[0],
      waiting: 1204,
      held: 5,
      set_aside: 1,
      erasures: 1,
      note: 'made anew',
      noted_at: '2026-01-18T21:40:00Z',
    },
  ],
  held: [
    {
      follower: 'columns',
      study_id: study.id,
      title: study.title,
      state: 'set_aside',
      rebuilding: false,
      kind: 'response',
      sequence: 7,
      message: 'It has no items.',
      attempts: 1,
      since: '2026-01-18T21:40:00Z',
    },
    {
      follower: 'columns',
      study_id: other.id,
      title: other.title,
      state: 'retry',
      rebuilding: false,
      kind: 'erase',
      sequence: 9,
      message: 'The disk is full.',
      attempts: 5,
      retry_at: new Date(Date.now() + 60000).toISOString(),
      since: '2026-01-18T21:41:00Z',
    },
    {
      follower: 'columns',
      study_id: other.id.slice(0, -1) + '0',
      title: {},
      state: 'bulk',
      rebuilding: true,
      attempts: 0,
      since: '2026-01-18T21:42:00Z',
    },
  ],
  schedule: system.schedule.map((job, i) => (i ? job : { ...job, message: 'The disk is full.' })),
})

for (const [lang, theme, width] of [
  ['zh-CN', 'light', 390],
  ['zh-CN', 'dark', 1440],
  ['en', 'light', 1440],
  ['en', 'dark', 390],
])
  test(
    `with everything wrong it is accessible and nothing scrolls sideways: ${lang}, ${theme}, ${width} px`,
    { timeout: 60_000 },
    async () => {
      const other = await newPage(browser, { lang, theme, width, state })
      await alter(other, wrong)
      await open(other, at('/system'))
      await other.waitForSelector('main li.erasure')
      for (const summary of await other.locator('main details summary').all()) await summary.click()
      assert.deepEqual(await violations(other), [])
      assert.equal(
        await other.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        0,
      )
      assert.doesNotMatch(await other.evaluate(() => document.body.innerText), /system\.[a-zA-Z.]+/)
      assert.match(
        await other.getAttribute('main li:first-of-type', 'class'),
        /erasure/,
        'an erasure that fails comes first',
      )
      assert.match(
        await other.textContent('main h1'),
        lang === 'en' ? /An erasure in “Perceptions only”/ : /“只问感知”有一处抹除/,
      )
      assert.equal(await other.locator(width === 390 ? '.phonebar .dot' : 'nav.rail .count').count(), 1)
      await other.emulateMedia({ media: 'print' })
      await other.evaluate(() => dispatchEvent(new Event('beforeprint')))
      const page = await other.locator('body').boundingBox() // as wide as the paper
      const main = await other.locator('main').boundingBox()
      assert.ok(main.width > page.width * 0.9, 'on paper the menu leaves its room')
      assert.deepEqual(other.wrong, [])
      await other.context().close()
    },
  )

test('a server that is away is said, and what was seen stays', async () => {
  const other = await newPage(browser, { lang: 'en', state })
  await alter(other, nothing)
  await open(other, at('/system'))
  await other.unroute('**/api/v1/system')
  await other.route('**/api/v1/system', (route) => route.abort('connectionrefused'))
  await other.waitForSelector('[role=alert]:has-text("What you see is the last result")', { timeout: 15000 })
  assert.match(await other.textContent('main h1'), /Everything is level/)
  await other.unroute('**/api/v1/system')
  await alter(other, nothing)
  await until(other, () => !document.querySelector('[role=alert]'), 15000)
  await other.context().close()
})

test('a hidden page asks for nothing; shown again it asks at once', { timeout: 60_000 }, async () => {
  const other = await newPage(browser, { lang: 'en', state })
  let asked = 0
  other.on('request', (request) => request.url().endsWith('/api/v1/system') && asked++)
  const show = (hidden) =>
    other.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })
      document.dispatchEvent(new Event('visibilitychange'))
    }, hidden)
  await open(other, at('/system'))
  await show(true)
  const before = asked
  await other.waitForTimeout(6500) // longer than the pause between two looks
  assert.equal(asked, before)
  await show(false)
  await settled(other)
  assert.ok(asked > before)
  await other.context().close()
})

test('who may only look at results has neither the entry nor the numbers', async () => {
  await call(page, 'POST', '/users', {
    name: 'Viewer',
    email: 'viewer@example.org',
    password: 'another long phrase',
    role: 'viewer',
    language: 'en',
  })
  const viewer = await newPage(browser, { lang: 'en' })
  await open(viewer, server.base)
  await viewer.fill('input[name=email]', 'viewer@example.org')
  await viewer.fill('input[name=password]', 'another long phrase')
  await viewer.click('button.primary')
  await viewer.waitForSelector('nav.rail')
  assert.equal(await viewer.locator('nav.rail a:has-text("System status")').count(), 0)
  await open(viewer, at('/system'))
  assert.match(await viewer.textContent('main h1'), /for the roles Analyst, Owner/)
  assert.deepEqual(viewer.wrong, [], 'nor does the page ask for them')
  await viewer.context().close()
})
