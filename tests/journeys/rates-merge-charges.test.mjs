// Dated rates and the court's forms put in by an administrator; two accounts of one customer made one; what is charged
// on an invoice for paying late, and waived by somebody else; a fee of one's own, by a term of the contract.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { start } from './lib/browser.mjs'
import { demo } from './lib/demo.mjs'
import { good, openInvoices, press, sundry, verify } from './lib/desk.mjs'
import { all, as, debtors, field, text } from './lib/work.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 240_000 }
const ORG = 'NMC'

/** The field that is sent under this name. */
const named = (page, name) => page.locator(`main [name="${name}"]`)

test('a fee is asked for with its day and source, and waits for somebody else', options, async () => {
  const browser = await start()
  try {
    const admin = await as(browser, ORG, 'Administrator')
    await admin.goto(`${demo}/admin/rates`)
    await good(admin, 'rates')
    await named(admin, 'kind').selectOption('vat_rate')
    await named(admin, 'from_on').fill('4 January 2027')
    await named(admin, 'rates').fill('S=-17.5')
    await named(admin, 'source').fill('An example, not an order')
    await press(admin, 'Ask for approval')
    assert.match(await text(admin), /There is a problem/)
    assert.equal(await named(admin, 'rates').inputValue(), 'S=-17.5')
    assert.equal(await named(admin, 'source').inputValue(), 'An example, not an order')
    await good(admin, 'rates-error')
    await named(admin, 'rates').fill('S=17.5')
    await press(admin, 'Ask for approval')
    const [, approval] = (await all(admin)).match(/Asked for: someone else decides (APP-\d+)/)
    await admin.goto(`${demo}/approvals/${approval}`)
    assert.equal(await admin.getByRole('button', { name: 'Approve', exact: true }).count(), 0, 'nobody lets in their own')
    const approver = await as(browser, ORG, 'Approver')
    await approver.goto(`${demo}/approvals/${approval}`)
    await good(approver, 'rates-approval')
    assert.match(await text(approver), /An example, not an order/)
    assert.match(await text(approver), /17\.5%/)
    await approver.goto(`${demo}/admin/rates`)
    await good(approver, 'rates-read')
    assert.equal(await approver.getByRole('button', { name: 'Ask for approval', exact: true }).count(), 0)
  } finally {
    await browser.close()
  }
})

