// A cashier's day in the browser, with everybody else it takes: workbench, suspense, cheque and slip, refund.
// After each the ledger proves itself, and each page is looked at by axe and on a telephone.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { start } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'
import { good, importStatement, openInvoices, pounds, press, sundry, verify } from './lib/desk.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 180_000 }
const ORG = 'NMC'
const HEAD = 'bank_line_id,date,amount,type,payer_name,payer_sort_code,payer_account,reference'
let folder

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sundry-cash-'))
})
after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** A page of a person of a role, at the width of a desk. */
async function as(browser, role) {
  const page = await signIn(browser.context, ORG, role)
  await page.setViewportSize({ width: 1440, height: 900 })
  return page
}

/** The day by which the demo stands, as its footer says it: 30 November 2026. */
async function today(page) {
  const words = /on (\d+ \w+ \d{4})/.exec(await page.locator('footer').innerText())[1]
  return new Date(`${words} 12:00 UTC`).toISOString().slice(0, 10)
}

/** A statement of such lines, imported and matched: reference of the bank, pence, payer, words. */
async function comes(page, name, lines) {
  const day = await today(page)
  const row = ([id, amount, payer, words]) => `${id},${day},${pounds(amount)},FPI,${payer},,,${words}`
  const file = path.join(folder, `${name}.csv`)
  fs.writeFileSync(file, `${[HEAD, ...lines.map(row)].join('\n')}\n`)
  await importStatement(page, file, 'Main account')
}

/** The page of the receipt that waits with these words. */
async function receiptOf(page, words) {
  await page.goto(`${demo}/cash?find=${encodeURIComponent(words)}`)
  return page.locator('main table a[href^="/cash/receipts/"]').first().getAttribute('href')
}

const text = (page) => page.locator('main').innerText()

