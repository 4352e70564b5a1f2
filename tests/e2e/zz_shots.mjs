import { launch } from './support.mjs'
import { mkdirSync, readFileSync } from 'node:fs'
const base = process.env.BASE ?? 'http://127.0.0.1:18183'
const out = '/tmp/B/shots'
mkdirSync(out, { recursive: true })
// args: lang,theme,width[,pdf] path...
const [mode, ...paths] = process.argv.slice(2)
const [lang, theme, width, pdf] = mode.split(',')
const browser = await launch()
const context = await browser.newContext({
  locale: lang,
  viewport: { width: +width, height: +width < 500 ? 844 : 900 },
  acceptDownloads: true,
})
await context.addInitScript(
  ([l, t]) => {
    localStorage.setItem('mindgap.locale', l)
    localStorage.setItem('mindgap.theme', t)
  },
  [lang, theme],
)
const page = await context.newPage()
page.on('pageerror', (e) => console.log('ERR', String(e)))
page.on('console', (m) => m.type() === 'error' && console.log('CON', m.text()))
await page.goto(base)
await page.waitForSelector('input[name=email]', { timeout: 30000 })
await page.fill('input[name=email]', 'demo@mindgap.example')
await page.fill('input[name=password]', 'mindgap-demo')
await page.click('button.primary')
await page.waitForSelector('nav.rail, nav.phonebar', { timeout: 20000, state: 'attached' })
let i = 0
for (const path of paths) {
  const [url, name, action] = path.split('@')
  await page.goto(base + url)
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(900)
  if (action) {
    await eval(`(async()=>{${action}})()`)
    await page.waitForTimeout(400)
  }
  const file = `${out}/${name ?? i++}-${lang}-${theme}-${width}`
  if (pdf) await page.pdf({ path: file + '.pdf', preferCSSPageSize: true })
  else await page.screenshot({ path: file + '.png', fullPage: true })
  console.log(file)
}
await browser.close()
