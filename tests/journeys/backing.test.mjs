// What backs an invoice, in the browser: attached, masked, joined with it in one PDF, taken away.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { start } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'
import { good, openInvoices, press } from './lib/desk.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 180_000 }
const ORG = 'NMC'

const text = (page) => page.locator('main').innerText()
const file = (name, mimeType, content) => ({ name, mimeType, buffer: Buffer.from(content) })

test('a file behind an invoice is masked, joined with it in one PDF, and taken away', options, async () => {
  const browser = await start()
  try {
    const officer = await signIn(browser.context, ORG, 'Billing officer')
    await officer.setViewportSize({ width: 1440, height: 900 })
    const open = await openInvoices(ORG)
    const { number } = open[open.length - 3]
    await officer.goto(`${demo}/billing/invoices/${number}/delivery`)
    await good(officer, 'delivery-known')
    await officer.getByRole('link', { name: 'Files behind it, and one PDF of all' }).click()
    await officer.waitForLoadState('load')
    await good(officer, 'backing-empty')
    await officer.locator('#file').setInputFiles(file('run.exe', 'application/octet-stream', 'MZ'))
    await press(officer, 'Attach')
    await good(officer, 'backing-error')
    assert.match(await text(officer), /run\.exe is no PDF, CSV or text/)
    await officer.locator('#file').setInputFiles(file('log.pdf', 'application/pdf', '%PDF-1.4\n%%EOF'))
    await press(officer, 'Attach')
    assert.match(await text(officer), /The PDF cannot be read/)
    const log = 'Date,Patient Name,NHS no,Hours\n2026-05-01,Ann Bell,943 476 5919,2\n2026-05-02,Bea Cole,943 476 5919,3\n'
    await officer.locator('#file').setInputFiles(file('ward-log.csv', 'text/csv', log))
    await press(officer, 'Attach')
    assert.match(await officer.locator('body').innerText(), /The file is attached; 4 places in it were masked/)
    await good(officer, 'backing')
    const bundle = await officer.getByRole('link', { name: 'Document and files as one PDF' }).getAttribute('href')
    const pdf = await browser.context.request.get(`${demo}${bundle}`)
    assert.equal(pdf.status(), 200)
    assert.equal(pdf.headers()['content-type'], 'application/pdf')
    const bytes = await pdf.body()
    assert.ok(bytes.subarray(0, 5).toString() === '%PDF-' && !bytes.includes('Ann Bell'))
    const reader = await signIn(browser.context, ORG, 'Auditor')
    await reader.goto(`${demo}/billing/invoices/${number}/backing`)
    await good(reader, 'backing-reader')
    assert.equal(await reader.getByRole('button', { name: 'Attach', exact: true }).count(), 0)
    const back = await signIn(browser.context, ORG, 'Billing officer')
    await back.goto(`${demo}/billing/invoices/${number}/backing`)
    await press(back, 'Take ward-log.csv away')
    assert.match(await text(back), /No file backs it/)
  } finally {
    await browser.close()
  }
})
