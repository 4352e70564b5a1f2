// Nothing that was typed is lost: a session that ends, a page or a drawer that is left, a reload, a change by somebody
// else; and who may not do something isn't offered it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  call,
  company,
  newPage,
  open,
  owner,
  settled,
  studyDocument,
  surveyCsv,
  until,
  violations,
} from './support.mjs'

let server, browser, page, study, state
before(async () => {
  ;({ server, browser, page, study, state } = await company())
})
after(async () => {
  await browser?.close()
  await server?.stop()
})
const at = (path) => server.base + path
const shown = (where, text) => where.waitForSelector(`text=${text}`)
/** The session ends behind the page's back. */
const end = (where) => where.context().clearCookies()
const unlock = async (where) => {
  await where.fill('dialog input[name=password]', owner.password)
  await where.click('dialog button.primary')
  await until(where, () => !document.querySelector('dialog input[name=password]'))
}

test('a session that ends under a long form: one question over the page, and it is saved', async () => {
  const mine = await newPage(browser, { state })
  await open(mine, at(`/studies/${study.id}`))
  const text = await mine.inputValue('textarea')
  await mine.fill('textarea', text.replace('账单清楚', '账单一目了然'))
  await end(mine)
  await mine.click('button.primary:has-text("保存")')
  await shown(mine, '登录已失效')
  assert.equal(await mine.locator('dialog[open]').count(), 1)
  assert.deepEqual(await violations(mine), [])
  await mine.fill('dialog input[name=password]', 'not the password')
  await mine.click('dialog button.primary')
  await mine.waitForSelector('dialog [role=alert]')
  await unlock(mine)
  await mine.waitForSelector('.toasts p:has-text("已保存")')
  const saved = await call(page, 'GET', `/studies/${study.id}`)
  assert.equal(saved.document.items[5].label['zh-CN'], '账单一目了然')
  await mine.context().close()
})

test('several requests that fail at once ask once; all of them go on', async () => {
  const mine = await newPage(browser, { state: { ...(await page.context().storageState()), origins: [] } })
  await open(mine, at('/studies'))
  await end(mine)
  await mine.click('nav.rail a:has-text("总览")') // overview, document, facets
  await shown(mine, '登录已失效')
  await mine.waitForTimeout(300)
  assert.equal(await mine.locator('dialog[open]').count(), 1)
  await unlock(mine)
  await mine.waitForSelector('main h1:has-text("最大的差距")')
  await mine.context().close()
})

test('signed in again in another tab, this one goes on by itself; somebody else goes to the sign-in page', async () => {
  const mine = await newPage(browser, { state: { ...(await page.context().storageState()), origins: [] } })
  await open(mine, at('/studies'))
  await end(mine)
  await mine.click('nav.rail a:has-text("客户")')
  await shown(mine, '登录已失效')
  const other = await mine.context().newPage()
  await other.goto(at('/'))
  await other.fill('input[name=email]', owner.email)
  await other.fill('input[name=password]', owner.password)
  await other.click('button.primary')
  await other.waitForSelector('nav.rail')
  await mine.evaluate(() => dispatchEvent(new Event('focus')))
  await until(mine, () => !document.querySelector('dialog[open]'))
  await mine.waitForSelector('main:has-text("客户")')
  await mine.context().clearCookies()
  await mine.click('nav.rail a:has-text("导入")')
  await shown(mine, '登录已失效')
  await mine.click('dialog button:has-text("换人登录")')
  await mine.waitForSelector('input[name=email]')
  await mine.context().close()
})

test('what is typed beside a draft on offer, and the draft: both are kept', async () => {
  const mine = await newPage(browser, { state: { ...(await page.context().storageState()), origins: [] } })
  const address = at(`/studies/${study.id}`)
  const text = () => mine.inputValue('textarea')
  const write = async (words) => {
    await mine.fill('textarea', words)
    await mine.waitForTimeout(600) // it is kept after a pause
    await open(mine, address)
  }
  mine.on('dialog', (dialog) => dialog.accept()) // the browser's own question before a reload
  await open(mine, address)
  await write('{"first": 1}')
  await write('{"second": 2}')
  await mine.click('button:has-text("接着写")')
  assert.equal(await text(), '{"second": 2}')
  await mine.click('button:has-text("接着写")')
  assert.equal(await text(), '{"first": 1}')
  await mine.click('button:has-text("接着写")')
  assert.equal(await text(), '{"second": 2}')
  await mine.context().close()
})

