// Overpaid pay in the browser: told of, agreed, on the list for payroll, kept and recorded by a cashier, undone, ended; a
// provider told by letter of a payment that was cut.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { start } from './lib/browser.mjs'
import { demo } from './lib/demo.mjs'
import { good, press, sundry, verify } from './lib/desk.mjs'
import { all, as, field, follow, text } from './lib/work.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 240_000 }
const ORG = 'NMC'
let folder

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sundry-overpayments-'))
})
after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** Somebody who left and was paid 900.00 too much. */
const LEAVER = { name: 'Rhian Overpaid', kind: 'employee', what: 'Pay after the last day', service: 'Payroll', type: 'Salary overpayment' }
/** A home that was paid 900.00 too much. */
const HOME = { name: 'Elm House Overpaid Ltd', house: '19 Elm Rise', kind: 'company', what: 'Care that was not given', service: 'Adult care', type: 'Care provider overpayment' }

/** Their account and the debt. */
async function overpaid(who) {
  const where = ['--address1', who.house ?? '4 Weir Lane', '--town', 'Northmere', '--postcode', 'NM1 1AA']
  const added = await sundry('--org', ORG, 'customer', 'add', '--name', who.name, '--kind', who.kind, ...where)
  const [customer] = added.match(/C\d{6}/)
  const line = { description: who.what, quantity: '1', unit_price: '900.00', vat_code: 'O', income_code: '', gross_entered: false }
  const form = { customer_number: customer, supply_on: '2026-10-30', service: who.service, debt_type: who.type, lines: [line] }
  const file = path.join(folder, `${customer}.json`)
  fs.writeFileSync(file, JSON.stringify(form))
  const raised = await sundry('--org', ORG, 'invoice', 'raise', '--input', file)
  const [debt] = raised.match(/[A-Z]+-\d+/)
  return { customer, debt }
}

async function fact(page, customer, debt, label) {
  await page.goto(`${demo}/customers/${customer}/debt-facts`)
  await field(page, 'Number of the debt').fill(debt)
  await field(page, 'What happened?').selectOption({ label })
  await field(page, 'On which day?').fill('today')
  await field(page, 'The document').fill('Letter on the payroll file')
  await press(page, 'Record the fact')
}

/** The calculation: refused while it does not come to the debt, then written. */
async function workedOut(page, customer, debt) {
  await page.goto(`${demo}/customers/${customer}/people`)
  await follow(page, 'Work out overpaid pay')
  await good(page, 'pay-calculation-form')
  const period = (gross) => `01/10/2026; 31/10/2026; 28/10/2026; ${gross}; 150.00; 60.00; 0; Left on 30 September`
  await field(page, 'Number of the debt').fill(debt)
  await field(page, 'Pay periods that were overpaid').fill(period('1100.00'))
  await field(page, 'By when is it to be paid back?').fill('+60')
  await field(page, 'Can payroll correct the tax?').selectOption({ label: 'Yes' })
  await field(page, "Payroll's document").fill('Sheet on the payroll file')
  await press(page, 'Write the letter')
  assert.match(await text(page), /The calculation comes to £890\.00, and the debt is £900\.00/)
  await field(page, 'Pay periods that were overpaid').fill(period('1110.00'))
  await press(page, 'Write the letter')
  assert.match(await all(page), /LTR-\d+ is written/)
  await good(page, 'pay-calculation')
}

