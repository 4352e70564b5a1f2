// What the browser tests share: the real program on a free port with a data folder of its own, Chromium, pages that
// record what must not happen (console errors, failed requests, violations of the content policy), and a small survey
// with a known answer. The program is $MINDGAP_BIN or $MINDGAP, else build/mindgap.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const root = new URL('../../', import.meta.url).pathname
const binary = process.env.MINDGAP_BIN ?? process.env.MINDGAP ?? join(root, 'build/mindgap')
const axe = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
export const owner = {
  organisation: '北辰热力',
  name: '林晓',
  email: 'lin@example.org',
  password: 'a long pass phrase',
}

/** A server of its own; `again` are the folder and the address of one that was killed. */
export async function startServer(again) {
  const data = again?.data ?? mkdtempSync(join(tmpdir(), 'mindgap-e2e-'))
  const listen = again ? new URL(again.base).host : '127.0.0.1:0'
  const child = spawn(binary, ['serve', '--data', data, '--listen', listen, '--log', 'warn', '--lang', 'en'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk) => (log += chunk))
  const base = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log}`)))
    child.stdout.on('data', (chunk) => {
      const found = /http:\/\/[^\s]+/.exec(String(chunk))
      if (found) resolve(found[0])
    })
  })
  async function stop() {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    }
    rmSync(data, { recursive: true, force: true })
  }
  async function kill() {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
  return { base, data, stop, kill }
}

export async function launch() {
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
  if (!path) throw new Error('Chromium is missing: apt-get install chromium')
  return chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  })
}

/** A page in a context of its own; `page.wrong` collects what must not happen. */
export async function newPage(browser, { lang = 'zh-CN', theme = 'light', width = 1440, height = 900, state } = {}) {
  const context = await browser.newContext({
    locale: lang,
    viewport: { width, height },
    storageState: state,
    acceptDownloads: true,
    reducedMotion: 'reduce',
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await context.addInitScript(
    (chosen) => {
      for (const [key, value] of Object.entries(chosen))
        if (localStorage.getItem(key) === null) localStorage.setItem(key, value)
    },
    { 'mindgap.locale': lang, 'mindgap.theme': theme },
  )
  const page = await context.newPage()
  page.setDefaultTimeout(8000)
  page.wrong = []
  const expected = /status of 401/ // the question "who am I" before signing in
  page.on(
    'console',
    (message) => message.type() === 'error' && !expected.test(message.text()) && page.wrong.push(message.text()),
  )
  page.on('pageerror', (error) => page.wrong.push(String(error)))
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`),
    ),
  )
  return page
}

/** Opens an address and waits until its numbers are there. */
export async function open(page, url) {
  await page.goto(url)
  await settled(page)
}

export async function settled(page) {
  await page.waitForLoadState('networkidle')
  await until(
    page,
    () => !document.querySelector('[aria-busy="true"]') && document.querySelector('#app')?.childElementCount,
  )
  await page.waitForTimeout(150) // charts draw in the next frames
}

