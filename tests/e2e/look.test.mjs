// Every screen, in both languages and both themes, from phone to wall: no violation that axe-core knows, no sideways
// scroll, no raw key, no console error; and Overview is light (bench/bench_paint.mjs says how quick).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call, company, newPage, open, seed, violations } from './support.mjs'

let server, browser, state, pickable
before(async () => {
  let page, study
  ;({ server, browser, page, study, state } = await company())
  await seed(page, 'perceptions', false)
  await call(page, 'POST', '/dimensions', {
    framework: 'own',
    code: 'warmth',
    label: { 'zh-CN': '温暖', en: 'Warmth' },
  })
  await call(page, 'POST', '/touchpoints', { code: 'visit', label: { 'zh-CN': '上门', en: 'Visit' }, stage: 'during' })
  await call(page, 'POST', '/views', { name: 'Dimensions', path: '/gaps?level=dimension', shared: true })
  const upload = await call(page, 'POST', '/uploads?name=again.csv', 'a,b\n1,2\n', true)
  pickable = { study: study.id, upload: upload.id }
  await page.context().close()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const screens = () => [
  '/',
  '/?study=perceptions',
  '/gaps?study=winter',
  '/gaps?study=winter&view=heat',
  '/gaps?study=winter&view=heat&by=region&level=dimension',
  '/gaps?study=winter&view=map',
  '/gaps?study=winter&view=trend&level=dimension',
  '/gaps?study=winter&pick=item:q2',
  '/gaps?study=perceptions',
  '/studies',
  `/studies/${pickable.study}`,
  '/imports',
  '/imports/new',
  `/imports/new?upload=${pickable.upload}&study=winter`,
  '/responses?study=winter',
  '/customers',
  '/settings/me',
  '/settings/views',
  '/settings/dimensions',
  '/settings/touchpoints',
  '/settings/organisation',
  '/settings/users',
  '/settings/keys',
  '/settings/audit',
  '/system',
  '/nowhere',
]
const groups = [
  'nav shell stage action field error gaps overview level term verdict table chart zone map',
  'imports studies settings keys views audit role change filter system',
]
const rawKey = new RegExp(`\\b(?:${groups.join(' ').replaceAll(' ', '|')})\\.[a-zA-Z.]+\\b`)

async function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

for (const [lang, theme] of [
  ['zh-CN', 'light'],
  ['zh-CN', 'dark'],
  ['en', 'light'],
  ['en', 'dark'],
])
  test(`every screen is accessible and complete: ${lang}, ${theme}`, { timeout: 240_000 }, async () => {
    const page = await newPage(browser, { lang, theme, state })
    const found = []
    for (const path of screens()) {
      await open(page, server.base + path)
      found.push(...(await violations(page)).map((line) => `${path} ${line}`))
      assert.doesNotMatch(await page.evaluate(() => document.body.innerText), rawKey, path)
      assert.equal(await page.getAttribute('html', 'data-theme'), theme)
      assert.deepEqual(page.wrong, [], path)
    }
    assert.deepEqual(found, [])
    await page.context().close()
  })

for (const width of [390, 1440, 2560])
  test(`nothing scrolls sideways at ${width} px`, { timeout: 240_000 }, async () => {
    const page = await newPage(browser, {
      lang: width === 390 ? 'en' : 'zh-CN',
      width,
      height: width === 390 ? 844 : 1000,
      state,
    })
    for (const path of screens()) {
      await open(page, server.base + path)
      assert.equal(await sideways(page), 0, path)
    }
    if (width === 390) assert.deepEqual(await violations(page), [])
    await page.context().close()
  })

test('sign-in is accessible in both themes', async () => {
  for (const theme of ['light', 'dark']) {
    const page = await newPage(browser, { theme })
    await open(page, server.base)
    await page.waitForSelector('input[name=password]')
    assert.deepEqual(await violations(page), [])
    await page.context().close()
  }
})

test('a server that is away is explained, and work goes on when it is back', async () => {
  const page = await newPage(browser, { lang: 'en', state })
  await open(page, `${server.base}/gaps?study=winter`)
  await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'))
  await page.click('main .controls label:has-text("Dimension") >> nth=0')
  await page.click('.views label:has-text("Importance")')
  await page.waitForSelector('[role=alert]')
  assert.match(await page.textContent('[role=alert]'), /can’t be reached/)
  await page.unroute('**/api/v1/**')
  await page.waitForSelector('.chart svg', { state: 'attached' })
  await page.context().close()
})

test('Overview: JavaScript at most 350 kB compressed, and a handful of files before anything is seen', async () => {
  const page = await newPage(browser, { state })
  let bytes = 0
  const session = await page.context().newCDPSession(page)
  const scripts = new Set()
  await session.send('Network.enable')
  session.on('Network.responseReceived', ({ requestId, type }) => type === 'Script' && scripts.add(requestId))
  session.on(
    'Network.loadingFinished',
    ({ requestId, encodedDataLength }) => scripts.has(requestId) && (bytes += encodedDataLength),
  )
  await open(page, `${server.base}/?study=winter`)
  await page.waitForSelector('.chart svg path', { state: 'attached' })
  const html = await (await page.request.get(server.base)).text()
  const first = html.match(/<link[^>]*(modulepreload|stylesheet)/g).length
  const size = `${Math.round(bytes / 1000)} kB of JavaScript on the wire`
  console.log(`# Overview: ${size}`)
  assert.ok(bytes > 50_000 && bytes <= 350_000, `${bytes} bytes`)
  assert.ok(first <= 4, `${first} files beside the program's own`)
  await page.context().close()
})