test('leaving, closing a drawer and reloading ask or keep; the text is offered again', async () => {
  const mine = await newPage(browser, { state: { ...(await page.context().storageState()), origins: [] } })
  await open(mine, at('/settings/dimensions'))
  await mine.click('button.primary:has-text("添加")')
  await mine.fill('dialog input[name=code]', 'warmth')
  await mine.keyboard.press('Escape')
  await shown(mine, '有改动没有保存')
  assert.deepEqual(await violations(mine), [])
  await mine.click('dialog button:has-text("继续编辑")')
  assert.equal(await mine.inputValue('dialog input[name=code]'), 'warmth')
  await mine.click('dialog button[aria-label="关闭"]')
  await mine.click('dialog button:has-text("离开")')
  await until(mine, () => !document.querySelector('dialog[open]'))
  await mine.click('button.primary:has-text("添加")')
  await mine.click('dialog button:has-text("接着写")')
  assert.equal(await mine.inputValue('dialog input[name=code]'), 'warmth')
  await mine.click('dialog button[aria-label="关闭"]')
  await mine.click('dialog button:has-text("丢掉改动")')
  await mine.click('button.primary:has-text("添加")')
  await mine.waitForTimeout(100)
  assert.equal(await mine.locator('dialog button:has-text("接着写")').count(), 0)
  await mine.keyboard.press('Escape')

  await open(mine, at(`/studies/${study.id}`))
  const text = await mine.inputValue('textarea')
  await mine.fill('textarea', text + '\n')
  await mine.waitForTimeout(500)
  await mine.click('nav.rail a:has-text("总览")')
  await shown(mine, '有改动没有保存')
  await mine.click('dialog button:has-text("继续编辑")')
  assert.match(mine.url(), /studies/)
  let asked = 0
  mine.on('dialog', (dialog) => (asked++, dialog.accept()))
  await mine.reload()
  assert.equal(asked, 1, 'the browser asks before a reload')
  await settled(mine)
  await mine.click('button:has-text("接着写")')
  assert.equal(await mine.inputValue('textarea'), text + '\n')
  await mine.click('nav.rail a:has-text("总览")')
  await mine.click('dialog button:has-text("丢掉改动")')
  await mine.waitForSelector('main h1:has-text("最大的差距")')
  await mine.context().close()
})

test('two people change one study: part by part, then saved with both', async () => {
  const fresh = { ...(await page.context().storageState()), origins: [] }
  const [mine, theirs] = [
    await newPage(browser, { state: fresh }),
    await newPage(browser, { state: fresh, lang: 'en' }),
  ]
  await open(mine, at(`/studies/${study.id}`))
  await open(theirs, at(`/studies/${study.id}`))
  const change = async (where, ...pairs) => {
    let text = await where.inputValue('textarea')
    for (const [from, to] of pairs) text = text.replace(from, to)
    await where.fill('textarea', text)
  }
  await change(theirs, ['说到做到', '对方：说到做到'], ['耐心解释', '对方：耐心解释'])
  await theirs.click('button.primary:has-text("Save")')
  await theirs.waitForSelector('.toasts p:has-text("Saved")')
  await change(mine, ['说到做到', '我：说到做到'], ['设备整洁', '我：设备整洁'])
  await mine.click('button.primary:has-text("保存")')
  await shown(mine, '别人刚改过这一项')
  const parts = mine.locator('dialog fieldset')
  assert.equal(await parts.count(), 3)
  assert.deepEqual(await violations(mine), [])
  assert.match(await parts.nth(0).textContent(), /题目 q1 · 名称[^]*原来的[^]*对方的[^]*您的/)
  assert.equal(await mine.isDisabled('dialog button:has-text("按所选保存")'), true, 'both changed it')
  await parts.nth(0).locator('label:has-text("对方的")').click()
  await mine.click('dialog button:has-text("按所选保存")')
  await mine.waitForSelector('.toasts p:has-text("已保存")')
  const names = (await call(page, 'GET', `/studies/${study.id}`)).document.items.map((item) => item.label['zh-CN'])
  assert.equal(names[0], '对方：说到做到')
  assert.equal(names[3], '对方：耐心解释')
  assert.equal(names[4], '我：设备整洁')
  assert.match(await mine.inputValue('textarea'), /对方：耐心解释/)
  await mine.context().close()
  await theirs.context().close()
})

