// Intake in the browser: a feeder's file with rejects is billed, and a service's request is sent back, put right and invoiced.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { start } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'
import { good, openInvoices, press, verify } from './lib/desk.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 240_000 }
const ORG = 'NMC'

/** Each person has a browser of their own: sessions are cookies. */
const browsers = []
async function as(role) {
  const browser = await start()
  browsers.push(browser)
  const page = await signIn(browser.context, ORG, role)
  await page.setViewportSize({ width: 1440, height: 900 })
  return page
}

async function everyoneLeaves() {
  while (browsers.length > 0) await browsers.pop().close()
}

const text = (page) => page.locator('main').innerText()

/** Looks again until the page says it, or a minute has passed. */
async function until(page, words) {
  for (let tries = 0; tries < 60; tries += 1) {
    if (words.test(await text(page))) return
    await page.waitForTimeout(1000)
    await page.reload()
  }
  assert.match(await text(page), words)
}

test('an administrator sets a feeder up, and a wrong field is told with what was typed', options, async () => {
  try {
    const admin = await as('Administrator')
    await admin.goto(`${demo}/billing/feeders`)
    await good(admin, 'feeders')
    assert.match(await text(admin), /Licensing system/)
    await admin.getByRole('link', { name: 'LICENCES' }).click()
    await admin.waitForLoadState('load')
    await good(admin, 'feeder')
    await admin.locator('#amount').fill('')
    await admin.locator('#name').fill('Licensing, new')
    await press(admin, 'Save')
    assert.match(await text(admin), /every feeder needs it/)
    assert.equal(await admin.locator('#name').inputValue(), 'Licensing, new')
    await good(admin, 'feeder-wrong')
    await admin.goto(`${demo}/admin/services`)
    await good(admin, 'services')
    assert.match(await text(admin), /Halls and rooms/)
  } finally {
    await everyoneLeaves()
  }
})

test('a feeder file is refused by its totals, then billed, and its rejects come back', options, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'intake-'))
  try {
    const officer = await as('Billing officer')
    const [{ customer }] = await openInvoices(ORG)
    const file = path.join(folder, 'june.csv')
    const rows = [
      'Charge no,Account,Licence,What,Fee,Granted,Case',
      `LIC/7001,${customer},PL70,Premises licence,295.00,2026-11-02,`,
      `LIC/7002,${customer},PL70,Late fee,15.00,2026-11-02,`,
      `LIC/7003,${customer},PL71,Taxi licence,14S.00,2026-11-02,`,
      'LIC/7004,C000000,PL72,Taxi licence,145.00,2026-11-02,Mary Smith'
    ]
    fs.writeFileSync(file, `${rows.join('\n')}\n`)
    await officer.goto(`${demo}/billing/feeder-files`)
    await good(officer, 'feeder-files')
    await officer.locator('input[type=file]').setInputFiles(file)
    await officer.locator('#told_rows').fill('5')
    await officer.locator('#told_sum').fill('455.00')
    await press(officer, 'Check the file')
    assert.match(await text(officer), /The sender says 5 rows; the file has 4/)
    assert.equal(await officer.locator('#told_rows').inputValue(), '5')
    await good(officer, 'feeder-files-wrong')
    await officer.locator('input[type=file]').setInputFiles(file)
    await officer.locator('#told_rows').fill('4')
    await press(officer, 'Check the file')
    await good(officer, 'feeder-file')
    const shown = await text(officer)
    assert.match(shown, /pounds with at most two decimals/)
    assert.match(shown, /never a name/)
    const at = officer.url()
    const download = officer.waitForEvent('download')
    await officer.locator('a[href*="rejects?format=csv"]').click()
    const rejects = fs.readFileSync(await (await download).path(), 'utf8')
    assert.match(rejects, /what_would_be_right/)
    assert.match(rejects, /LIC\/7003/)
    assert.doesNotMatch(rejects, /LIC\/7001/)
    const leader = await as('Team leader')
    await leader.goto(at)
    await press(leader, 'Bill the good rows')
    await until(leader, /State\s+Done/)
    await good(leader, 'feeder-file-done')
    await leader.getByRole('link', { name: /^INV-/ }).first().click()
    await leader.waitForLoadState('load')
    await leader.getByRole('link', { name: 'What stands behind each line' }).click()
    await leader.waitForLoadState('load')
    assert.match(await text(leader), /LIC\/7002/)
    await good(leader, 'feeder-evidence')
    await officer.goto(`${demo}/billing/feeder-rejects`)
    await good(officer, 'rejects')
    assert.match(await text(officer), /LIC\/7004/)
    await officer.goto(at)
    await officer.locator('#row').fill('5')
    await press(officer, 'Set the row aside')
    assert.match(await text(officer), /Enter why it is not billed/)
    await officer.locator('#reason').fill('Not our area')
    await press(officer, 'Set the row aside')
    assert.match(await officer.locator('body').innerText(), /Row 5 is set aside/)
    await verify(ORG)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
    await everyoneLeaves()
  }
})

test('a request is sent back, put right and becomes an invoice that opens to it', options, async () => {
  try {
    const manager = await as('Service manager')
    const [{ customer }] = await openInvoices(ORG)
    await manager.goto(`${demo}/billing/requests`)
    await good(manager, 'requests')
    await manager.getByRole('button', { name: 'Ask for an invoice' }).or(manager.getByRole('link', { name: 'Ask for an invoice' })).first().click()
    await manager.waitForLoadState('load')
    await good(manager, 'request-new')
    await manager.locator('#customer').fill(customer)
    await manager.locator('#description-1').fill('Hire of the hall')
    await manager.locator('#price-1').fill('cheap')
    await press(manager, 'Send the request')
    const wrong = await text(manager)
    assert.match(wrong, /Enter what it is for/)
    assert.match(wrong, /Enter an amount in pounds/)
    assert.equal(await manager.locator('#price-1').inputValue(), 'cheap')
    await good(manager, 'request-new-wrong')
    await manager.locator('#what_for').fill('Hire on 3 November, booked by telephone')
    await manager.locator('#price-1').fill('80.00')
    await manager.locator('#vat-1').selectOption('E')
    await manager.locator('input[type=file]').setInputFiles({ name: 'booking.txt', mimeType: 'text/plain', buffer: Buffer.from('Booked') })
    await press(manager, 'Send the request')
    const [number] = (await manager.locator('h1').innerText()).match(/REQ-\d+/)
    await good(manager, 'request')
    const officer = await as('Billing officer')
    await officer.goto(`${demo}/billing/requests/${number}`)
    await press(officer, 'Take it on')
    await press(officer, 'Send it back')
    assert.match(await text(officer), /Enter what is to be put right/)
    await officer.locator('#reason').fill('Which hall was it?')
    await press(officer, 'Send it back')
    await manager.goto(`${demo}/billing/requests/${number}`)
    assert.match(await text(manager), /Which hall was it\?/)
    await good(manager, 'request-sent-back')
    await manager.locator('#description-1').fill('Hire of the Town Hall')
    await press(manager, 'Send it again')
    await officer.goto(`${demo}/billing/requests/${number}`)
    await good(officer, 'request-answer')
    await press(officer, 'Raise the invoice')
    const done = await text(officer)
    assert.match(done, /Invoiced/)
    await officer.getByRole('link', { name: /^INV-/ }).first().click()
    await officer.waitForLoadState('load')
    await officer.getByRole('link', { name: 'What stands behind each line' }).click()
    await officer.waitForLoadState('load')
    assert.match(await text(officer), new RegExp(number))
    await verify(ORG)
  } finally {
    await everyoneLeaves()
  }
})
