// A Direct Debit in the browser, from the authority to what the bank sends back: a mandate, its instruction, the notice,
// the run that one asks for and another releases, the file, the bank's reports, presented again.
// Each page is looked at by axe and on a telephone, and the ledger proves itself.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { start } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'
import { good, openInvoices, press, sundry, verify } from './lib/desk.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 300_000 }
const ORG = 'EVT'
const SUN = '123456'
const SORT_CODE = '10-79-99'
const RIGHT = '88837491'
const WRONG = '88837492'
/** The labels of a file of Standard 18, in their order. */
const LABELS = ['VOL1', 'HDR1', 'HDR2', 'UHL1', 'EOF1', 'EOF2', 'UTL1']
let folder

const put = (name, text) => {
  const file = path.join(folder, name)
  fs.writeFileSync(file, text)
  return file
}

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sundry-debit-'))
  if (!demo) return
  // What an administrator enters once: the number the bank gave, and the row of the weight table these accounts need.
  const agreed = { guarantee: 'The words of the Guarantee.' }
  const user = { sun: SUN, name: 'Example Trust', account_name: 'Example Trust', sort_code: '107999', account: RIGHT, agreed }
  await sundry('--org', ORG, 'dd', 'service-user', put('user.json', JSON.stringify(user)))
  const weights = put('weights.txt', '102400 107999 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1\n')
  await sundry('--org', ORG, 'dd', 'load-weights', '--version', 'journey', '--effective-on', '2024-03-25', weights)
})
after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** The serial of a file, as its first label has it. */
const serialOf = (file) => file.slice(4, 10)

const text = (page) => page.locator('main').innerText()
const whole = (page) => page.locator('body').innerText()
const iso = (words) => new Date(`${words} 12:00 UTC`).toISOString().slice(0, 10)
/** The day by which the demo stands, as its footer says it. */
const today = async (page) => iso(/on (\d+ \w+ \d{4})/.exec(await page.locator('footer').innerText())[1])
/** As many days later. */
const later = (day, days) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)

/** Does something as a person of a role, who then goes away. */
async function as(browser, role, act) {
  const page = await signIn(browser.context, ORG, role)
  await page.setViewportSize({ width: 1440, height: 900 })
  page.setDefaultTimeout(10_000)
  try {
    return await act(page)
  } finally {
    await page.close()
    await browser.context.clearCookies()
  }
}

/** Asks for the run of a day as it is previewed; gives the addresses of the run and of its approval. */
async function ask(page, day, name) {
  await page.goto(`${demo}/direct-debits/plan`)
  await good(page, `${name}-plan`)
  await page.locator('#entry_on').fill(day)
  await press(page, 'Look')
  await good(page, `${name}-preview`)
  await press(page, 'Ask for approval')
  await page.getByRole('heading', { level: 1, name: /Collection run DD-/ }).waitFor()
  assert.match(await whole(page), /waits for somebody else’s yes: APP-/)
  await good(page, `${name}-waiting`)
  return [page.url(), await page.locator('main a[href^="/approvals/APP-"]').first().getAttribute('href')]
}

/** Sends a form of the page of mandates to another address, as whoever is signed in; gives the status of the answer. */
async function post(page, address) {
  await page.goto(`${demo}/direct-debits`)
  const answer = page.waitForResponse((one) => one.url() === address && one.request().method() === 'POST')
  await Promise.all([
    page.waitForEvent('load'),
    page.evaluate((to) => {
      const form = document.querySelector('form[action="/direct-debits/notices"]').cloneNode(true)
      form.action = to
      document.body.append(form)
      HTMLFormElement.prototype.submit.call(form)
    }, address),
  ])
  return (await answer).status()
}

/** Says yes to a run, and releases it; gives its file. */
async function release(page, run, approval, name) {
  await page.goto(`${demo}${approval}`)
  await good(page, `${name}-approval`)
  assert.doesNotMatch(await text(page), new RegExp(RIGHT), 'the account is not shown')
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: /Approve/ }).first().click()])
  await page.goto(run)
  await good(page, `${name}-ready`)
  await press(page, 'Release the run')
  assert.match(await whole(page), /is released: \d+ collections/)
  await good(page, `${name}-released`)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /Download the file/ }).click()])
  return fs.readFileSync(await download.path(), 'latin1')
}

/** Takes a report of the bank in. */
async function report(page, name, xml) {
  await page.goto(`${demo}/direct-debits/reports`)
  await page.locator('input[type=file]').setInputFiles(put(`${name}.xml`, `<BACSDocument><Data>${xml}</Data></BACSDocument>`))
  await press(page, 'Take it in')
  return whole(page)
}

