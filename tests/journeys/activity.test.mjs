// Activity in the browser: a return is taken in, its exceptions are seen to, and what was delivered is accounted for.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { start } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'
import { good, press, verify } from './lib/desk.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 180_000 }
const ORG = 'NMC'

const text = (page) => page.locator('main').innerText()
const file = (rows) => ({
  name: 'return.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(`reference,service,service_user,unit,from,quantity,rate\n${rows.join('\n')}\n`),
})

/** A day that the demo's contract by delivery covers, from a line that it accepted. */
async function deliveredOn(page) {
  await page.goto(`${demo}/billing/activity?state=unbilled`)
  await page.locator('tbody a[href^="/billing/activity/ACT-"]').first().click()
  await page.waitForLoadState('load')
  const value = await page.locator('dd', { has: page.locator('time') }).first().locator('time').first().getAttribute('datetime')
  return value
}

test('a return is taken in whole, exceptions are seen to, delivered is billed or explained', options, async () => {
  const browser = await start()
  try {
    const page = await signIn(browser.context, ORG, 'Billing officer')
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`${demo}/billing/activity`)
    await good(page, 'activity')
    assert.match(await text(page), /Exceptions by reason/)
    const day = await deliveredOn(page)
    await page.goto(`${demo}/billing/activity/take`)
    await good(page, 'activity-take')
    await page.locator('#source').fill('CareRota')
    await page.locator('input[type=file]').setInputFiles(file([`J-1,Home care,Ann Clarke,hour,${day},1,`, `J-2,Home care,P104602,mile,${day},x,`]))
    await press(page, 'Take it in')
    await good(page, 'activity-faults')
    assert.match(await text(page), /never a name/)
    assert.match(await text(page), /Enter day, hour, visit or session/)
    assert.equal(await page.locator('#source').inputValue(), 'CareRota', 'what was typed is kept')
    await page
      .locator('input[type=file]')
      .setInputFiles(file([`J-1,Home care,P104602,hour,${day},0.5,`, `J-2,Home care,P104602,hour,${day},0.5,30.00`, `J-3,Home care,P104998,hour,${day},1,`]))
    await press(page, 'Take it in')
    assert.match(await page.locator('body').innerText(), /1 line accepted, .*2 lines held/)
    await good(page, 'activity-held')
    const line = (reference) => page.locator('tr', { hasText: reference }).locator('a[href^="/billing/activity/ACT-"]').first()
    await line('J-3').click()
    await page.waitForLoadState('load')
    await good(page, 'activity-line')
    await press(page, 'Do not bill it')
    assert.match(await page.locator('body').innerText(), /Enter why, in at most 500 characters/)
    await good(page, 'activity-error')
    await page.locator('input[name=explained_as][value=billed_elsewhere]').check()
    await page.locator('#reason-explain').fill('Billed by the neighbouring council')
    await press(page, 'Do not bill it')
    assert.match(await text(page), /Billed elsewhere/)
    await page.goto(`${demo}/billing/activity?because=wrong_rate`)
    await line('J-2').click()
    await page.waitForLoadState('load')
    await page.locator('#reason-override').fill('Bank holiday rate, agreed by letter')
    await page.locator('input[name=at_told_rate]').check()
    await press(page, 'Let it through')
    assert.match(await text(page), /Accepted/)
    await page.goto(`${demo}/billing/completeness?from=${day}&to=${day}`)
    await good(page, 'completeness')
    assert.match(await text(page), /Unexplained\s+£0\.00/)
    assert.match(await text(page), /hold the same sums/)
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