/** Waits until `what`, run in the page, is true. (Playwright's own wait needs eval; the content policy forbids it.) */
export async function until(page, what, limit = 8000) {
  for (const end = Date.now() + limit; ; await page.waitForTimeout(50)) {
    if (await page.evaluate(what)) return
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`)
  }
}

/** Violations of axe-core in the page, a line each. */
export async function violations(page) {
  await page.evaluate(axe + ';0')
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      // Experimental; it can't see that a row's name says in words what the drawing writes as "−2.46 ±0.08".
      rules: { 'label-content-name-mismatch': { enabled: false } },
    }),
  )
  return result.violations.flatMap((v) =>
    v.nodes.map((node) => `${v.id}: ${node.target.join(' ')} — ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`),
  )
}

const SHIFTS = { 1: -2, 4: 0.5 } // of what is perceived, by item; the others fall by 1

/** A survey whose answers are known: item 2 falls 2 short, item 5 exceeds by 0.5, the rest fall 1 short; wave 2 is
 * worse by 0.5. */
export function surveyCsv(rows = 600) {
  let seed = 20261122
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
  const items = 6
  const clamp = (value) => Math.max(1, Math.min(7, Math.round(value)))
  const names = Array.from({ length: items }, (_, i) => i + 1)
  const lines = [['id', 'region', 'wave', ...names.map((i) => `E${i}`), ...names.map((i) => `P${i}`), 'nps'].join(',')]
  for (let row = 0; row < rows; row++) {
    const wave = row % 2
    const mood = random() - 0.5
    const expected = names.map(() => clamp(5.6 + random() * 1.6))
    const perceived = expected.map((e, i) => clamp(e + mood + (SHIFTS[i] ?? -1) - 0.5 * wave + (random() - 0.5) * 2))
    const region = row < 3 ? '岛屿' : ['东城', '西城', '高新'][row % 3]
    lines.push(
      [
        row + 1,
        region,
        ['2024–25', '2025–26'][wave],
        ...expected,
        ...perceived,
        clamp(5 + mood * 4 + random() * 2) + 2,
      ].join(','),
    )
  }
  return lines.join('\n') + '\n'
}

const text = (zh, en) => ({ 'zh-CN': zh, en })
const dimension = ['reliability', 'reliability', 'empathy', 'empathy', 'tangibles', 'tangibles']
const touchpoint = ['repair', 'billing', 'repair', 'billing', 'repair', 'billing']
const labels = [
  text('说到做到', 'Keeps its word'),
  text('账单准确', 'Bills are right'),
  text('体谅难处', 'Understands trouble'),
  text('耐心解释', 'Explains patiently'),
  text('设备整洁', 'Tidy equipment'),
  text('账单清楚', 'Bills are clear'),
]

export function studyDocument(code = 'winter', withExpectation = true) {
  return {
    study: code,
    title: withExpectation ? text('供热服务', 'Heating service') : text('只问感知', 'Perceptions only'),
    dimensions: [
      { code: 'reliability', label: text('可靠性', 'Reliability') },
      { code: 'empathy', label: text('移情性', 'Empathy') },
      { code: 'tangibles', label: text('有形性', 'Tangibles') },
    ],
    touchpoints: [
      { code: 'repair', label: text('故障抢修', 'Repair'), stage: 'during' },
      { code: 'billing', label: text('缴费', 'Billing'), stage: 'after' },
    ],
    items: labels.map((label, i) => ({
      code: `q${i + 1}`,
      label,
      dimension: dimension[i],
      touchpoint: touchpoint[i],
      scale: { min: 1, max: 7 },
      perception: `P${i + 1}`,
      ...(withExpectation ? { expectation: `E${i + 1}` } : {}),
    })),
    outcomes: [{ code: 'nps', label: text('净推荐值', 'NPS'), kind: 'nps', column: 'nps', scale: { min: 0, max: 10 } }],
    groups: [{ code: 'region', label: text('区域', 'Region'), column: 'region' }],
    wave: 'wave',
    id: 'id',
  }
}

/** Calls the API as the page's signed-in user. */
export function call(page, method, path, body, raw = false) {
  return page.evaluate(
    async ([method, path, body, raw]) => {
      const session = await (await fetch('/api/v1/session')).json()
      const headers = {
        'X-CSRF-Token': session.csrf_token,
        'Content-Type': raw ? 'application/octet-stream' : 'application/json',
      }
      const answer = await fetch('/api/v1' + path, {
        method,
        headers,
        body: raw ? body : JSON.stringify(body),
      })
      const result = answer.status === 204 ? null : await answer.json()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(result)}`)
      return result
    },
    [method, path, body, raw],
  )
}

/** First run through the screen: the organisation, its owner. */
export async function setUp(page, base) {
  await page.goto(base)
  for (const [name, value] of Object.entries(owner)) await page.fill(`input[name=${name}]`, value)
  await page.click('button.primary')
  await page.waitForSelector('nav.rail, nav.phonebar')
}

/** Signed in, nothing else remembered: the `state` of a new page. */
export const signedIn = async (page) => ({ ...(await page.context().storageState()), origins: [] })

/** A server with its owner signed in on a page of these options, and the study “winter”. */
export async function company(options = {}) {
  const server = await startServer()
  const browser = await launch()
  const page = await newPage(browser, options)
  await setUp(page, server.base)
  const study = await seed(page)
  return { server, browser, page, study, state: await signedIn(page) }
}

/** A study with its answers, made through the API. */
export async function seed(page, code = 'winter', withExpectation = true, csv = surveyCsv()) {
  const study = await call(page, 'POST', '/studies', { document: studyDocument(code, withExpectation) })
  const upload = await call(page, 'POST', '/uploads?name=winter.csv', csv, true)
  const preview = await call(page, 'GET', `/uploads/${upload.id}/preview?study=${study.id}`)
  const mapping = preview.columns
    .filter((column) => column.target)
    .map((column) => ({ source: column.name, target: column.target }))
  const made = await call(page, 'POST', '/imports', { upload_id: upload.id, study_id: study.id, mapping })
  for (let i = 0; i < 200; i++) {
    const job = await call(page, 'GET', `/jobs/${made.job_id}`) // done when the analyses have the answers
    if (job.state === 'done') return study
    if (!['queued', 'running'].includes(job.state)) throw new Error(`import ${job.state}: ${job.message}`)
    await page.waitForTimeout(50)
  }
  throw new Error('the import did not end')
}

export function writeSurvey(folder) {
  const path = join(folder, 'winter-survey.csv')
  writeFileSync(path, surveyCsv())
  return path
}