test('two people change one dimension; a code that is taken is no edit conflict', async () => {
  const made = await call(page, 'POST', '/dimensions', { framework: 'own', code: 'ours', label: { 'zh-CN': '原名' } })
  const mine = await newPage(browser, { state: { ...(await page.context().storageState()), origins: [] } })
  await open(mine, at('/settings/dimensions'))
  await mine.click('main tr:has-text("原名") button.link')
  await call(page, 'PUT', `/dimensions/${made.id}`, {
    framework: 'own',
    code: 'ours',
    label: { 'zh-CN': '对方的名' },
    version: made.version,
  })
  await mine.fill('dialog label:has-text("中文名称") input', '我的名')
  await mine.click('dialog button.primary')
  await shown(mine, '别人刚改过这一项')
  await mine.locator('dialog fieldset label:has-text("您的")').click()
  await mine.click('dialog button:has-text("按所选保存")')
  await mine.waitForSelector('main tr:has-text("我的名")')
  await mine.click('button.primary:has-text("添加")')
  await mine.fill('dialog input[name=code]', 'ours')
  await mine.fill('dialog label:has-text("中文名称") input', '同码的名')
  await mine.selectOption('dialog select', 'own')
  await mine.click('dialog button.primary')
  await mine.click('dialog [role=alert] button:has-text("换个代码")')
  assert.equal(await mine.evaluate(() => document.activeElement.name), 'code')
  await mine.context().close()
})

test('two people change one customer: what the other added stays', async () => {
  const known = (attributes) => attributes.map(([name, value]) => ({ name, value }))
  const made = await call(page, 'POST', '/customers', {
    reference: 'KEPT-1',
    attributes: known([
      ['房型', '两居'],
      ['年限', '3'],
    ]),
  })
  const mine = await newPage(browser, { state: { ...(await page.context().storageState()), origins: [] } })
  await open(mine, at('/customers'))
  await mine.click('main tr:has-text("KEPT-1") button.link')
  const value = (i) => mine.locator('dialog input[aria-label="值"]').nth(i) // by name: 年限, 房型
  assert.deepEqual([await value(0).inputValue(), await value(1).inputValue()], ['3', '两居'])
  const theirs = {
    reference: 'KEPT-1',
    attributes: known([
      ['房型', '两居'],
      ['年限', '4'],
      ['楼层', '6'],
    ]),
  }
  await call(page, 'POST', '/customers', { ...theirs, version: made.version })
  await value(0).fill('5')
  await value(1).fill('三居')
  await mine.click('dialog button.primary')
  await shown(mine, '别人刚改过这一项')
  await mine.locator('dialog fieldset:has-text("年限") label:has-text("您的")').click()
  await mine.click('dialog button:has-text("按所选保存")')
  await shown(mine, '已保存')
  const { attributes } = await call(page, 'GET', `/customers/${made.id}`)
  assert.deepEqual(Object.fromEntries(attributes.map((a) => [a.name, a.value])), { 房型: '三居', 年限: '5', 楼层: '6' })
  await mine.context().close()
})