test('workbench: one receipt after another, with the keyboard', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, 'Cashier')
    const open = await openInvoices(ORG)
    const [rich] = open.filter((one) => open.filter((other) => other.customer === one.customer).length > 1)
    const [first, second] = open.filter((one) => one.customer === rich.customer)
    const [third, fourth] = open.filter((one) => one.customer !== rich.customer)
    await comes(page, 'workbench', [
      ['JW1', first.open + second.open - 100, 'WORKED ALPHA', 'SPLIT OVER TWO'],
      ['JW2', third.open + 550, 'WORKED BRAVO', 'TOO MUCH'],
      ['JW3', 3_000, 'WORKED CHARLIE', 'FOR TWO PEOPLE'],
      ['JW4', 6_137, 'WORKED DELTA', 'NOBODY KNOWS'],
    ])
    await page.goto(`${demo}/cash`)
    await good(page, 'receipts')

    // The list can be narrowed, and stays so from one receipt to the next.
    await page.goto(`${demo}${await receiptOf(page, 'SPLIT OVER TWO')}?find=WORKED`)
    assert.equal(await page.locator('.app-list a').count(), 4)
    await good(page, 'workbench')
    await page.goto(page.url())
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    assert.equal(await page.locator('.app-list a').nth(1).evaluate((link) => link === document.activeElement), true)

    // A customer by name, then more than there is: refused at the amounts, and what was typed is kept.
    await page.locator('#customer').fill(rich.name)
    await press(page, 'Show their items')
    if (await page.getByText('Enter the number of one of them').count()) {
      await page.locator('#customer').fill(rich.customer)
      await press(page, 'Show their items')
    }
    const box = (invoice) => page.getByLabel(`Amount for invoice ${invoice.number}, pounds`)
    await box(first).fill(pounds(first.open))
    await box(second).fill(pounds(second.open))
    await box(second).press('Enter')
    await page.getByText('The amounts add up to').first().waitFor()
    assert.equal(await box(first).inputValue(), pounds(first.open), 'what was typed is kept')
    await good(page, 'workbench-error')

    // Split over two, the second paid in part: f fills what is left, Enter allocates and goes to the next.
    await box(second).fill('')
    await box(second).press('f')
    assert.equal(await box(second).inputValue(), pounds(second.open - 100))
    await Promise.all([page.waitForURL(/done=/), box(second).press('Enter')])
    assert.match(page.url(), /find=WORKED/)
    assert.match(await page.locator('body').innerText(), /went to/)
    const after = await openInvoices(ORG)
    assert.equal(after.find((one) => one.number === first.number), undefined)
    assert.equal(after.find((one) => one.number === second.number).open, 100)
    // Undone at once, and done again.
    await press(page, 'Undo')
    assert.equal((await openInvoices(ORG)).find((one) => one.number === first.number).open, first.open)

    // Too much: the rest stays on the account.
    await page.goto(`${demo}${await receiptOf(page, 'TOO MUCH')}?customer=${third.customer}`)
    await box(third).fill(pounds(third.open))
    await press(page, 'Allocate and go to next')
    await page.goto(`${demo}/cash?find=TOO+MUCH`)
    assert.match(await text(page), /No receipts here/, 'it no longer waits')
    await page.goto(`${demo}/cash/overpayments`)
    assert.match(await text(page), /£5\.50/)
    await good(page, 'overpayments')

    // Across customers: the shares are the whole, or it is refused.
    const both = await receiptOf(page, 'FOR TWO PEOPLE')
    await page.goto(`${demo}${both}/split`)
    await page.locator('#customer-1').fill(rich.customer)
    await page.locator('#share-1').fill('10.00')
    await page.locator('#customer-2').fill(fourth.customer)
    await page.locator('#share-2').fill('19.00')
    await press(page, 'Split and allocate')
    assert.match(await text(page), /add up to £29\.00/)
    await good(page, 'split-error')
    await page.locator('#share-2').fill('20.00')
    await press(page, 'Split and allocate')
    assert.match(await page.locator('body').innerText(), /£30\.00|split|allocated/i)

    // To suspense with a reason and an owner.
    const unknown = await receiptOf(page, 'NOBODY KNOWS')
    await page.goto(`${demo}${unknown}/suspense`)
    await page.locator('#reason').fill('No customer of this name')
    await page.locator('#owner').fill('')
    await press(page, 'Put in suspense')
    await good(page, 'suspense-form-error')
    await page.locator('#owner').fill('Tom Ellerby')
    await page.locator('#next_step').fill('Ask the bank who paid')
    await page.locator('#next_on').fill('+7')
    await press(page, 'Put in suspense')
    assert.match(await text(page), /Owner: Tom Ellerby/)
    await page.goto(`${demo}${unknown}/history`)
    await good(page, 'history')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('workbench: all strong matches, looked at before they are accepted', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, 'Cashier')
    const open = (await openInvoices(ORG)).filter((one, n, all) => all.filter((o) => o.customer === one.customer).length === 1)
    const three = open.slice(-3)
    await comes(page, 'strong', three.map((one, n) => [`JS${n}`, one.open, one.name.toUpperCase().replaceAll(',', ''), 'THANK YOU']))
    await page.goto(`${demo}/cash/accept`)
    await good(page, 'accept')
    assert.match(await page.locator('[data-app-selected]').innerText(), /selected, £/)
    const ticks = page.locator('input[name=receipt]')
    const count = await ticks.count()
    assert.ok(count > 0, 'there is a strong match')
    assert.equal((await openInvoices(ORG)).filter((one) => three.some((other) => other.number === one.number)).length, 3, 'a preview changes nothing')
    await press(page, 'Allocate these receipts')
    assert.match(await page.locator('body').innerText(), new RegExp(`${count} receipts? allocated`))
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('suspense: today\'s list, an owner, found by amount, nil or explained', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, 'Cashier')
    await page.goto(`${demo}/cash/suspense?show=unexplained`)
    await good(page, 'suspense')
    const waiting = page.locator('input[name=receipt]')
    const count = await waiting.count()
    assert.ok(count > 0)
    await press(page, 'Take in hand')
    await page.getByText('Select a receipt').first().waitFor()
    await good(page, 'suspense-error')
    await page.goto(`${demo}/cash/suspense?show=unexplained`)
    const number = await waiting.first().inputValue()
    await page.locator('[data-app-all]').check()
    await page.locator('#next_step').fill('Write to the payer')
    await page.locator('#next_on').fill('+14')
    await press(page, 'Take in hand')
    assert.match(await page.locator('body').innerText(), new RegExp(`has ${count} receipts? of £[\\d,.]+ in hand`))
    await page.goto(`${demo}/cash/suspense?show=unexplained`)
    assert.match(await text(page), /No money in suspense here/)
    await good(page, 'suspense-nil')
    await page.goto(`${demo}/cash/receipts/${number}`)
    const amount = /£([\d,.]+\.\d\d) from/.exec(await text(page))[1]
    await page.goto(`${demo}/cash/suspense?find=${amount}`)
    assert.match(await text(page), new RegExp(number))
    await page.goto(`${demo}/cash/receipts/${number}/history`)
    assert.match(await text(page), /Suspense taken in hand/)

    // Whoever audits sees the same and can change nothing.
    const auditor = await as(browser, 'Auditor')
    await auditor.goto(`${demo}/cash/suspense`)
    assert.match(await text(auditor), new RegExp(number))
    assert.equal(await auditor.getByRole('button', { name: 'Take in hand' }).count(), 0)
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('a cheque: taken, split, paid in, known by the bank\'s line, come back', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, 'Cashier')
    const [one, two] = (await openInvoices(ORG)).filter((row, n, all) => row.open >= 5_000 && all.findIndex((o) => o.customer === row.customer) === n)
    await page.goto(`${demo}/cash/counter/new`)
    await good(page, 'cheque-form')
    await page.locator('#amount').fill('75.00')
    await page.locator('#cheque_number').fill('000431')
    await page.locator('#payer_name').fill('Journey Drawer')
    await page.locator('#customer-1').fill(one.customer)
    await page.locator('#share-1').fill('50.00')
    await page.locator('#invoice-1').fill(one.number)
    await page.locator('#customer-2').fill(two.customer)
    await page.locator('#share-2').fill('24.00')
    await press(page, 'Take it')
    assert.match(await text(page), /£1\.00 less/)
    assert.equal(await page.locator('#cheque_number').inputValue(), '000431', 'what was typed is kept')
    await good(page, 'cheque-form-error')
    await page.locator('#share-2').fill('25.00')
    await press(page, 'Take it')
    await page.getByRole('heading', { level: 1, name: /Payment PAY-/ }).waitFor()
    await good(page, 'cheque')
    const cheque = page.url()

    // What is in the office is counted, wrongly at first, and goes on a slip.
    await page.goto(`${demo}/cash/paying-in`)
    await good(page, 'paying-in')
    const sums = await page.locator('input[name=payment]').evaluateAll((all) => all.map((box) => Number(box.dataset.pence)))
    const rows = await page.locator('tr:has(input[name=payment])').allInnerTexts()
    const sum = (of) => pounds(sums.filter((_, n) => /Cheque/.test(rows[n]) === of).reduce((a, b) => a + b, 0))
    await page.locator('#slip').fill('770431')
    await page.locator('#cheques').fill(String(rows.filter((row) => /Cheque/.test(row)).length))
    await page.locator('#cheques_sum').fill('1.00')
    await page.locator('#cash').fill(sum(false))
    await press(page, 'Make the slip')
    assert.match(await text(page), /Counted:/)
    await good(page, 'paying-in-error')
    await page.locator('#cheques_sum').fill(sum(true))
    await press(page, 'Make the slip')
    await page.getByRole('heading', { level: 1, name: 'Paying-in slip 770431' }).waitFor()
    await good(page, 'slip')
    const slip = page.url()
    const pdf = await browser.context.request.get(`${slip}/slip?format=pdf`)
    assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-')
    const csv = await (await browser.context.request.get(`${slip}/slip?format=csv`)).text()
    assert.match(csv, /000431/)

    // The bank's line names the slip; nothing is posted twice.
    await comes(page, 'slip', [['JC1', sums.reduce((a, b) => a + b, 0), 'COUNTER', 'PAYING IN 770431']])
    await page.goto(slip)
    assert.match(await text(page), /At the bank/)
    await verify(ORG)

    // It comes back: the debt is open again, and the letter waits.
    await page.goto(cheque)
    await press(page, 'It came back unpaid')
    assert.match(await text(page), /Say why it came back/)
    await page.locator('#reason').fill('Refer to drawer')
    await press(page, 'It came back unpaid')
    assert.match(await page.locator('body').innerText(), /came back; £50\.00 is owed again\. Waiting to be sent: LTR-/)
    await good(page, 'cheque-returned')
    await page.goto(`${demo}/cash/counter?state=returned`)
    assert.match(await text(page), /Journey Drawer/)
    await good(page, 'register')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('a refund: asked by one, approved by another, released by a third', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, 'Cashier')
    const open = await openInvoices(ORG)
    const { customer } = open[open.length - 1]
    await page.goto(`${demo}/cash/counter/new?customer=${customer}`)
    await page.locator('input[name=method][value=cash]').check()
    await page.locator('#amount').fill('31.20')
    await press(page, 'Take it')
    const receipt = await page.locator('main a[href^="/cash/receipts/RCT-"]').first().innerText()
    await page.goto(`${demo}/cash/overpayments/decide?credit=${receipt}`)
    await good(page, 'decide')
    await page.locator('input[name=choice][value=refund]').check()
    await press(page, 'Continue')
    await good(page, 'refund-form')
    await press(page, 'Ask for approval')
    await page.getByText('Choose why from the list').first().waitFor()
    await page.locator('input[name=reason][value=overpaid]').check()
    await page.locator('#words').fill('Letter of 30 October')
    await page.locator('#sort_code').fill('08-99-99')
    await page.locator('#account').fill('66374958')
    await page.locator('#call_back').fill('Rang the number on file today')
    await press(page, 'Ask for approval')
    // Money is still owed on the account: that takes somebody's authority.
    await good(page, 'refund-form-error')
    if (await page.locator('#authority').count()) await page.locator('#authority').fill('Head of service, e-mail of today')
    await press(page, 'Ask for approval')
    if (await page.locator('input[name=seen]').count()) {
      await page.locator('input[name=seen]').check()
      await press(page, 'Ask for approval')
    }
    await page.getByRole('heading', { level: 1, name: /Refund RFD-/ }).waitFor()
    await good(page, 'refund')
    const refund = page.url()
    const approval = await page.locator('a[href^="/approvals/APP-"]').first().getAttribute('href')
    // Whoever asked cannot approve.
    const own = await page.goto(`${demo}${approval}`)
    assert.ok(own.status() === 403 || (await page.getByRole('button', { name: 'Approve' }).count()) === 0)
    await page.close()

    const approver = await as(browser, 'Approver')
    await approver.goto(`${demo}${approval}`)
    assert.doesNotMatch(await text(approver), /66374958/, 'the account is not shown')
    await good(approver, 'refund-approval')
    await Promise.all([approver.waitForEvent('load'), approver.getByRole('button', { name: /Approve/ }).first().click()])
    await approver.close()
    await verify(ORG)

    const cashier = await as(browser, 'Cashier')
    await cashier.goto(refund)
    assert.match(await text(cashier), /Approved/)
    await cashier.goto(`${demo}/cash/payment-batches`)
    await good(cashier, 'payments-out')
    await press(cashier, 'Put them in a batch')
    await cashier.getByRole('heading', { level: 1, name: /Payment batch PMT-/ }).waitFor()
    const batch = cashier.url()
    await good(cashier, 'batch')
    assert.equal(await cashier.getByRole('button', { name: 'Release it' }).count(), 0, 'who made it does not release it')
    await cashier.close()

    const leader = await as(browser, 'Team leader')
    await leader.goto(batch)
    for (const step of ['Release it', 'Write the file', 'It was sent', 'It was paid']) await press(leader, step)
    assert.match(await text(leader), /Paid/)
    await good(leader, 'batch-paid')
    assert.match(await (await browser.context.request.get(`${batch}/file`)).text(), /66374958/)
    await leader.goto(`${demo}/cash/refunds`)
    await good(leader, 'refunds')
    await leader.close()
    await verify(ORG)

    // The bank could not pay it: the credit stands again, and nothing disappears.
    const again = await as(browser, 'Cashier')
    await again.goto(refund)
    await again.locator('#reason').fill('Account closed')
    await press(again, 'Take it back')
    assert.match(await text(again), /Came back/)
    await again.goto(`${demo}/cash/overpayments`)
    assert.match(await text(again), /£31\.20/)
    await verify(ORG)
    assert.match(await sundry('--org', ORG, 'cash', 'out', 'list', 'all'), /returned/)
  } finally {
    await browser.close()
  }
})
