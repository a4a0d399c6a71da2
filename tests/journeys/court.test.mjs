// A debt goes to court in the browser: referred, decided by somebody else, its claim prepared, signed, written to a file,
// issued; an answer, judgment, and the bundle as one PDF. And the letter of claim with what the law encloses.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { start } from './lib/browser.mjs'
import { demo } from './lib/demo.mjs'
import { good, press, sundry, verify } from './lib/desk.mjs'
import { all, as, debtors, field, follow, text } from './lib/work.mjs'
import { openInvoices } from './lib/desk.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 600_000 }
const ORG = 'NMC'

/** Somebody with debts whose letter of claim has gone long enough ago, and their letters of claim. */
async function ripe(page, individual) {
  for (const one of debtors(await openInvoices(ORG)).sort((a, b) => b.owes - a.owes)) {
    await page.goto(`${demo}/customers/${one.number}`)
    const says = await text(page)
    const [head] = says.split('Record a call')
    if (/Individual/.test(head) !== individual || !/To be decided/.test(says) || !/Plans \(0\)/.test(says)) continue
    if (/Breathing|Deceased|Insolvent|Vulnerable|support|hospital|Gone away/i.test(head)) continue
    const due = await page.locator('main tbody tr', { hasText: 'To be decided' }).allInnerTexts()
    return { ...one, ready: due.map((row) => row.match(/INV-\d+/)?.[0]).filter(Boolean) }
  }
  return undefined
}

/** Ticks exactly these debts of a referral. */
async function choose(page, numbers) {
  const boxes = page.getByRole('group', { name: 'Which debts?' }).getByRole('checkbox')
  for (let at = 0; at < (await boxes.count()); at += 1) {
    const value = await boxes.nth(at).getAttribute('value')
    await boxes.nth(at).setChecked(numbers.includes(value))
  }
}

/** Fees of an example table, each a little above the last that was confirmed. */
const ISSUE_FEES = ['300=37', '500=53', '1000=74', '1500=84', '3000=121', '5000=216', '10000=478', '200000=5%', 'max=10500']
const STEP_FEES = [
  'warrant=97', 'writ=83', 'charging_order=135', 'attachment_of_earnings=135', 'third_party_debt=135', 'information=70',
]

/** Asks for fees from the day the last table ended, which no table covers; gives the approval that waits. */
async function askFees(page, kind, lines) {
  await page.goto(`${demo}/admin/rates`)
  await field(page, 'Of what?').selectOption({ label: kind })
  await field(page, 'From').fill('13 July 2026')
  await field(page, 'Figures').fill(lines.join('\n'))
  await press(page, 'Ask for approval')
  assert.match(await text(page), /cannot be relied on/, 'a figure without a source is refused')
  assert.equal(await field(page, 'Figures').inputValue(), lines.join('\n'))
  await good(page, 'rates-no-source')
  await field(page, 'Source').fill('Example figures for a demonstration, not an order')
  await press(page, 'Ask for approval')
  const [approval] = (await all(page)).match(/APP-\d+/) ?? []
  assert.ok(approval, await all(page))
  return approval
}

/** The court's fees from 13 July 2026: one person asks, another approves; the page says they are in force. */
async function newFees(browser) {
  const admin = await as(browser, ORG, 'Administrator')
  await admin.goto(`${demo}/admin/rates`)
  await good(admin, 'rates')
  const asked = [await askFees(admin, 'Fees to issue a claim', ISSUE_FEES), await askFees(admin, 'Fees of steps at court', STEP_FEES)]
  await admin.goto(`${demo}/approvals/${asked[0]}`)
  assert.equal(await admin.getByRole('button', { name: /Approve/ }).count(), 0, 'nobody approves what they asked for')
  await admin.close()
  const approver = await as(browser, ORG, 'Approver')
  for (const approval of asked) {
    await approver.goto(`${demo}/approvals/${approval}`)
    assert.match(await text(approver), /Example figures for a demonstration/)
    await good(approver, 'rates-approval')
    await Promise.all([approver.waitForEvent('load'), approver.getByRole('button', { name: /Approve/ }).first().click()])
  }
  await approver.goto(`${demo}/admin/rates`)
  assert.match(await text(approver), /£37\.00/)
  await good(approver, 'rates-approved')
  await approver.close()
}

/** Fills in a claim for three days from now, and has it prepared. */
async function prepare(page, name) {
  await field(page, 'Day of issue').fill('+3')
  await page.getByLabel('Individual', { exact: true }).or(page.getByRole('radio').first()).first().check()
  await field(page, 'Full name').fill(`Mr ${name}`)
  await field(page, 'The contract or the statute').fill('section 17 of the Local Government Act, and an agreement of 2 March 2025')
  await press(page, 'Prepare the claim')
}

/** The panel of a case with this heading. */
const panel = (page, heading) => page.locator('form', { has: page.getByRole('button', { name: heading, exact: true }) })