test('a reader is not offered what isn’t theirs, on the phone’s bar or by address', async () => {
  await call(page, 'POST', '/users', {
    name: '读者',
    email: 'reader@example.org',
    role: 'viewer',
    password: 'a long pass phrase',
  })
  const reader = await newPage(browser, { width: 390, height: 844 })
  await reader.goto(server.base)
  await reader.fill('input[name=email]', 'reader@example.org')
  await reader.fill('input[name=password]', 'a long pass phrase')
  await reader.click('button.primary')
  await reader.waitForSelector('nav.phonebar')
  assert.doesNotMatch(await reader.textContent('nav.phonebar'), /导入/)
  for (const path of ['/imports', '/imports/new', '/responses', '/customers', '/studies/new', '/system']) {
    await open(reader, at(path))
    assert.match(await reader.textContent('main h1'), /归.*所有者.*使用/, path)
    assert.equal(await reader.locator('main :is(button:has-text("重试"), input[type=file], textarea)').count(), 0, path)
  }
  await open(reader, at(`/studies/${study.id}`))
  assert.equal(await reader.locator('textarea').count(), 0, 'no raw document')
  assert.match(await reader.textContent('main table'), /账单准确/)
  await reader.context().close()
})

test('filters that leave nothing can be cleared, and aren’t asked for again', async () => {
  const mine = await newPage(browser, { state: { ...(await page.context().storageState()), origins: [] } })
  let reads = 0
  await open(mine, at('/gaps?study=winter&filter=region:%E5%B2%9B%E5%B1%BF')) // three people
  const notice = mine.locator('main [role=alert]')
  await notice.waitFor()
  mine.on('request', (request) => (reads += /\/gaps\?/.test(request.url()) ? 1 : 0))
  await mine.waitForTimeout(1200)
  assert.equal(reads, 0)
  assert.equal(await notice.locator('button:has-text("重试")').count(), 0)
  await notice.locator('button:has-text("清除筛选")').click()
  await mine.waitForSelector('main h1')
  assert.doesNotMatch(mine.url(), /filter/)
  await mine.context().close()
})

test('a study made by its import: a taken code has a way on; a failed import leaves none', async () => {
  const mine = await newPage(browser, { state: { ...(await page.context().storageState()), origins: [] } })
  const upload = await call(page, 'POST', '/uploads?name=new.csv', surveyCsv(40), true)
  await open(mine, at(`/imports/new?upload=${upload.id}&into=new&step=check&text=1`))
  await mine.fill('textarea', '{"study": "winter",\n "items": [}')
  await mine.click('button.primary:has-text("导入")')
  await shown(mine, '第 2 行不是合法的 JSON')
  await mine.click('button:has-text("跳到第 2 行")')
  assert.equal(await mine.evaluate(() => document.activeElement.selectionStart), 20)
  await mine.fill('textarea', JSON.stringify(studyDocument('winter'), null, 2))
  await mine.click('button.primary:has-text("导入")')
  await mine.waitForSelector('button:has-text("导入到“供热服务”")')
  await mine.click('button:has-text("换个代码")')
  assert.match(
    await mine.evaluate(() =>
      document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd),
    ),
    /"study": "winter"/,
  )
  const never = {
    ...studyDocument('never'),
    items: [{ code: 'q', label: 'Q', expectation: 'region', perception: 'E1', scale: { min: 100, max: 200 } }],
    outcomes: [],
    groups: [],
  }
  await mine.fill('textarea', JSON.stringify(never, null, 2))
  await mine.click('button.primary:has-text("导入")')
  await mine.waitForSelector('h1:has-text("没有建立研究")')
  assert.equal((await call(page, 'GET', '/studies')).studies.filter((s) => s.code === 'never').length, 0)
  await mine.click('a:has-text("改好再导入")')
  await mine.click('button:has-text("看研究文档")')
  await until(mine, () => document.querySelector('textarea')?.value.includes('"study": "never"'))
  await mine.fill('textarea', JSON.stringify(studyDocument('fresh'), null, 2))
  await mine.click('button.primary:has-text("导入")')
  await mine.waitForSelector('h1:has-text("已导入 40 份答卷")')
  await mine.click('a.primary')
  await mine.waitForSelector('main h1:has-text("最大的差距")')
  await mine.context().close()
})
