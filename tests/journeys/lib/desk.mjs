// What the journeys of money share: the ledger proves itself, a page is fit to be shown, a button is pressed.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { scrollsSideways, shoot, violations } from './browser.mjs'
import { demo } from './demo.mjs'

/** Runs the program against the served home; gives what it printed. */
export const sundry = (...words) =>
  new Promise((done, failed) => {
    execFile(process.env.SUNDRY_BIN, words, { maxBuffer: 1 << 26 }, (error, out, told) => {
      if (error) failed(new Error(`sundry ${words.join(' ')}: ${out}${told}`))
      else done(out)
    })
  })

/** The ledger of an organisation proves itself. */
export const verify = (organisation) => sundry('--org', organisation, 'verify')

/** Cells of a line of CSV. */
const cells = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1].replace(/^"|"$/g, '').replaceAll('""', '"'))
/** Pounds as the books write them, in whole pence. */
export const pence = (pounds) => Math.round(Number(pounds) * 100)
/** Whole pence as a person types them. */
export const pounds = (amount) => (amount / 100).toFixed(2)

/** Invoices that are open and not disputed, oldest due first: customer, name, number, open in pence. */
export async function openInvoices(organisation) {
  const [head, ...lines] = (await sundry('--org', organisation, 'export', 'items', '--format', 'csv')).trim().split(/\r?\n/)
  const names = cells(head)
  return lines
    .map((line) => Object.fromEntries(cells(line).map((cell, n) => [names[n], cell])))
    .filter((row) => row.kind === 'invoice' && pence(row.open) > 0 && pence(row.disputed) === 0 && !row.number.includes('/'))
    .sort((a, b) => a.due_on.localeCompare(b.due_on))
    .map((row) => ({ customer: row.customer_id, name: row.name, number: row.number, open: pence(row.open) }))
}

/** The page as it stands: nothing for axe to find, nothing that scrolls sideways on a telephone. */
export async function good(page, name) {
  assert.deepEqual(await violations(page), [], name)
  const before = page.viewportSize()
  if (process.env.SHOTS) await shoot(page, `${process.env.SHOTS}/${name}-1440.png`)
  await page.setViewportSize({ width: 390, height: 844 })
  assert.equal(await scrollsSideways(page), false, `${name} scrolls sideways at 390`)
  if (process.env.SHOTS) await shoot(page, `${process.env.SHOTS}/${name}-390.png`)
  await page.setViewportSize(before)
}

/** Presses the first button of this name, and waits for the page it leads to. */
export async function press(page, name) {
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name, exact: true }).first().click()])
}

/** Hands a bank statement in, has it checked, imports it and has it matched. */
export async function importStatement(page, file, account) {
  await page.goto(`${demo}/cash/import`)
  await page.locator('input[type=file]').setInputFiles(file)
  await page.locator('#bank_account').selectOption({ label: account })
  await page.locator('#format').selectOption('csv:neutral')
  await press(page, 'Check the file')
  await press(page, 'Import the new lines')
  assert.match(page.url(), /\/cash\/match$/)
  const match = page.getByRole('button', { name: /Match/ })
  if (await match.count()) await Promise.all([page.waitForEvent('load'), match.first().click()])
}
