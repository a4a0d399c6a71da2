// A debt is given up in the browser: evidence put on file, a schedule, decided by somebody else with their security code;
// money that comes afterwards is written back; the register of losses and the committee's report tell the same.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { start } from './lib/browser.mjs'
import { demo } from './lib/demo.mjs'
import { good, importStatement, pounds, press, verify } from './lib/desk.mjs'
import { all, as, field, follow, people, text } from './lib/work.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 300_000 }
const ORG = 'NMC'
let folder

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sundry-write-off-'))
})
after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** The six digits an authenticator shows for a secret now, or so many half minutes later. */
function digits(secret, later = 0) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replace(/[^A-Z2-7]/g, '')].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)))
  const count = Buffer.alloc(8)
  count.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later))
  const mac = crypto.createHmac('sha1', key).update(count).digest()
  const at = mac[19] & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** Sets a security code up as a person does; gives its secret. */
async function securityCode(page) {
  await page.goto(`${demo}/me/security-code`)
  await good(page, 'security-code')
  await press(page, 'Set up a security code')
  await good(page, 'security-code-begun')
  const [secret] = (await text(page)).match(/(?:[A-Z2-7]{4} ?){4,}/)
  await field(page, 'The six digits it shows').fill('12345')
  await press(page, 'Confirm')
  assert.match(await text(page), /There is a problem/)
  await field(page, 'The six digits it shows').fill(digits(secret))
  await press(page, 'Confirm')
  assert.match(await all(page), /Your security code is set up/)
  await good(page, 'security-code-set')
  return secret
}