test('a referral is decided by somebody else, and becomes a claim, a file, a judgment and a bundle', options, async () => {
  const browser = await start()
  try {
    await sundry('--org', ORG, 'settings', 'set', 'limits.sdt_customer_id=10009999')
    const page = await as(browser, ORG, 'Credit controller')
    const who = await ripe(page, true)
    await page.goto(`${demo}/court`)
    await good(page, 'court')
    await page.goto(`${demo}/customers/${who.number}`)
    await follow(page, 'Refer to court')
    await good(page, 'court-refer')
    await press(page, 'Refer to court')
    assert.match(await text(page), /Say why court/)
    await good(page, 'court-refer-error')
    await choose(page, who.ready)
    await field(page, 'Why court, and not something milder?').fill('Four letters and two calls without an answer; in work')
    await field(page, 'What is known of their income?').fill('Works at the mill')
    await field(page, 'What is known of what they own?').fill('Owns the house')
    await press(page, 'Refer to court')
    assert.match(await all(page), /CRT-\d+ is referred; somebody else decides/)
    const at = page.url()
    const [number] = at.match(/CRT-\d+/)
    await good(page, 'court-case-referred')
    assert.equal(await page.getByRole('button', { name: 'Decide' }).count(), 0, 'nobody decides on their own referral')
    assert.match(await text(page), /Works at the mill/)
    // The letter of claim that has gone, with its statement of account.
    const [letter] = (await text(page)).match(/LTR-\d+/)
    const got = await page.request.get(`${demo}/letters/${letter}.pdf`)
    assert.equal(got.headers()['content-type'], 'application/pdf')
    const pages = (await got.body()).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0
    assert.ok(pages >= 2, `the letter of claim with its statement of account: ${pages} pages`)

    const approver = await as(browser, ORG, 'Approver')
    await approver.goto(at)
    await approver.getByLabel('Send it back', { exact: true }).check()
    await press(approver, 'Decide')
    assert.match(await text(approver), /There is a problem/)
    await good(approver, 'court-decide-error')
    await approver.getByLabel('Accept: a claim may be prepared', { exact: true }).check()
    await field(approver, 'Why?').first().fill('Worth it: owns a house')
    await press(approver, 'Decide')
    assert.match(await all(approver), /is accepted/)
    await good(approver, 'court-case-accepted')

    // The claim: what it is worth and costs on its day, and what it lacks.
    const controller = await as(browser, ORG, 'Credit controller')
    await controller.goto(at)
    assert.match(await text(controller), /A claim from|Before a claim/)
    await good(controller, 'court-case-clock')
    await follow(controller, 'Prepare the claim')
    await good(controller, 'court-claim')
    await field(controller, 'Day of issue').fill('yesterday-ish')
    await press(controller, 'Prepare the claim')
    assert.match(await text(controller), /Enter a date/)
    await prepare(controller, who.name)
    await good(controller, 'court-claim-prepared')
    // Fees of that day are not confirmed: no claim is prepared on a guess, and nothing typed is lost.
    assert.match(await text(controller), /Check fee: nobody confirmed the fee/)
    assert.equal(await field(controller, 'Full name').inputValue(), `Mr ${who.name}`)
    // One browser is one person at a time.
    await controller.close()
    await newFees(browser)
    const preparer = await as(browser, ORG, 'Credit controller')
    await preparer.goto(at)
    await follow(preparer, 'Prepare the claim')
    await prepare(preparer, who.name)
    await good(preparer, 'court-claim-with-fee')
    const claim = await text(preparer)
    assert.match(claim, /As prepared/, claim)
    assert.match(claim, /Value of the claim\s+£/)
    await preparer.goto(at)
    const says = await text(preparer)
    assert.match(says, /Claimed\s+£/, says)
    assert.equal(await preparer.getByRole('button', { name: 'Sign', exact: true }).count(), 0, 'who prepares does not sign')

    const signer = await as(browser, ORG, 'Approver')
    await signer.goto(at)
    await press(signer, 'Sign')
    await good(signer, 'court-sign-error')
    assert.match(await text(signer), /There is a problem/)
    await signer.getByLabel('I believe that the facts stated in this claim are true').check()
    await press(signer, 'Sign')
    assert.match(await all(signer), /Claim of £[\d,.]+ signed/)
    await good(signer, 'court-case-signed')
    await signer.goto(`${demo}/court?state=signed`)
    await good(signer, 'court-signed')
    await Promise.all([signer.waitForEvent('load'), signer.getByRole('button', { name: /^Write the file of/ }).click()])
    assert.match(await all(signer), /claim/)
    await good(signer, 'court-file-written')
    await signer.goto(`${demo}/court/files`)
    await good(signer, 'court-files')

    // The court has issued it, and its answer comes.
    await signer.goto(at)
    await field(signer, "The court's number").fill('K1QZ12AB')
    await field(signer, 'Issued on').fill('30 November 2026')
    await field(signer, 'Fee the court took').fill('nothing')
    await press(signer, 'Record the issue')
    assert.match(await text(signer), /Enter an amount/)
    assert.equal(await field(signer, "The court's number").inputValue(), 'K1QZ12AB')
    await field(signer, 'Fee the court took').fill('70')
    await press(signer, 'Record the issue')
    assert.match(await all(signer), /Issued: to answer by/)
    await good(signer, 'court-case-issued')
    assert.match(await text(signer), /Claim number\s+K1QZ12AB/)

    // Judgment by default has no button while the time to answer runs, and says why; an admission needs no waiting.
    assert.equal(await signer.getByRole('button', { name: 'Ask for judgment', exact: true }).count(), 0)
    assert.match(await text(signer), /Judgment cannot be asked for today: The defendant can answer until/)
    await good(signer, 'court-too-soon')
    await preparer.close()
    const clerk = await as(browser, ORG, 'Credit controller')
    await clerk.goto(at)
    await good(clerk, 'court-case-answer')
    const answer = panel(clerk, 'Record the answer')
    await answer.getByRole('radio', { name: /admi/i }).first().check()
    await answer.getByLabel('In words').fill('Admits all of it and asks for instalments')
    await press(clerk, 'Record the answer')
    assert.match(await all(clerk), /Recorded\. Next:/)
    await good(clerk, 'court-case-admitted')
    const judge = await as(browser, ORG, 'Approver')
    await judge.goto(at)
    const judgment = panel(judge, 'Record the judgment')
    await judgment.getByLabel('On an admission', { exact: true }).check()
    await judgment.getByLabel('Instalment, if any').fill('40')
    await judgment.getByLabel('How often').selectOption({ label: 'Monthly' })
    await judgment.getByLabel('First instalment').fill('+30')
    await press(judge, 'Record the judgment')
    assert.match(await all(judge), /Judgment for £/)
    await good(judge, 'court-case-judgment')
    assert.match(await text(judge), /Register of Judgments/)
    assert.match(await text(judge), /Ways to enforce/)

    // The court's answers: one names nobody's claim, one a case that has moved on; both wait for a person.
    const filed = (claim) =>
      `<mcolDefenceDetail><claimNumber>${claim}</claimNumber><defendantResponse defendantId="1"><filedDate>2026-11-30</filedDate>` +
      `<eventCreatedDateOnMcol>2026-11-30T10:00:00</eventCreatedDateOnMcol><raisedOnMcol>true</raisedOnMcol>` +
      `<responseType>DE</responseType></defendantResponse></mcolDefenceDetail>`
    const answers = `<submitQueryResponse><status code="Ok"/><sdtCustomerId>10009999</sdtCustomerId><sdtService>mcol</sdtService>` +
      `<resultCount>2</resultCount><results>${filed('ZZ99ZZ99')}${filed('K1QZ12AB')}</results></submitQueryResponse>`
    const upload = { name: 'responses.xml', mimeType: 'application/xml', buffer: Buffer.from(answers) }
    const taker = await as(browser, ORG, 'Credit controller')
    await taker.goto(`${demo}/court-answers`)
    await good(taker, 'court-answers-none')
    await press(taker, 'Take in')
    assert.match(await text(taker), /Choose a file/)
    await taker.locator('input[type=file]').setInputFiles(upload)
    await press(taker, 'Take in')
    assert.match(await all(taker), /2 lines, 0 done, 2 for a person to decide/)
    await good(taker, 'court-answer')
    assert.match(await text(taker), /No single case has the claim number ZZ99ZZ99/)
    await press(taker, 'Settle')
    await good(taker, 'court-answer-error')
    await field(taker, 'What was done about it, or why is nothing?').fill("Another council's claim; the court was told")
    await press(taker, 'Settle')
    assert.match(await all(taker), /The line is settled/)
    await press(taker, 'Try the lines again')
    assert.match(await all(taker), /1 for a person to decide/)
    await taker.goto(`${demo}/court-answers`)
    await good(taker, 'court-answers')
    await taker.goto(`${demo}/work?view=court-answers`)
    assert.match(await text(taker), /The court's answer CTA-\d+, line \d: /)
    await good(taker, 'worklist-court-answers')
    await taker.goto(`${demo}/court-answers`)
    await taker.locator('input[type=file]').setInputFiles(upload)
    await press(taker, 'Take in')
    assert.match(await text(taker), /taken before/)
    await good(taker, 'court-answers-twice')

    // The bundle is one PDF; the diary has the days.
    const bundle = await judge.request.get(`${demo}/court/${number}/bundle`)
    assert.equal(bundle.headers()['content-type'], 'application/pdf')
    assert.equal((await bundle.body()).subarray(0, 5).toString(), '%PDF-')
    assert.ok((await bundle.body()).length > 20_000, 'the bundle holds the documents')
    await judge.goto(`${demo}/court/diary`)
    await good(judge, 'court-diary')
    await judge.goto(`${demo}/court/limitation`)
    await good(judge, 'court-limitation')

    // What stands about the customer, and what paying late costs on one invoice.
    await judge.goto(`${demo}/customers/${who.number}/people`)
    await good(judge, 'court-account-people')
    await judge.goto(`${demo}/billing/invoices/${who.ready[0]}/charges`)
    await good(judge, 'late-charges')
    assert.match(await text(judge), /What the law gives to today/)
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
