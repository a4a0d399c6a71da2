// Every sample of every page, as `cargo test -p sundry` wrote them to target/pages: accessible,
// no sideways scroll, no error, nothing from elsewhere; at desktop and phone, the scroll at the narrowest width too.
//
// SHOTS=1 also keeps a picture of each at 1440 and 390 in tests/journeys/shots; PAGES=word picks some.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { open, scrollsSideways, shoot, start, violations } from './lib/browser.mjs'
import { serve } from './lib/files.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const target = process.env.CARGO_TARGET_DIR ?? path.join(here, '../../target')
const folder = path.resolve(target, 'pages')
const names = fs.readFileSync(path.join(folder, 'pages.txt'), 'utf8').split('\n').filter((name) => name.includes(process.env.PAGES ?? ''))
const SIZES = [[1440, 900], [390, 844], [320, 640]]
const shots = path.join(here, 'shots')

let browser
let site
before(async () => {
  site = await serve(folder)
  browser = await start()
  if (process.env.SHOTS) fs.mkdirSync(shots, { recursive: true })
})
after(async () => {
  await browser?.close()
  await site?.close()
})

for (const name of names) {
  test(name, async () => {
    const { page, bad } = await open(browser.context, `${site.base}/${name}.html`, SIZES[0])
    const found = []
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height })
      // The narrowest is the telephone's page with less room: what axe finds there it finds at 390.
      if (width !== 320) found.push(...(await violations(page)).map((line) => `${width}: ${line}`))
      if (await scrollsSideways(page)) found.push(`${width}: scrolls sideways`)
      if (process.env.SHOTS && width !== 320) await shoot(page, path.join(shots, `${name}-${width}.png`))
    }
    await page.close()
    assert.deepEqual([...bad, ...found], [])
  })
}

test('on a telephone the eight places of court are three lines at most', async () => {
  const { page } = await open(browser.context, `${site.base}/court_cases--running.html`, SIZES[1])
  const places = page.locator('.app-subnav a')
  assert.equal(await places.count(), 8)
  const tops = await places.evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)))
  assert.ok(new Set(tops).size <= 3, `${new Set(tops).size} lines`)
  const heights = await places.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
  assert.ok(heights.every((height) => height >= 24), `too small to press: ${heights}`)
  await page.close()
})

test('a list is worked from the keyboard alone', async () => {
  const { page } = await open(browser.context, `${site.base}/worklist--full.html`, SIZES[0])
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), 'Skip to main content')
  await page.locator('tbody th a').first().focus()
  for (const key of ['x', 'j', 'x']) await page.keyboard.press(key)
  assert.match(await page.locator('output').textContent(), /^2 selected, £/)
  await page.close()
})

test('a receipt is allocated from the keyboard alone', async () => {
  const { page } = await open(browser.context, `${site.base}/allocation--matched.html`, SIZES[0])
  await page.locator('input[name=match]').first().focus()
  await page.keyboard.press('2')
  const left = page.locator('[data-app-left]')
  assert.equal(await left.textContent(), '£0.00')
  const box = page.locator('[data-app-amount]').first()
  await box.fill('')
  await box.press('f')
  assert.equal(await left.textContent(), '£0.00')
  await box.fill('5000')
  assert.match(await left.textContent(), /^−£/)
  await page.close()
})

test('the lines of an invoice add up as they are typed', async () => {
  const { page } = await open(browser.context, `${site.base}/invoice_form--full.html`, SIZES[0])
  const row = page.locator('[data-module=app-lines] tbody tr').first()
  await row.locator('[data-app-line=quantity]').fill('3')
  await row.locator('[data-app-line=price]').fill('19.99')
  assert.equal(await row.locator('[data-app-line=net]').textContent(), '£59.97')
  assert.match(await page.locator('[data-app-total=gross]').textContent(), /^£/)
  await page.close()
})
