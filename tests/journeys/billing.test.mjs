// Billing in the browser: an invoice is put right by one who asks and one who approves.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { start } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'
import { good, openInvoices, press, verify } from './lib/desk.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 180_000 }
const ORG = 'NMC'

async function as(browser, role) {
  const page = await signIn(browser.context, ORG, role)
  await page.setViewportSize({ width: 1440, height: 900 })
  return page
}

const text = (page) => page.locator('main').innerText()

test('an invoice is put right: old line, new line, difference and reason on one page', options, async () => {
  const browser = await start()
  try {
    const officer = await as(browser, 'Billing officer')
    const open = await openInvoices(ORG)
    const { number } = open[open.length - 5]
    await officer.goto(`${demo}/billing/invoices/${number}`)
    await officer.getByRole('link', { name: 'Put it right' }).or(officer.getByRole('button', { name: 'Put it right' })).first().click()
    await officer.waitForLoadState('load')
    await good(officer, 'amend-form')
    await officer.locator('#price-1').fill('1.50')
    await press(officer, 'Check answers')
    assert.match(await text(officer), /Choose why from the list/)
    assert.equal(await officer.locator('#price-1').inputValue(), '1.50')
    await officer.locator('input[name=reason][value=wrong_price]').check()
    await officer.locator('#words').fill('The old rate was billed')
    await press(officer, 'Check answers')
    await good(officer, 'amend-check')
    assert.match(await text(officer), /As it was/)
    await press(officer, 'Ask for approval')
    const [approval] = (await officer.locator('body').innerText()).match(/APP-\d+/)
    const approver = await as(browser, 'Approver')
    await approver.goto(`${demo}/approvals/${approval}`)
    await good(approver, 'amend-approval')
    await press(approver, 'Approve')
    await officer.goto(`${demo}/billing/invoices/${number}`)
    const shown = await text(officer)
    assert.match(shown, /Billed anew as/)
    assert.match(shown, /Wrong price or quantity/)
    await good(officer, 'amended')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
