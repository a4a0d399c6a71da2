// Instalments, payment terms and deposits in the browser.
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

/** An account that has something open. */
async function account(page) {
  const [first] = await openInvoices(ORG)
  await page.goto(`${demo}/billing/invoices/${first.number}`)
  const [number] = (await text(page)).match(/C\d{6}/)
  return number
}

test('an invoice in instalments: each part has its own day, and is given up on its own', options, async () => {
  const browser = await start()
  try {
    const officer = await as(browser, 'Billing officer')
    const customer = await account(officer)
    await officer.goto(`${demo}/billing/invoices/new?customer=${customer}`)
    await officer.locator('#description-1').fill('Garden waste, the year')
    await officer.locator('#price-1').fill('100')
    await officer.locator('#vat-1').selectOption('E')
    await officer.locator('#instalment_count').fill('3')
    await press(officer, 'Check answers')
    await good(officer, 'instalments-error')
    assert.match(await text(officer), /Choose how far apart the instalments are/)
    assert.equal(await officer.locator('#instalment_count').inputValue(), '3')
    await officer.locator('#instalment_every').selectOption('month')
    await press(officer, 'Check answers')
    await good(officer, 'instalments-check')
    assert.match(await text(officer), /£33.34/)
    await press(officer, 'Raise this invoice')
    const [number] = (await officer.locator('body').innerText()).match(/INV-\d+/)
    await good(officer, 'instalments')
    assert.match(await text(officer), new RegExp(`${number}/3`))
    const controller = await as(browser, 'Credit controller')
    await controller.goto(`${demo}/billing/invoices/${number}`)
    await controller.getByRole('link', { name: `Ask to write ${number}/2 off` }).click()
    await controller.waitForLoadState('load')
    await good(controller, 'instalment-write-off')
    assert.match(await text(controller), /£33.33/)
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('payment terms are added by an administrator and chosen on an invoice', options, async () => {
  const browser = await start()
  try {
    const admin = await as(browser, 'Administrator')
    await admin.goto(`${demo}/billing/payment-terms`)
    await good(admin, 'payment-terms')
    await admin.locator('#code').fill('5PC-7')
    await admin.locator('#name').fill('5% within a week')
    await admin.locator('#share-1').fill('90')
    await admin.locator('#days-1').fill('30')
    await admin.locator('#discount').fill('5')
    await admin.locator('#discount_days').fill('7')
    await press(admin, 'Add these terms')
    await good(admin, 'payment-terms-error')
    assert.match(await text(admin), /The shares add up to 90%, not to 100%/)
    await admin.locator('#share-1').fill('100')
    await press(admin, 'Add these terms')
    assert.match(await text(admin), /5-?PC|5PC-7/)
    const officer = await as(browser, 'Billing officer')
    const customer = await account(officer)
    await officer.goto(`${demo}/billing/invoices/new?customer=${customer}`)
    await officer.locator('#description-1').fill('Pitch hire')
    await officer.locator('#price-1').fill('200')
    await officer.locator('#vat-1').selectOption('E')
    await officer.locator('#terms').selectOption('5PC-7')
    await press(officer, 'Check answers')
    await good(officer, 'discount-check')
    assert.match(await text(officer), /£10.00 if paid by/)
    await press(officer, 'Raise this invoice')
    await good(officer, 'discount')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('a deposit is asked for, and given back', options, async () => {
  const browser = await start()
  try {
    const officer = await as(browser, 'Billing officer')
    const customer = await account(officer)
    await officer.goto(`${demo}/billing/deposits`)
    await good(officer, 'deposits')
    await officer.goto(`${demo}/billing/deposits/new?customer=${customer}`)
    await officer.locator('input[name=kind][value=returnable]').check()
    await officer.locator('#description').fill('Key deposit')
    await officer.locator('#amount').fill('50')
    await officer.locator('#vat_code').selectOption('S')
    await press(officer, 'Raise the invoice')
    await good(officer, 'deposit-error')
    assert.match(await text(officer), /no supply/)
    assert.equal(await officer.locator('#description').inputValue(), 'Key deposit')
    await officer.locator('#vat_code').selectOption('O')
    await press(officer, 'Raise the invoice')
    await good(officer, 'deposit')
    assert.match(await text(officer), /It can be used once it is paid/)
    await press(officer, 'Give back £50.00')
    assert.match(await text(officer), /Given back/)
    await good(officer, 'deposit-returned')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