test('overpaid pay is agreed, kept by payroll, recorded, undone and ended', options, async () => {
  const browser = await start()
  const till = await start()
  try {
    const { customer, debt } = await overpaid(LEAVER)
    const clerk = await as(browser, ORG, 'Credit controller')
    await clerk.goto(`${demo}/customers/${customer}/people`)
    await follow(clerk, 'Take an overpayment back')
    await good(clerk, 'overpayment-agree')
    await press(clerk, 'Agree it')
    assert.match(await text(clerk), /There is a problem/)
    await good(clerk, 'overpayment-agree-error')
    await field(clerk, 'Number of the debt').fill(debt)
    await field(clerk, 'What is it taken from?').selectOption({ label: 'From pay' })
    await field(clerk, 'What allows it?').selectOption({ label: 'Written agreement' })
    await field(clerk, 'The document').fill('Form signed today')
    await field(clerk, 'How much each time?').fill('450.00')
    await field(clerk, 'How often is there pay, or a payment?').selectOption({ label: 'Every month' })
    await field(clerk, 'The first day').fill('today')
    await field(clerk, 'In how many pay periods was it overpaid?').fill('3')
    await press(clerk, 'Agree it')
    assert.match(await text(clerk), /REC-05-CALCULATION/)
    assert.equal(await field(clerk, 'How much each time?').inputValue(), '450.00', 'what was typed is kept')
    await workedOut(clerk, customer, debt)
    await fact(clerk, customer, debt, 'Recovery from pay agreed in writing')
    await clerk.goto(`${demo}/customers/${customer}/overpayment`)
    await field(clerk, 'Number of the debt').fill(debt)
    await field(clerk, 'The document').fill('Form signed today')
    await field(clerk, 'How much each time?').fill('450.00')
    await field(clerk, 'How often is there pay, or a payment?').selectOption({ label: 'Every month' })
    await field(clerk, 'The first day').fill('today')
    await field(clerk, 'In how many pay periods was it overpaid?').fill('3')
    await press(clerk, 'Agree it')
    assert.match(await text(clerk), /It arose in 3 pay periods and would be taken back in 2 deductions/)
    await field(clerk, 'How much each time?').fill('300.00')
    await press(clerk, 'Agree it')
    assert.match(await all(clerk), /£900\.00 is taken back in 3 deductions/)
    const [number] = clerk.url().match(/OPR-\d+/)
    await good(clerk, 'overpayment')

    const cashier = await as(till, ORG, 'Cashier')
    await cashier.goto(`${demo}/cash/overpayments`)
    await follow(cashier, 'Kept back')
    await good(cashier, 'overpayments')
    assert.match(await text(cashier), /What payroll, or payments, are to keep/)
    await follow(cashier, number)
    await cashier.getByRole('link', { name: /^Record what was kept on/ }).first().click()
    await good(cashier, 'overpayment-taken')
    await field(cashier, 'How much was kept?').fill('310.00')
    await field(cashier, 'On which day?').fill('today')
    await field(cashier, 'Reference').fill('Payroll journal 11')
    await press(cashier, 'Record what was kept')
    assert.match(await text(cashier), /£300\.00 was agreed, not £310\.00/)
    await field(cashier, 'How much was kept?').fill('300.00')
    await press(cashier, 'Record what was kept')
    assert.match(await all(cashier), /£300\.00 kept, £600\.00 open still/)
    await verify(ORG)
    await follow(cashier, 'Undo deduction 1')
    await good(cashier, 'overpayment-undo')
    await field(cashier, 'Why was it wrong?').fill('The payslip was of another')
    await press(cashier, 'Undo it')
    assert.match(await all(cashier), /Undone: £900\.00 is open/)
    await verify(ORG)

    await clerk.goto(`${demo}/recovery/overpayments/${number}`)
    await follow(clerk, 'End it')
    await good(clerk, 'overpayment-end')
    await field(clerk, 'Why does it end?').fill('She left; it is invoiced')
    await press(clerk, 'End it')
    assert.match(await all(clerk), /Ended: £900\.00 is open/)
    await good(clerk, 'overpayment-ended')
  } finally {
    await till.close()
    await browser.close()
  }
})

test('a provider reads by letter what was kept of a payment', options, async () => {
  const browser = await start()
  const till = await start()
  try {
    const { customer, debt } = await overpaid(HOME)
    const clerk = await as(browser, ORG, 'Credit controller')
    await fact(clerk, customer, debt, 'Notice sent to the provider')
    await clerk.goto(`${demo}/customers/${customer}/overpayment`)
    await field(clerk, 'Number of the debt').fill(debt)
    await field(clerk, 'What is it taken from?').selectOption({ label: 'From payments to the provider' })
    await field(clerk, 'What allows it?').selectOption({ label: 'Term of the contract' })
    await field(clerk, 'The document').fill('Clause 14.3 of the framework')
    await field(clerk, 'How much each time?').fill('450.00')
    await field(clerk, 'How often is there pay, or a payment?').selectOption({ label: 'Every four weeks' })
    await field(clerk, 'The first day').fill('today')
    await press(clerk, 'Agree it')
    assert.match(await all(clerk), /£900\.00 is taken back in 2 deductions/)
    const [number] = clerk.url().match(/OPR-\d+/)

    const cashier = await as(till, ORG, 'Cashier')
    await cashier.goto(`${demo}/recovery/overpayments/${number}`)
    await cashier.getByRole('link', { name: /^Record what was kept on/ }).first().click()
    await field(cashier, 'How much was kept?').fill('450.00')
    await field(cashier, 'On which day?').fill('today')
    await field(cashier, 'Reference').fill('Remittance 41')
    await press(cashier, 'Record what was kept')
    assert.match(await all(cashier), /£450\.00 kept, £450\.00 open still; letter LTR-\d+ tells the provider/)
    assert.equal(await cashier.getByRole('link', { name: /^Letter LTR-/ }).count(), 1)
    await good(cashier, 'overpayment-set-off')
    await verify(ORG)
  } finally {
    await till.close()
    await browser.close()
  }
})
