// Collection agencies and searches in the browser: an agreement, debts placed in a file with its control, the agency's
// answer and its statement, agencies compared; a search with its ground, and an address that somebody else confirms.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { start } from './lib/browser.mjs'
import { demo } from './lib/demo.mjs'
import { good, pounds, press, verify } from './lib/desk.mjs'
import { all, as, field, follow, people, text } from './lib/work.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 240_000 }
const ORG = 'NMC'
let folder

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sundry-agencies-'))
})
after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** Brings a file of the agency in, as what it is. */
async function bring(page, kind, name, rows) {
  const file = path.join(folder, name)
  fs.writeFileSync(file, rows)
  await page.goto(`${demo}/recovery/agencies/MERCIA`)
  await page.getByLabel(kind, { exact: true }).check()
  await page.getByLabel('File', { exact: true }).setInputFiles(file)
  await press(page, 'Bring in')
}

test('an agency: agreement, placement, their answer, what they paid over, and how they compare', options, async () => {
  const browser = await start()
  try {
    const admin = await as(browser, ORG, 'Administrator')
    await admin.goto(`${demo}/recovery/agencies`)
    await good(admin, 'agencies-none')
    await follow(admin, 'Add an agency')
    await good(admin, 'agency-terms')
    await field(admin, 'Code').fill('MERCIA')
    await field(admin, 'Name').fill('Mercia Recoveries')
    await field(admin, 'Commission, first time (%)').fill('a tenth')
    await press(admin, 'Save terms')
    assert.match(await text(admin), /Enter a rate such as 12 or 12\.5/)
    assert.equal(await field(admin, 'Name').inputValue(), 'Mercia Recoveries')
    await good(admin, 'agency-terms-error')
    await field(admin, 'E-mail address').fill('placements@mercia.example')
    await field(admin, 'Commission, first time (%)').fill('12')
    await field(admin, 'Later (%)').fill('18')
    await field(admin, 'VAT on it (%)').fill('20')
    await field(admin, 'Data-sharing agreement').fill('DSA-2026-04')
    await admin.getByRole('textbox', { name: 'From', exact: true }).fill('1 April 2026')
    await press(admin, 'Save terms')
    assert.match(await all(admin), /Terms of MERCIA saved/)
    await good(admin, 'agency')

    // Who may go is weighed one by one; somebody who may places them.
    const approver = await as(browser, ORG, 'Approver')
    await approver.goto(`${demo}/recovery/agencies/MERCIA`)
    await follow(approver, 'Place debts')
    await good(approver, 'agency-place')
    const rows = await approver.getByRole('table', { name: 'Who may go, the largest first' }).getByRole('row').allInnerTexts()
    const goes = rows.filter((row) => /May go/.test(row))
    assert.ok(goes.length > 0, 'somebody may go')
    assert.ok(rows.length > goes.length, 'and who stays is named with the rule')
    const [who] = goes[0].match(/C\d{6}/)
    await field(approver, 'Account numbers').fill('C999999')
    await press(approver, 'Look')
    assert.match(await text(approver), /There is no/)
    await good(approver, 'agency-place-error')
    await field(approver, 'Account numbers').fill(who)
    await press(approver, 'Look')
    await Promise.all([approver.waitForEvent('load'), approver.getByRole('button', { name: /^Place 1 customer of £/ }).click()])
    assert.match(await all(approver), /1 customer of £[\d,.]+ placed: send \d{8}-placement\.csv/)
    await good(approver, 'agency-placed')
    const file = await approver.request.get(`${demo}${await approver.getByRole('link', { name: /-placement\.csv$/ }).getAttribute('href')}`)
    const [head, line] = (await file.text()).trim().split('\n')
    const cell = (name) => line.split(',')[head.split(',').indexOf(name)]
    const [account, owed] = [cell('account_number'), Math.round(Number(cell('balance_total')) * 100)]
    assert.equal(account.startsWith(who), true)
    const control = await approver.request.get(`${demo}${await approver.getByRole('link', { name: /\.ctl$/ }).getAttribute('href')}`)
    assert.match(await control.text(), new RegExp(`,1,${pounds(owed)}\\s*$`))

    // They take it; what they say comes back as a file.
    const clerk = await as(browser, ORG, 'Credit controller')
    await bring(clerk, 'Which debts they take', 'bad.csv', 'a,b\n1,2\n')
    assert.match(await text(clerk), /There is a problem/)
    await good(clerk, 'agency-file-error')
    await bring(clerk, 'Which debts they take', 'ack.csv', `account_number,agency_ref,status,reason\n${account},M-1,ACCEPTED,\n`)
    assert.match(await text(clerk), /1 taken, 0 not/)
    await good(clerk, 'agency-answer')
    await follow(clerk, (await text(clerk)).match(/PLC-\d+|PLA-\d+|[A-Z]{2,4}-\d{6}/)?.[0] ?? account)
    await good(clerk, 'placement')
    await bring(clerk, 'What they say they hold', 'stock.csv', `account_number,balance,status\n${account},${pounds(owed)},open\n`)
    assert.match(await text(clerk), /1 agree to the penny/)

    // Their statement is checked first, then posted: the debtor gets the gross.
    const gross = Math.min(3_000, owed)
    const fee = Math.round(gross * 0.12)
    const vat = Math.round(fee * 0.2)
    const sheet = (net) =>
      `H,MERCIA,1,2026-11-01,2026-11-30\nD,${account},M-1,2026-11-30,${pounds(gross)},${pounds(fee)},${pounds(vat)},AGENCY,PAYMENT,${pounds(owed - gross)}\nT,1,${pounds(gross)},0.00,${pounds(fee)},${pounds(vat)},${pounds(net)}\n`
    const cashier = await as(browser, ORG, 'Cashier')
    await bring(cashier, 'A statement of what they paid over: check it', 'wrong.csv', sheet(gross))
    assert.match(await text(cashier), /There is a problem/)
    await good(cashier, 'agency-statement-error')
    await bring(cashier, 'A statement of what they paid over: check it', 'right.csv', sheet(gross - fee - vat))
    assert.match(await text(cashier), /nothing is posted yet/)
    await good(cashier, 'agency-statement-checked')
    await bring(cashier, 'A statement of what they paid over: post it', 'right.csv', sheet(gross - fee - vat))
    assert.match(await all(cashier), /Statement posted/)
    await good(cashier, 'agency-statement')
    assert.match(await text(cashier), new RegExp(`£${pounds(gross).replace('.', '\\.')}`))
    await bring(cashier, 'A statement of what they paid over: post it', 'right.csv', sheet(gross - fee - vat))
    assert.match(await text(cashier), /There is a problem/, 'the same statement is not posted twice')
    await verify(ORG)

    const leader = await as(browser, ORG, 'Team leader')
    await leader.goto(`${demo}/recovery/agencies`)
    await good(leader, 'agencies-compared')
    const compared = await leader.getByRole('table', { name: 'Agencies compared, the best first' }).innerText()
    assert.match(compared, /Mercia Recoveries/)
    assert.match(compared, new RegExp(`£${pounds(gross).replace('.', '\\.')}`))
    await press(leader, "Tell the agencies today's changes")
    assert.match(await all(leader), /1 placement looked at/)

    // It is called back with a reason.
    const back = await as(browser, ORG, 'Credit controller')
    await back.goto(`${demo}/recovery/agencies/MERCIA`)
    await Promise.all([back.waitForEvent('load'), back.locator('a[href^="/recovery/placements/"]').first().click()])
    await press(back, 'Call it back')
    assert.match(await text(back), /There is a problem/)
    await good(back, 'placement-error')
    await field(back, 'Why?').fill('They rang: they pay us directly')
    await press(back, 'Call it back')
    assert.match(await all(back), /is called back: send file/)
    await good(back, 'placement-recalled')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('a search has its ground and its cost; an address is used when somebody else says so', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, ORG, 'Credit controller')
    const [who] = await people(ORG, 10_000)
    await page.goto(`${demo}/customers/${who.number}`)
    await follow(page, 'Search for them')
    await good(page, 'traces-customer')
    await field(page, 'Why is it needed?').fill('Two letters came back')
    await press(page, 'Ask for the search')
    assert.match(await text(page), /There is a problem/)
    assert.equal(await field(page, 'Why is it needed?').inputValue(), 'Two letters came back')
    await good(page, 'trace-error')
    await page.getByRole('group', { name: 'Where?' }).getByRole('radio').first().check()
    await field(page, 'What for?').selectOption({ index: 0 })
    await field(page, 'Ground in law').selectOption({ index: 1 })
    await field(page, 'What it costs').fill('4.50')
    await press(page, 'Ask for the search')
    assert.match(await all(page), /is asked for/)
    await page.goto(`${demo}/recovery/traces`)
    await good(page, 'traces')
    await Promise.all([page.waitForEvent('load'), page.locator('main table a[href^="/recovery/traces/"]').first().click()])
    await good(page, 'trace')
    const at = page.url()

    // Three sources that agree: sure enough to be asked for, and used only when somebody else has called.
    const found = page.getByRole('group', { name: 'What was found?' }).getByRole('radio')
    await found.nth(1).check()
    await page.getByLabel('The full name', { exact: true }).check()
    await page.getByLabel('The date of birth', { exact: true }).check()
    await page.getByLabel('It is linked to an address we knew', { exact: true }).check()
    await field(page, 'Independent sources').fill('3')
    await field(page, 'Last seen').fill('20 November 2026')
    await field(page, 'Cost').fill('4.50')
    await field(page, 'Address, first line').fill('8 Foundry Street')
    await field(page, 'Town').fill('Hartsmoor')
    await field(page, 'Postcode').fill('NE61 1AA')
    await field(page, 'In words').fill('Three sources, the newest of this month')
    await press(page, 'Record what was found')
    assert.match(await all(page), /Recorded, \d+ per cent sure/)
    await good(page, 'trace-found')
    const use = page.getByRole('button', { name: 'Ask for it to be used' })
    if (await use.count()) {
      await field(page, 'How was it confirmed?').fill('Called on 01632 960111, which we held before, today')
      await press(page, 'Ask for it to be used')
      const [approval] = (await all(page)).match(/APP-\d+/)
      await good(page, 'trace-asked')
      const leader = await as(browser, ORG, 'Team leader')
      await leader.goto(`${demo}/approvals/${approval}`)
      await good(leader, 'trace-approval')
      await leader.locator('main textarea').first().fill('Called back on the number held before')
      await press(leader, 'Approve')
      await leader.goto(`${demo}/customers/${who.number}/details`)
      assert.match(await text(leader), /8 Foundry Street/)
    } else {
      assert.match(await text(page), /before a letter goes there/)
    }
    await page.goto(at)
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