/** A PDF of one empty page. */
function onePage() {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>',
  ]
  let pdf = '%PDF-1.7\n'
  let table = '0000000000 65535 f \n'
  objects.forEach((object, at) => {
    table += `${String(pdf.length).padStart(10, '0')} 00000 n \n`
    pdf += `${at + 1} 0 obj\n${object}\nendobj\n`
  })
  const end = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`
  return Buffer.from(`${pdf}xref\n0 ${objects.length + 1}\n${table}${end}`)
}

test('a form of the protocol must be a PDF with a source, and counts from its day', options, async () => {
  const browser = await start()
  try {
    const admin = await as(browser, ORG, 'Administrator')
    await admin.goto(`${demo}/admin/court-forms`)
    await good(admin, 'court-forms')
    const put = async (upload, source) => {
      await named(admin, 'form').selectOption('financial_statement')
      await named(admin, 'language').selectOption('cy')
      await named(admin, 'large').selectOption('yes')
      await named(admin, 'from_on').fill('1 January 2028')
      await named(admin, 'source').fill(source)
      await admin.locator('main input[type=file]').setInputFiles(upload)
      await press(admin, 'Add the form')
    }
    const words = { name: 'form.pdf', mimeType: 'application/pdf', buffer: Buffer.from('Dear customer') }
    await put(words, '')
    assert.match(await text(admin), /Say where the form comes from/)
    assert.equal(await named(admin, 'from_on').inputValue(), '1 January 2028')
    await good(admin, 'court-forms-source')
    await put(words, 'The annex of the protocol')
    assert.match(await text(admin), /The file is no PDF/)
    await good(admin, 'court-forms-error')
    await put({ name: 'form.pdf', mimeType: 'application/pdf', buffer: onePage() }, 'The annex of the protocol')
    assert.match(await all(admin), /goes with letters of claim from 1 January 2028/)
    await good(admin, 'court-forms-put')
  } finally {
    await browser.close()
  }
})

test('two accounts of one customer become one with a second yes, and the old number leads to it', options, async () => {
  const browser = await start()
  try {
    const opened = async (name) => {
      const where = ['--address1', '9 Weir Lane', '--town', 'Northmere', '--postcode', 'NM1 1AA']
      const out = await sundry('--org', ORG, 'customer', 'add', '--name', name, '--kind', 'individual', ...where, '--confirmed-alike')
      return out.match(/C\d{6}/)[0]
    }
    const [stays, gone] = [await opened('Ivo Twiceborn'), await opened('Ivor Twyceborne')]
    const page = await as(browser, ORG, 'Billing officer')
    await page.goto(`${demo}/customers/${stays}/merge`)
    await good(page, 'merge')
    await field(page, 'Number of the other account').fill('C999999')
    await press(page, 'Show what moves')
    assert.match(await text(page), /Enter the number of a customer of ours/)
    await good(page, 'merge-error')
    await field(page, 'Number of the other account').fill(gone)
    await press(page, 'Show what moves')
    assert.match(await text(page), /Nothing stands on the other account|What moves/)
    assert.match(await text(page), /Is merged into it/)
    await good(page, 'merge-preview')
    await press(page, 'Ask for the merge')
    assert.match(await text(page), /There is a problem/)
    await good(page, 'merge-no-evidence')
    await field(page, 'How do you know that both are one customer?').fill('The same date of birth, told on a call')
    await press(page, 'Ask for the merge')
    const [, approval] = (await all(page)).match(/(APP-\d+) waits for somebody else/) ?? []
    assert.ok(approval, await all(page))
    const leader = await as(browser, ORG, 'Team leader')
    await leader.goto(`${demo}/approvals/${approval}`)
    await good(leader, 'merge-approval')
    await press(leader, 'Approve')
    await leader.goto(`${demo}/customers/${gone}`)
    assert.match(await text(leader), new RegExp(stays))
    await good(leader, 'merge-done')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

/** Charges the smallest overdue invoice on which the law lets us, and nothing was charged yet; where it would be refused there is no button. */
async function chargeOne(page) {
  for (const one of debtors(await openInvoices(ORG)).sort((a, b) => a.owes - b.owes)) {
    await page.goto(`${demo}/billing/invoices/${one.invoices[0].number}/charges`)
    const says = await text(page)
    const charges = await page.getByRole('button', { name: 'Charge or correct to today', exact: true }).count()
    if (!charges || !/Nothing was charged/.test(says) || /The law gives nothing today/.test(says)) {
      continue
    }
    await good(page, 'charges-none')
    await press(page, 'Charge or correct to today')
    assert.match(await all(page), /Interest £[\d,.]+ and fixed sum £[\d,.]+ more than before/)
    return true
  }
  return false
}

test('charges for paying late are charged by one person and waived by another', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, ORG, 'Credit controller')
    assert.ok(await chargeOne(page), 'some business is late')
    await good(page, 'charges-charged')
    const approver = await as(browser, ORG, 'Approver')
    await approver.goto(page.url())
    await field(approver, 'How much?').fill('a lot')
    await press(approver, 'Waive the charge')
    assert.match(await text(approver), /There is a problem/)
    assert.equal(await field(approver, 'How much?').inputValue(), 'a lot')
    await good(approver, 'charges-error')
    await field(approver, 'How much?').fill('0.01')
    await field(approver, 'Why?').selectOption({ label: 'Our error or delay' })
    await field(approver, 'More about why (optional)').fill('The invoice went to the old address')
    await press(approver, 'Waive the charge')
    assert.match(await all(approver), /£0\.01 of .* waived/)
    assert.match(await text(approver), /The invoice went to the old address/)
    await good(approver, 'charges-waived')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

/** Fills in what a contract says of a fee, and records it. */
async function recordFee(page, pounds) {
  await named(page, 'fee').fill(pounds)
  await named(page, 'term').fill('Standing agreement, clause 7.2')
  await named(page, 'from_on').fill('1 Jan 2020')
  await named(page, 'found_fair_by').fill('J Hale, solicitor')
  await named(page, 'evidence').fill('Signed agreement, in the contract file')
  await press(page, 'Record the fee')
}

test("a fee of one's own is charged only where a term of the contract stands", options, async () => {
  const browser = await start()
  const other = await start()
  try {
    const page = await as(browser, ORG, 'Credit controller')
    const approver = await as(other, ORG, 'Approver')
    let [looked, charged] = [false, false]
    for (const one of debtors(await openInvoices(ORG)).sort((a, b) => a.owes - b.owes).slice(0, 40)) {
      const at = `${demo}/billing/invoices/${one.invoices[0].number}/charges`
      await page.goto(at)
      assert.equal(await page.getByRole('button', { name: "Charge the contract's fee" }).count(), 0, 'no term, no fee')
      await page.goto(`${demo}/customers/${one.number}/contract-fees`)
      if (!looked) {
        await good(page, 'contract-fee')
        await recordFee(page, 'a lot')
        assert.match(await text(page), /There is a problem/)
        assert.equal(await named(page, 'fee').inputValue(), 'a lot')
        await good(page, 'contract-fee-error')
      }
      await recordFee(page, '15.00')
      assert.match(await all(page), /A fee of £15\.00 is recorded/)
      assert.match(await text(page), /Standing agreement, clause 7\.2/)
      const [, approval] = (await all(page)).match(/someone else decides (APP-\d+)/)
      if (!looked) await good(page, 'contract-fee-recorded')
      await page.goto(at)
      assert.equal(await page.getByRole('button', { name: "Charge the contract's fee" }).count(), 0, 'nobody else said yes')
      await approver.goto(`${demo}/approvals/${approval}`)
      if (!looked) await good(approver, 'contract-fee-approval')
      await press(approver, 'Approve')
      looked = true
      await page.goto(at)
      const button = page.getByRole('button', { name: "Charge the contract's fee" })
      if (!(await button.count())) continue
      await press(page, "Charge the contract's fee")
      if (/£15\.00 charged by Standing agreement, clause 7\.2/.test(await all(page))) {
        charged = true
        break
      }
      assert.match(await text(page), /You cannot do this/)
    }
    assert.ok(charged, 'some invoice under a contract is late')
    assert.match(await text(page), /Late-payment fee/)
    assert.equal(await page.getByRole('button', { name: "Charge the contract's fee" }).count(), 0, 'once')
    await good(page, 'charges-fee')
    await verify(ORG)
  } finally {
    await other.close()
    await browser.close()
  }
})
