// A card over the telephone: taken on the provider's page, refunded by two, disputed; and a card number is kept nowhere.
import { before, test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { start } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'
import { good, openInvoices, press, sundry, verify } from './lib/desk.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 180_000 }
const ORG = 'NMC'
/** Passes the check of card numbers; belongs to nobody. */
const CARD = '4111 1111 1111 1111'

/** The practice provider: a page of ours that says how a payment ends. */
async function practise() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sundry-cards-'))
  const file = path.join(folder, 'provider.json')
  const provider = { provider: 'practice', public_url: 'https://pay.northmere.example', telephone: true, links: false }
  fs.writeFileSync(file, JSON.stringify(provider))
  await sundry('--org', ORG, 'cards', 'provider', '--input', file)
  fs.rmSync(folder, { recursive: true, force: true })
}

const text = (page) => page.locator('main').innerText()

/** A page of a person of a role, at the width of a desk. */
async function as(browser, role) {
  const page = await signIn(browser.context, ORG, role)
  await page.setViewportSize({ width: 1440, height: 900 })
  return page
}

/** Opens the card page of the payment on show, ends it there, and comes back. */
async function atTheProvider(page, how) {
  await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: "Open the provider's card page" }).or(page.getByRole('button', { name: "Open the provider's card page" })).first().click()])
  await page.getByRole('heading', { level: 1, name: 'Practice card page' }).waitFor()
  await good(page, 'practice-card')
  await press(page, how)
  await page.getByRole('heading', { level: 1, name: /CP-/ }).waitFor()
}

before(async () => {
  if (demo) await practise()
})

test('a card over the telephone: an item is paid, refused cards change nothing', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, 'Cashier')
    const [invoice] = (await openInvoices(ORG)).slice(-1)
    const form = `${demo}/customers/${invoice.customer}/card`
    await page.goto(form)
    await good(page, 'card-take')
    await page.locator('#amount').fill('ten')
    await press(page, 'Open the card page')
    assert.equal(await page.locator('#amount').inputValue(), 'ten', 'what was typed is kept')
    await good(page, 'card-take-error')

    // The card is refused: the debt stands as before.
    await page.goto(form)
    await page.locator(`input[name=item][value="${invoice.number}"]`).check()
    await press(page, 'Open the card page')
    await page.getByRole('heading', { level: 1, name: /CP-/ }).waitFor()
    await good(page, 'card-waiting')
    await atTheProvider(page, 'The card is refused')
    await good(page, 'card-refused')
    const after = (await openInvoices(ORG)).find((one) => one.number === invoice.number)
    assert.equal(after.open, invoice.open)

    await page.goto(form)
    await page.locator(`input[name=item][value="${invoice.number}"]`).check()
    await press(page, 'Open the card page')
    await atTheProvider(page, 'The card is accepted')
    await good(page, 'card-paid')
    assert.match(await text(page), /RCT-\d+/)
    assert.ok((await text(page)).includes(`${invoice.number} `), 'it says what was paid')
    assert.equal((await openInvoices(ORG)).some((one) => one.number === invoice.number), false, 'it is paid')
    // Going back to the same address takes nothing twice.
    await page.goto(`${page.url()}/back`)
    assert.equal(new Set((await text(page)).match(/RCT-\d+/g)).size, 1)
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('a card refund: asked by one, approved by another; then a dispute', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, 'Cashier')
    const [{ customer }] = (await openInvoices(ORG)).slice(-2)
    await page.goto(`${demo}/customers/${customer}/card`)
    await page.locator('#amount').fill('25.00')
    for (const ticked of await page.locator('input[name=item]:checked').all()) await ticked.uncheck()
    await press(page, 'Open the card page')
    await atTheProvider(page, 'The card is accepted')
    const payment = page.url()
    await page.goto(`${payment}/refund`)
    await good(page, 'card-refund')
    await page.locator('#amount').fill('99.00')
    await page.locator('#reason').fill('Paid twice, she says')
    await page.locator('#all_the_same').fill('She needs it today; head of service agrees')
    await press(page, 'Ask for the refund')
    assert.equal(await page.locator('#amount').inputValue(), '99.00', 'more than came is refused, and kept')
    await good(page, 'card-refund-error')
    await page.locator('#amount').fill('25.00')
    await press(page, 'Ask for the refund')
    const approval = `/approvals/${/APP-\d+/.exec(await page.locator('body').innerText())[0]}`
    const own = await page.goto(`${demo}${approval}`)
    assert.ok(own.status() === 403 || (await page.getByRole('button', { name: 'Approve' }).count()) === 0)
    await page.close()

    const approver = await as(browser, 'Approver')
    await approver.goto(`${demo}${approval}`)
    await good(approver, 'card-refund-approval')
    await Promise.all([approver.waitForEvent('load'), approver.getByRole('button', { name: /Approve/ }).first().click()])
    await approver.close()
    await verify(ORG)

    const cashier = await as(browser, 'Cashier')
    for (const [list, name] of [['/cash/cards', 'cards'], ['/cash/card-refunds', 'card-refunds'], ['/cash/card-payouts', 'card-payouts']]) {
      await cashier.goto(`${demo}${list}`)
      await good(cashier, name)
    }
    await cashier.goto(`${payment}/dispute`)
    await good(cashier, 'card-dispute')
    await cashier.locator('#amount').fill('5.00')
    await cashier.locator('#provider_ref').fill('DP-100')
    await cashier.locator('input[name=state][value=under_review]').check()
    await cashier.locator('#reason').fill('Does not know the payment')
    await press(cashier, 'Record the dispute')
    await cashier.goto(`${demo}/cash/card-disputes`)
    assert.match(await text(cashier), /CD-\d+/)
    await good(cashier, 'card-disputes')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('a card number is refused where it is typed, and what was typed is kept', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, 'Credit controller')
    const [{ customer }] = await openInvoices(ORG)
    await page.goto(`${demo}/customers/${customer}/notes`)
    const note = page.locator('main textarea').first()
    await note.fill(`Paid by card ${CARD} on the telephone`)
    await Promise.all([page.waitForEvent('load'), page.locator('main form button').first().click()])
    assert.match(await text(page), /card number/i)
    assert.ok((await page.locator('main textarea').first().inputValue()).includes('Paid by card'), 'what was typed is kept')
    await good(page, 'note-with-card')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