test('a debt is given up with evidence, by somebody else, and money that comes later is written back', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, ORG, 'Credit controller')
    const [who] = await people(ORG, 10_000)
    const [debt] = who.invoices
    await page.goto(`${demo}/write-offs`)
    await good(page, 'write-off-candidates')
    await page.goto(`${demo}/write-offs/debts/${debt.number}`)
    await good(page, 'write-off-debt')

    // Without evidence the proposal is refused at the reason.
    await page.getByLabel('Died, no estate', { exact: true }).check()
    await field(page, 'What was done to recover it').fill('Three letters and two calls')
    await press(page, 'Propose')
    await good(page, 'write-off-debt-error')
    const lacked = /There is a problem/.test(await text(page))
    if (lacked) assert.equal(await field(page, 'What was done to recover it').inputValue(), 'Three letters and two calls')
    assert.ok(lacked, 'a write-off without evidence is refused')

    // What the reason needs is a list; each is put on file, one with a paper.
    const needs = page.getByRole('table', { name: /died, no estate/i })
    assert.ok(await needs.count(), 'the page says which evidence the reason needs')
    const kinds = await page.getByLabel('What is it?', { exact: true }).locator('option').allInnerTexts()
    const lacks = (await needs.first().getByRole('row').allInnerTexts()).filter((row) => /Missing/.test(row)).map((row) => row.split(/[\t\n]/)[0].trim().toLowerCase())
    const paper = path.join(folder, 'report.pdf')
    fs.writeFileSync(paper, '%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
    for (const [at, kind] of kinds.filter((kind) => lacks.includes(kind.trim().toLowerCase())).entries()) {
      await field(page, 'What is it?').selectOption({ label: kind })
      await field(page, 'What it shows').fill(`${kind}: seen on 30 November 2026`)
      if (at === 0) await page.locator('input[type=file]').setInputFiles(paper)
      await press(page, 'Put on file')
      assert.match(await all(page), /The evidence is on file/)
    }
    await good(page, 'write-off-evidence')
    await page.getByLabel('Died, no estate', { exact: true }).check()
    await field(page, 'What was done to recover it').fill('Three letters; the will register and the probate registry were searched')
    await press(page, 'Propose')
    const [, schedule] = page.url().match(/\/approvals\/writeoffs\/(.+)$/) ?? []
    assert.ok(schedule, await text(page))
    await good(page, 'write-off-schedule-own')
    assert.match(await text(page), new RegExp(who.name))
    assert.equal(await page.getByRole('button', { name: /^Go on/ }).count(), 0, 'nobody decides on their own')

    // Somebody else decides, with the code of their own authenticator.
    const approver = await as(browser, ORG, 'Approver')
    const secret = await securityCode(approver)
    await approver.goto(`${demo}/approvals/writeoffs`)
    await good(approver, 'write-off-schedules')
    await approver.goto(`${demo}/approvals/writeoffs/${schedule}`)
    await good(approver, 'write-off-schedule')
    const row = approver.getByRole('row', { name: new RegExp(debt.number) })
    const tick = row.getByRole('checkbox')
    if ((await tick.count()) && !(await tick.isChecked())) await tick.check()
    await Promise.all([approver.waitForEvent('load'), approver.getByRole('button', { name: /^Go on/ }).click()])
    await good(approver, 'write-off-confirm')
    assert.match(await text(approver), new RegExp(debt.number))
    const give = approver.getByRole('button', { name: /^Write off \d+ debts? of £/ })
    await field(approver, 'Security code').fill('000000')
    await Promise.all([approver.waitForEvent('load'), give.click()])
    assert.match(await text(approver), /security code is not right/i)
    await good(approver, 'write-off-confirm-error')
    await field(approver, 'Security code').fill(digits(secret, 1))
    await Promise.all([approver.waitForEvent('load'), give.click()])
    assert.match(await all(approver), /written off/i)
    await good(approver, 'write-off-decided')

    // It is in the list for ever, in the register of losses and in the committee's report.
    await approver.goto(`${demo}/write-offs/all`)
    await good(approver, 'write-off-all')
    assert.match(await text(approver), new RegExp(debt.number))
    await approver.goto(`${demo}/write-offs/register`)
    await good(approver, 'losses-register')
    assert.match(await text(approver), /Died, no estate/)
    await approver.goto(`${demo}/write-offs/report`)
    await good(approver, 'committee-report')
    assert.match(await text(approver), /died, no estate/i)
    await verify(ORG)

    // Money comes all the same: it waits, is written back, and the register says recovered.
    const cashier = await as(browser, ORG, 'Cashier')
    await cashier.goto(`${demo}/customers/${who.number}`)
    const day = new Date(`${/on (\d+ \w+ \d{4})/.exec(await cashier.locator('footer').innerText())[1]} 12:00 UTC`).toISOString().slice(0, 10)
    const file = path.join(folder, 'late.csv')
    const head = 'bank_line_id,date,amount,type,payer_name,payer_sort_code,payer_account,reference'
    fs.writeFileSync(file, `${head}\nWO1,${day},${pounds(debt.open)},FPI,${who.name.toUpperCase()},,,${debt.number}\n`)
    await importStatement(cashier, file, 'Main account')
    // The invoice has nothing open, so nobody but a person says whose it is: it is kept on their account.
    await cashier.goto(`${demo}/cash?find=${debt.number}`)
    const receipt = await cashier.locator('main table a[href^="/cash/receipts/"]').first().getAttribute('href')
    await cashier.goto(`${demo}${receipt}?customer=${who.number}`)
    await good(cashier, 'write-off-receipt')
    await cashier.getByRole('radio', { name: /^All of it on the account/ }).check()
    await press(cashier, 'Allocate and go to next')
    const controller = await as(browser, ORG, 'Credit controller')
    await controller.goto(`${demo}/write-offs/money`)
    await good(controller, 'write-off-money')
    assert.match(await text(controller), new RegExp(debt.number))
    const back = controller.getByRole('button', { name: /^Write back £/ })
    await Promise.all([controller.waitForEvent('load'), back.first().click()])
    await good(controller, 'write-off-back')
    const [, approval] = (await all(controller)).match(/Write-back of £[\d,.]+ asked for: (APP-\d+)/)
    const second = await as(browser, ORG, 'Approver')
    await second.goto(`${demo}/approvals/${approval}`)
    await good(second, 'write-back-approval')
    await press(second, 'Approve')
    await second.goto(`${demo}/billing/invoices/${debt.number}`)
    await good(second, 'write-back-invoice')
    await second.goto(`${demo}/write-offs/register`)
    await good(second, 'losses-recovered')
    const line = await second.getByRole('row', { name: new RegExp(debt.number) }).or(second.getByRole('row', { name: /WO-000002/ })).first().innerText()
    assert.equal(line.match(new RegExp(`£${pounds(debt.open).replace('.', '\\.')}`, 'g'))?.length, 2, 'gross and recovered')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('small balances, questions to services, debtors that come again and criteria open to those who may', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, ORG, 'Credit controller')
    await page.goto(`${demo}/write-offs/small`)
    await field(page, 'Greatest balance').fill('plenty')
    await press(page, 'Simulate')
    assert.match(await text(page), /Enter an amount/)
    assert.equal(await field(page, 'Greatest balance').inputValue(), 'plenty')
    await good(page, 'small-error')
    await field(page, 'Greatest balance').fill('5')
    await press(page, 'Simulate')
    await good(page, 'small')
    for (const [name, at] of [['asked', 'referrals'], ['there-again', 'reappeared'], ['criteria', 'policy']]) {
      await page.goto(`${demo}/write-offs/${at}`)
      await good(page, name)
    }
    assert.equal(await page.getByRole('button', { name: 'Ask for the change' }).count(), 0, 'a controller changes no criteria')
    await page.goto(`${demo}/write-offs`)
    await follow(page, 'Losses register')
    const [csv, xlsx] = [await page.request.get(`${demo}/write-offs/register?format=csv`), await page.request.get(`${demo}/write-offs/register?format=xlsx`)]
    assert.match(await csv.text(), /WO-\d+/)
    assert.equal((await xlsx.body()).subarray(0, 2).toString(), 'PK')
    const cashier = await as(browser, ORG, 'Cashier')
    const seen = await cashier.goto(`${demo}/approvals/writeoffs`)
    assert.equal(seen.status(), 200, 'who runs reports reads the schedules')
    await good(cashier, 'schedules-cashier')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
