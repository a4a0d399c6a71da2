// What the journeys of recovery share: who sits at the desk, what the page says, and whose debts there are.
import { demo, signIn } from './demo.mjs'
import { openInvoices } from './desk.mjs'

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
 * People whom nothing holds, with no plan, not at court (its costs are no invoices), a month overdue and more, who owe
 * between these pence, the largest debt first.
 */
export async function people(page, organisation, least, most) {
  const found = []
  for (const one of debtors(await openInvoices(organisation)).filter((one) => one.owes >= least && one.owes <= most)) {
    await page.goto(`${demo}/customers/${one.number}`)
    const says = await text(page)
    // Flags stand above the buttons, beside the name.
    const [head] = says.split('Record a call')
    const overdue = Number(says.match(/Oldest (\d+) days?/)?.[1] ?? 0)
    const flagged = /breathing space|deceased|insolvent|vulnerable|support|hospital|gone away|staff/i.test(head)
    const waits = /Next: (wait|the plan)/.test(says)
    if (/Individual/.test(head) && overdue > 30 && !flagged && !waits && !/CRT-\d/.test(says) && /Plans \(0\)/.test(says)) found.push(one)
  }
  return found.sort((a, b) => b.owes - a.owes)
}