test('a collection: mandate, instruction, notice, run, file, unpaid, again', options, async () => {
  const browser = await start()
  try {
    const open = await openInvoices(ORG)
    // Somebody who owes neither next to nothing nor more than one collection may take.
    const owes = (number) => open.filter((one) => one.customer === number).reduce((sum, one) => sum + one.open, 0)
    const { customer } = open.find((one) => owes(one.customer) >= 5_000 && owes(one.customer) < 500_000)

    const [mandate, now] = await as(browser, 'Billing officer', async (page) => {
      await page.goto(`${demo}/direct-debits`)
      await good(page, 'mandates')
      const now = await today(page)
      await page.locator('main a[href="/direct-debits/new"]').click()
      await page.getByRole('heading', { level: 1, name: 'Set up a Direct Debit' }).waitFor()
      await good(page, 'mandate-form')
      // An account that cannot be: refused in words; what was typed stays, except the number of the account.
      await page.locator('#customer').fill(customer)
      await page.locator('#sort_code').fill(SORT_CODE)
      await page.locator('#account').fill(WRONG)
      await page.locator('input[name=route][value=telephone]').check()
      await page.locator('input[name=sole_authority]').check()
      await page.locator('#signed_on').fill(now)
      await page.locator('#evidence').fill('Recording of the call, 1234')
      await page.locator('#payer_email').fill('payer@example.org')
      await press(page, 'Set up')
      await good(page, 'mandate-form-error')
      assert.match(await whole(page), /The account number ending 7492 is not possible for this sort code/)
      assert.equal(await page.locator('#customer').inputValue(), customer)
      assert.equal(await page.locator('#sort_code').inputValue(), SORT_CODE)
      assert.equal(await page.locator('#evidence').inputValue(), 'Recording of the call, 1234')
      assert.equal(await page.locator('input[name=sole_authority]').isChecked(), true)
      assert.equal(await page.locator('#account').inputValue(), '', 'the account is not given back')
      await page.locator('#account').fill(RIGHT)
      await press(page, 'Set up')
      await page.getByRole('heading', { level: 1, name: /^Mandate / }).waitFor()
      assert.match(await whole(page), /is set up; confirmation LTR-/)
      assert.match(await text(page), /Waiting to be lodged/)
      assert.doesNotMatch(await text(page), new RegExp(RIGHT), 'the account is not shown')
      await good(page, 'mandate')
      return [page.url(), now]
    })
    const reference = decodeURIComponent(mandate.split('/').pop())

    // The instruction goes first, in a file of its own. Whoever asks does not release.
    const soon = later(now, 4)
    const [lodging, first] = await as(browser, 'Cashier', async (page) => {
      await page.goto(`${demo}/direct-debits/plan?entry_on=soonish`)
      assert.match(await text(page), /Enter a date such as/)
      await good(page, 'plan-error')
      const asked = await ask(page, soon, 'lodging')
      assert.match(await text(page), new RegExp(`Instruction 0N\\s*${reference}`))
      assert.equal(await page.getByRole('button', { name: 'Release the run' }).count(), 0)
      await page.goto(`${demo}${asked[1]}`)
      assert.match(await text(page), /You cannot decide this\. You asked for this/)
      assert.equal(await page.getByRole('button', { name: /Approve/ }).count(), 0)
      await good(page, 'own-approval')
      // Nor does posting it by hand help.
      assert.equal(await post(page, `${asked[0]}/release`), 403)
      assert.match(await text(page), /Release Direct Debit files/, 'it says which duty is missing')
      await good(page, 'release-refused')
      return asked
    })
    const file = await as(browser, 'Approver', (page) => release(page, lodging, first, 'lodging'))
    const lines = file.split('\r\n').filter(Boolean)
    assert.deepEqual(lines.map((line) => line.slice(0, 4)).filter((label) => /^[A-Z]/.test(label)), LABELS)
    assert.equal(lines.filter((line) => line.startsWith(`107999${RIGHT}00N`)).length, 1, 'the instruction is in it')
    assert.ok(lines[0].slice(41).startsWith(SUN), 'the service user is in VOL1')

    // Sent, and accepted by the bank: the mandate is active, and whoever owes is told when it is taken.
    const [amount, taken] = await as(browser, 'Cashier', async (page) => {
      await page.goto(lodging)
      await press(page, 'It was sent')
      assert.match(await whole(page), /is marked as sent/)
      await good(page, 'lodging-sent')
      await page.goto(`${demo}/direct-debits/reports`)
      await press(page, 'Take it in')
      assert.match(await whole(page), /Choose the report, XML or ZIP/)
      await good(page, 'reports-error')
      const accepted = `<MessagingAdvice record-type="V" file-type="LIVE" vol-serial-number="${serialOf(file)}" accepted-ddi="1" rejected-ddi="0"/>`
      const advices = `<MessagingAdvices><MessagingHeader user-number="${SUN}"/><Header report-generation-date="${now}"/>${accepted}</MessagingAdvices>`
      assert.match(await report(page, 'auddis', advices), /1 items? applied, 0 for a person/)
      await good(page, 'reports')
      assert.match(await report(page, 'auddis', advices), /taken in before: nothing was changed/)
      await page.goto(mandate)
      assert.match(await text(page), /Active/)
      await good(page, 'mandate-active')

      await page.goto(`${demo}/direct-debits`)
      await press(page, 'Write advance notices')
      assert.match(await whole(page), /Enter the day up to which invoices are due/)
      await good(page, 'notices-error')
      await page.locator('#due_by').fill(now)
      await press(page, 'Write advance notices')
      assert.match(await whole(page), /1 advance notices? written, £/)
      await good(page, 'notified')
      await page.goto(mandate)
      const words = await page.locator('tr', { hasText: 'COL-' }).first().innerText()
      return [/£([\d,]+\.\d\d)/.exec(words)[1].replaceAll(',', ''), iso(/\d+ \w+ \d{4}/.exec(words)[0])]
    })
    await verify(ORG)

    // On its day it is taken: asked for, approved, released.
    const [run, second] = await as(browser, 'Cashier', (page) => ask(page, taken, 'run'))
    await as(browser, 'Auditor', async (page) => {
      await page.goto(`${demo}/direct-debits/runs`)
      assert.match(await text(page), /Waiting for a yes/)
      await good(page, 'runs')
    })
    const collected = await as(browser, 'Approver', (page) => release(page, run, second, 'run'))
    const pence = String(Math.round(Number(amount) * 100)).padStart(11, '0')
    assert.equal(collected.split('\r\n').filter((line) => line.startsWith(`107999${RIGHT}001`) && line.slice(35, 46) === pence).length, 1)
    assert.match(collected, new RegExp(`UTL1${pence.padStart(13, '0')}`))
    await verify(ORG)

    await as(browser, 'Cashier', async (page) => {
      await page.goto(run)
      await press(page, 'It was sent')
      // What the bank took in agrees with what was sent.
      const total = `<AcceptedRecords numberOf="1" valueOf="${amount}"/>`
      const totals = `<AccountTotals><AccountTotal><DebitEntry>${total}</DebitEntry><CreditEntry>${total}</CreditEntry></AccountTotal></AccountTotals>`
      const user = `<UserFile><InputUserFile><UserFileInformation userNumber="${SUN}" userFileNumber="001"/><InputReportSummary>${totals}</InputReportSummary></InputUserFile></UserFile>`
      const submission = `<Submission><SubmissionInformation volumeSerialNumber="${serialOf(collected)}"/>${user}</Submission>`
      await report(page, 'input', `<InputReport><Header><ProcessingDate date="${taken}"/></Header>${submission}</InputReport>`)
      await page.goto(run)
      assert.match(await text(page), /Acknowledged/)
      await good(page, 'run-acknowledged')

      // The bank could not take it: the debt is open again, and the same amount is presented again.
      const item = `<ReturnedDebitItem ref="${reference}" transCode="01" returnCode="0" returnDescription="REFER TO PAYER" originalProcessingDate="${taken}" valueOf="${amount}" currency="GBP"/>`
      const records = `<OriginatingAccountRecords><OriginatingAccountRecord>${item}<Totals numberOf="1" valueOf="${amount}" currency="GBP"/></OriginatingAccountRecord></OriginatingAccountRecords>`
      const arudd = `<ARUDD><Header currentProcessingDate="${later(taken, 2)}"/><ServiceLicenseInformation userNumber="${SUN}"/><Advice>${records}</Advice></ARUDD>`
      assert.match(await report(page, 'arudd', arudd), /1 items? applied, 0 for a person/)
      await good(page, 'reports-arudd')
      await verify(ORG)
      await page.goto(`${demo}/direct-debits/unpaid`)
      assert.match(await text(page), /Refer to payer/i)
      await good(page, 'unpaid')
      await page.locator('#day-0').fill('someday')
      await press(page, 'Present it again')
      assert.match(await text(page), /Enter a date such as/)
      assert.equal(await page.locator('#day-0').inputValue(), 'someday', 'what was typed is kept')
      await good(page, 'unpaid-error')
      await page.locator('#day-0').fill(later(taken, 60))
      await press(page, 'Present it again')
      assert.match(await whole(page), /The last day to present it again is/)
      await good(page, 'unpaid-late')
      await page.locator('#day-0').fill(later(taken, 14))
      await press(page, 'Present it again')
      assert.match(await whole(page), /COL-\d+ is taken on/)
      await good(page, 'unpaid-again')
      await page.goto(mandate)
      assert.match(await text(page), /Unpaid/)
      await good(page, 'mandate-unpaid')
    })
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
