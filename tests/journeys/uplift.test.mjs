// An uplift in the browser: seen line by line, asked for, agreed by someone else, applied, taken back.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { start } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'
import { good, press, verify } from './lib/desk.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 180_000 }
const ORG = 'NMC'

async function as(browser, role) {
  const page = await signIn(browser.context, ORG, role)
  await page.setViewportSize({ width: 1440, height: 900 })
  return page
}

const text = (page) => page.locator('main').innerText()

/** Looks again until the page says it, at most half a minute. */
async function until(page, says) {
  for (let look = 0; look < 60; look += 1) {
    await page.reload()
    if (says.test(await text(page))) return
    await page.waitForTimeout(500)
  }
  assert.match(await text(page), says)
}

test('an uplift is seen line by line, agreed by someone else, applied and taken back', options, async () => {
  const browser = await start()
  try {
    const officer = await as(browser, 'Billing officer')
    await officer.goto(`${demo}/billing/uplifts`)
    await good(officer, 'uplifts')
    await officer.locator('#by').fill('lots')
    await officer.locator('#from').fill('+40')
    await officer.locator('#card').selectOption('CARE-26')
    await press(officer, 'Preview')
    await good(officer, 'uplift-error')
    assert.match(await text(officer), /Enter a percentage such as 4.5%/)
    assert.equal(await officer.locator('#by').inputValue(), 'lots', 'what was typed is kept')
    assert.equal(await officer.locator('#card').inputValue(), 'CARE-26')
    await officer.locator('#by').fill('4.5%')
    await press(officer, 'Preview')
    await good(officer, 'uplift-preview')
    const seen = await text(officer)
    assert.match(seen, /£905\.00 a week/)
    assert.match(seen, /£945\.73 a week/)
    await press(officer, 'Ask for approval')
    assert.match(await text(officer), /Enter/, 'the decision behind it is asked for')
    await good(officer, 'uplift-no-reason')
    await officer.locator('#reason').fill('Cabinet of 3 March')
    await press(officer, 'Ask for approval')
    const address = officer.url()
    const [approval] = (await officer.locator('body').innerText()).match(/APP-\d+/)
    await good(officer, 'uplift-asked')
    await officer.goto(`${demo}/approvals/${approval}`)
    assert.equal(await officer.getByRole('button', { name: 'Approve', exact: true }).count(), 0, 'nobody approves their own')
    const leader = await as(browser, 'Team leader')
    await leader.goto(`${demo}/approvals/${approval}`)
    await good(leader, 'uplift-approval')
    await press(leader, 'Approve')
    await leader.goto(address)
    await good(leader, 'uplift-approved')
    await press(leader, 'Apply it')
    await until(leader, /Applied/)
    await good(leader, 'uplift-applied')
    await leader.goto(`${demo}/billing/rate-cards`)
    assert.match(await text(leader), /£945\.73/)
    await leader.goto(address)
    await press(leader, 'Take it back')
    assert.match(await text(leader), /Taken back/)
    await good(leader, 'uplift-taken-back')
    await leader.goto(`${demo}/billing/rate-cards`)
    assert.doesNotMatch(await text(leader), /£945\.73/)
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
