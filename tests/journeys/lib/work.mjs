// What the journeys of recovery share: who sits at the desk, what the page says, and whose debts there are.
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { signIn } from './demo.mjs'
import { pounds, sundry } from './desk.mjs'

/** A page of a person of a role, at the width of a desk. */
export async function as(browser, organisation, role) {
  const page = await signIn(browser.context, organisation, role)
  await page.setViewportSize({ width: 1440, height: 900 })
  return page
}

/** What the page says below its frame. */
export const text = (page) => page.locator('main').innerText()

/** What the page says, the word of success above it too. */
export const all = (page) => page.locator('body').innerText()

/** The field of exactly this label. */
export const field = (page, label) => page.getByLabel(label, { exact: true })

/** Follows the link of exactly this name, be it drawn as a button. */
export async function follow(page, name) {
  const link = page.locator('main').getByRole('link', { name, exact: true }).or(page.locator('main a').and(page.getByRole('button', { name, exact: true })))
  await Promise.all([page.waitForEvent('load'), link.first().click()])
}

/** Customers of the open invoices, each once: number, name, what they owe, the invoices. */
export function debtors(invoices) {
  const all = new Map()
  for (const one of invoices) {
    const found = all.get(one.customer) ?? { number: one.customer, name: one.name, owes: 0, invoices: [] }
    found.owes += one.open
    found.invoices.push(one)
    all.set(one.customer, found)
  }
  return [...all.values()]
}

/**
 * People of this journey's own, whom nothing holds, with no plan and two months overdue: four who owe from so many
 * pence to four times as much, the largest debt first. Taken in from files, so no journey before can have used them up.
 */
export async function people(organisation, least) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sundry-people-'))
  const base = 1_000_000 + crypto.randomInt(9_000_000) * 10
  const all = [3, 2, 1, 0].map((n) => ({
    number: `J${base + n}`,
    name: `${GIVEN[crypto.randomInt(GIVEN.length)]} ${FAMILY[crypto.randomInt(FAMILY.length)]}`,
    owes: least * (n + 1),
    invoice: `JI${base + n}`,
  }))
  const customers = all.map((one, n) => `${one.number},${one.name},person,${n + 1} Weir Road,Northmoor,ZZ1 1AA,,30,,`)
  const invoices = all.map((one) => `${one.invoice},${one.number},2026-08-24,2026-09-23,,${pounds(one.owes)},0.00,${pounds(one.owes)}`)
  const files = {
    customers: ['customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no', ...customers],
    invoices: ['invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross', ...invoices],
  }
  for (const [what, lines] of Object.entries(files)) {
    const file = path.join(folder, `${what}.csv`)
    fs.writeFileSync(file, `${lines.join('\n')}\n`)
    await sundry('--org', organisation, 'import', what, file)
  }
  fs.rmSync(folder, { recursive: true })
  return all.map((one) => ({ number: one.number, name: one.name, owes: one.owes, invoices: [{ number: one.invoice, open: one.owes }] }))
}

const GIVEN = ['Aled', 'Bronwen', 'Callum', 'Della', 'Edwin', 'Farah', 'Gwilym', 'Hester', 'Idris', 'Joyce', 'Kiran', 'Leonie']
const FAMILY = ['Ash', 'Birkett', 'Cardew', 'Dunmore', 'Eccles', 'Fenwick', 'Garside', 'Holroyd', 'Inskip', 'Jowett', 'Kershaw', 'Lomax']
