// A payment plan in the browser: a budget, an offer, a schedule, a yes; one beyond the policy that a team leader grants;
// what is done to a plan while it runs; and one that a customer sets by a link.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { start } from './lib/browser.mjs'
import { demo } from './lib/demo.mjs'
import { good, press, sundry, verify } from './lib/desk.mjs'
import { all, as, field, follow, people, text } from './lib/work.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 240_000 }
const ORG = 'NMC'

/** A letter of ours as the browser gets it. */
async function letter(page, name) {
  const href = await page.getByRole('link', { name }).first().getAttribute('href')
  const got = await page.request.get(`${demo}${href}`)
  assert.equal(got.headers()['content-type'], 'application/pdf')
  return got.body()
}

test('a plan from a budget: offered, shown day by day, agreed, and its letter written', options, async () => {
  // The whole way works without JavaScript.
  const browser = await start({ javaScriptEnabled: false })
  const eyes = await start()
  try {
    const page = await as(browser, ORG, 'Credit controller')
    const seen = await as(eyes, ORG, 'Credit controller')
    const [who] = await people(ORG, 20_000)
    assert.ok(who, 'somebody owes enough for a plan')
    await page.goto(`${demo}/customers/${who.number}`)
    await follow(page, 'Set up a plan')
    await follow(page, 'Take a budget')
    await seen.goto(page.url())
    await good(seen, 'plan-budget')

    // A budget that cannot be read is refused at its field, and what was typed is kept.
    await field(page, 'Wages').fill('lots')
    await field(page, 'Rent or mortgage').fill('620')
    await press(page, 'Keep the budget')
    assert.match(await text(page), /Enter an amount in pounds/)
    assert.equal(await field(page, 'Wages').inputValue(), 'lots')
    assert.equal(await field(page, 'Rent or mortgage').inputValue(), '620')
    await field(page, 'Wages').fill('362.50')
    await field(page, 'Wages: how often').selectOption({ label: 'a week' })
    await field(page, 'Benefits and tax credits').fill('120')
    await field(page, 'Council tax').fill('140')
    await field(page, 'Gas, electricity, water').fill('180')
    await field(page, 'Travel and car').fill('160')
    await field(page, 'Telephone, leisure').fill('60')
    await field(page, 'Food and housekeeping').fill('290')
    await field(page, 'Clothes and personal costs').fill('40')
    await field(page, 'Owed to everyone, ours too').fill(((who.owes * 2) / 100).toFixed(2))
    await field(page, 'How many are owed').fill('2')
    await field(page, 'What was said').first().fill('Rang about the budget; two children live with their mother')
    await press(page, 'Keep the budget')
    assert.match(page.url(), /\/plan\?budget=\d+/)
    assert.match(await all(page), /Budget kept: £[\d,.]+ is left a month, £[\d,.]+ of it for us/)
    assert.match(await text(page), /The chosen budget offers £[\d,.]+ a month/)
    await seen.goto(page.url())
    await good(seen, 'plan-offer')

    // Neither number nor day: both are said at their fields.
    await page.getByLabel('So many instalments').check()
    await field(page, 'How many').fill('')
    await field(page, 'First instalment').fill('')
    await press(page, 'Work out the schedule')
    const says = await text(page)
    assert.match(says, /Enter how many instalments/)
    assert.match(says, /Enter the day of the first instalment/)

    // Every penny of the debt is in the schedule, the odd ones on the last part.
    await field(page, 'How many').fill('3')
    await field(page, 'First instalment').fill('+14')
    await field(page, 'Odd pennies').selectOption({ label: 'On the last instalment' })
    await field(page, 'Paid by').selectOption({ label: 'Standing order' })
    await field(page, 'What was said').fill('Three parts, by standing order')
    await press(page, 'Work out the schedule')
    const rows = await page.getByRole('table', { name: 'The schedule' }).getByRole('row').allInnerTexts()
    const sums = rows.map((row) => row.match(/£([\d,]+\.\d\d)/)?.[1]).filter(Boolean).map((sum) => Math.round(Number(sum.replace(',', '')) * 100))
    assert.equal(sums.length, 4, 'three parts and their sum')
    assert.equal(sums[0] + sums[1] + sums[2], sums[3])
    assert.ok(sums[3] <= who.owes && sums[2] >= sums[0])
    assert.match(await text(page), /You may grant it/)
    await press(page, 'Agree the plan')
    assert.match(await all(page), /PLAN-\d+ is agreed for £/)
    const [number] = (await all(page)).match(/PLAN-\d+/)
    await seen.goto(page.url())
    await good(seen, 'plan')
    assert.match(await text(page), /Three parts, by standing order/)
    assert.match(await text(page), /The budget/)
    assert.match((await letter(page, /LTR-\d+|^\d+/)).subarray(0, 5).toString(), /%PDF-/)

    // The account says so, and the plan holds recovery.
    await page.goto(`${demo}/customers/${who.number}/plans`)
    assert.match(await text(page), new RegExp(number))
    await seen.goto(page.url())
    await good(seen, 'plan-account')
    await page.goto(`${demo}/customers/${who.number}`)
    assert.match(await text(page), /Plans \([1-9]/)

    // A second plan of the same debts is refused at the invoices.
    await page.goto(`${demo}/customers/${who.number}/plan`)
    if (await page.getByRole('button', { name: 'Work out the schedule' }).count()) {
      await field(page, 'How many').fill('3')
      await field(page, 'First instalment').fill('+20')
      await press(page, 'Work out the schedule')
      assert.match(await text(page), /plan/i)
      assert.equal(await page.getByRole('button', { name: 'Agree the plan' }).count(), 0)
    }

    // While it runs: an instalment is skipped with a reason, and the new version has its letter.
    await page.goto(`${demo}/plans/${number}`)
    await follow(page, 'Change the plan')
    await seen.goto(page.url())
    await good(seen, 'plan-change')
    await page.getByLabel('Skip an instalment').check()
    await press(page, 'Change the plan')
    assert.match(await text(page), /Enter why/)
    await field(page, 'Instalment to skip').selectOption({ index: 1 })
    await field(page, 'Why?').fill('Boiler broke; asked for one month')
    await press(page, 'Change the plan')
    assert.match(await text(page), /Boiler broke/)
    assert.match(await text(page), /Version\s+2/)
    await seen.goto(page.url())
    await good(seen, 'plan-changed')

    // It ends, with a reason, and recovery goes on.
    await follow(page, 'End the plan')
    await press(page, 'End the plan')
    assert.match(await text(page), /Choose how it ends|Enter why/)
    await seen.goto(`${demo}/plans/${number}/end`)
    await good(seen, 'plan-end')
    assert.equal(await seen.getByLabel('It was not paid as agreed').count(), 0, 'what would be refused is not offered')
    await page.getByLabel('The customer no longer wants it').check()
    await field(page, 'Why?').fill('Will borrow from family')
    await press(page, 'End the plan')
    await seen.goto(`${demo}/plans/${number}`)
    await good(seen, 'plan-ended')
    assert.match(await text(seen), /Ended\s+.*Will borrow from family/)
    await verify(ORG)
  } finally {
    await browser.close()
    await eyes.close()
  }
})

test('the policy on plans is changed by who keeps the settings, and read by who agrees plans', options, async () => {
  const browser = await start()
  const other = await start()
  try {
    const admin = await as(browser, ORG, 'Administrator')
    await admin.goto(`${demo}/admin/settings`)
    await follow(admin, 'Payment plans')
    await good(admin, 'plan-policy')
    const was = await field(admin, 'Days to catch up').inputValue()
    await field(admin, 'Days to catch up').fill('91')
    await press(admin, 'Save the policy')
    assert.match(await text(admin), /Enter from 0 to 90 days/)
    assert.equal(await field(admin, 'Days to catch up').inputValue(), '91')
    await good(admin, 'plan-policy-error')
    await field(admin, 'Days to catch up').fill('15')
    await press(admin, 'Save the policy')
    assert.match(await all(admin), /The policy on plans is saved/)
    assert.match(await text(admin), /Changed last by/)

    const clerk = await as(other, ORG, 'Credit controller')
    await clerk.goto(`${demo}/plans`)
    await follow(clerk, 'Policy')
    await good(clerk, 'plan-policy-read')
    assert.match(await text(clerk), /Days to catch up\s+15 days/)
    assert.equal(await clerk.getByRole('button', { name: 'Save the policy' }).count(), 0)

    // As it was, for the journeys after this one.
    await field(admin, 'Days to catch up').fill(was)
    await press(admin, 'Save the policy')
    assert.match(await all(admin), /The policy on plans is saved/)
  } finally {
    await other.close()
    await browser.close()
  }
})

test('a plan beyond the clerk is granted by a team leader, who sees what they grant', options, async () => {
  const browser = await start()
  try {
    const clerk = await as(browser, ORG, 'Credit controller')
    const [who] = await people(ORG, 18_000)
    assert.ok(who)
    await clerk.goto(`${demo}/customers/${who.number}/plan`)
    await field(clerk, 'How many').fill('8')
    await field(clerk, 'First instalment').fill('+7')
    await field(clerk, 'What was said').fill('Works part time; eight months')
    await press(clerk, 'Work out the schedule')
    assert.match(await text(clerk), /is for the team leader/i)
    assert.equal(await clerk.getByRole('button', { name: 'Agree the plan' }).count(), 0)
    await good(clerk, 'plan-beyond')
    await press(clerk, 'Send for approval')
    const [, number, approval] = (await all(clerk)).match(/(PLAN-\d+) waits for approval (APP-\d+)/)
    await good(clerk, 'plan-waits')
    await clerk.goto(`${demo}/approvals/${approval}`)
    assert.equal(await clerk.getByRole('button', { name: 'Approve', exact: true }).count(), 0, 'nobody grants their own')

    const leader = await as(browser, ORG, 'Team leader')
    await leader.goto(`${demo}/plans?view=waiting`)
    await good(leader, 'plans-waiting')
    assert.match(await text(leader), new RegExp(number))
    await leader.goto(`${demo}/approvals/${approval}`)
    await good(leader, 'plan-approval')
    assert.match(await text(leader), new RegExp(who.name))
    await press(leader, 'Approve')
    await leader.goto(`${demo}/plans/${number}`)
    await good(leader, 'plan-granted')
    const says = await text(leader)
    assert.match(says, /Granted by\s+Janet Okafor/)
    assert.doesNotMatch(says, /Waits for approval/)
    assert.match((await letter(leader, /LTR-\d+|^\d+/)).subarray(0, 5).toString(), /%PDF-/)
    await leader.goto(`${demo}/plans?view=running`)
    assert.match(await text(leader), new RegExp(number))
    await good(leader, 'plans-running')

    // A review is recorded by a day; a cashier sees the plan and may change nothing.
    await leader.goto(`${demo}/plans/${number}/review`)
    await good(leader, 'plan-review')
    await field(leader, 'What was found?').fill('Rang: hours are the same')
    await field(leader, 'Look at it again').fill('+60')
    await press(leader, 'Record the review')
    assert.match(await text(leader), /Rang: hours are the same/)
    const cashier = await as(browser, ORG, 'Cashier')
    await cashier.goto(`${demo}/plans/${number}`)
    assert.equal(await cashier.getByRole('link', { name: 'Change the plan' }).count(), 0)
    const no = await cashier.goto(`${demo}/plans/${number}/end`)
    assert.equal(no.status(), 403)
    await good(cashier, 'plan-not-theirs')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('a customer sets a plan by a link: who they are, what they choose, done once', options, async () => {
  await sundry('--org', ORG, 'settings', 'set', `letters.pages_url=${demo}`)
  const desk = await start()
  // Somebody else's browser, with no account; the whole way works without JavaScript.
  const home = await start({ javaScriptEnabled: false })
  const eyes = await start()
  try {
    const clerk = await as(desk, ORG, 'Credit controller')
    const [who] = await people(ORG, 15_000)
    assert.ok(who, 'somebody owes enough for a plan')
    await clerk.goto(`${demo}/customers/${who.number}/details`)
    const postcode = (await text(clerk)).match(/\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/)?.[0]
    assert.ok(postcode, 'their postcode is known')
    await clerk.goto(`${demo}/customers/${who.number}`)
    await follow(clerk, 'Let them set a plan')
    await good(clerk, 'plan-links')
    await press(clerk, 'Make a link')
    await good(clerk, 'plan-link-made')
    const [link] = (await text(clerk)).match(/https?:\/\/\S+\/plan-online\/[\w-]+/)
    await clerk.goto(`${demo}/customers/${who.number}/plan-links`)
    assert.ok(!(await text(clerk)).includes(link), 'it is shown once')

    const page = await home.context.newPage()
    // Their letters may be in Welsh, and so the page: here it is asked for in English.
    const english = `${link}?lang=en`
    const got = await page.goto(english)
    assert.equal(got.headers()['referrer-policy'], 'no-referrer')
    assert.equal(got.headers()['cache-control'], 'no-store')
    assert.ok(!(await text(page)).includes(who.name), 'nothing is said of anybody')
    const seen = await eyes.context.newPage()
    await seen.goto(english)
    await good(seen, 'plan-online-who')
    await seen.getByRole('link', { name: 'Cymraeg' }).click()
    assert.equal(await seen.locator('html').getAttribute('lang'), 'cy')
    assert.match(await text(seen), /Rhif y cyfrif/)
    await good(seen, 'plan-online-who-welsh')
    await seen.getByRole('link', { name: 'English' }).click()
    await press(seen, 'Continue')
    assert.match(await text(seen), /Enter your postcode/)
    await good(seen, 'plan-online-who-error')
    const show = async (browser) => {
      await field(browser, 'Account number').fill(who.number)
      await field(browser, 'Postcode').fill(postcode.toLowerCase())
      await press(browser, 'Continue')
    }
    await field(page, 'Account number').fill(who.number)
    await field(page, 'Postcode').fill('ZZ9 9ZZ')
    await press(page, 'Continue')
    assert.match(await text(page), /These are not the details of this account/)
    await show(seen)
    await good(seen, 'plan-online-choose')
    await seen.getByRole('link', { name: 'Cymraeg' }).click()
    assert.match(await text(seen), /Yr hyn sy'n ddyledus gennych/)
    await good(seen, 'plan-online-choose-welsh')
    // Who showed it last goes on.
    await show(page)
    assert.match(await text(page), /What you owe/)

    // What cannot be read is said at its field; a choice is shown day by day before the yes.
    await press(page, 'See the plan')
    assert.match(await text(page), /Enter how much you want to pay each time/)
    await page.getByLabel('Every month').check()
    await field(page, 'How much each time?').fill((Math.ceil(who.owes / 3) / 100).toFixed(2))
    await field(page, 'When do you want to pay first?').fill('+10')
    await page.getByLabel('Standing order').check()
    await press(page, 'See the plan')
    const rows = await page.getByRole('table', { name: 'Your payments' }).getByRole('row').allInnerTexts()
    assert.ok(rows.length >= 4, 'payments and their sum')
    assert.match(await text(page), /If you miss a payment/)
    await press(page, 'Set up this plan')
    assert.match(await text(page), /Your payment plan is set up/)
    const [number] = (await text(page)).match(/PLAN-\d+/)
    // Opened again it is done; opened by anybody else there is no more to see.
    await page.goto(english)
    assert.match(await text(page), new RegExp(number))
    const late = await seen.goto(link)
    assert.equal(late.status(), 404)
    await good(seen, 'plan-online-ended')

    await clerk.goto(`${demo}/plans/${number}`)
    await good(clerk, 'plan-set-online')
    const says = await text(clerk)
    assert.match(says, /Granted by\s+Customer online, LINK-\d+/)
    assert.match(says, /online, by a link/)
    await clerk.goto(`${demo}/customers/${who.number}/plan-links`)
    assert.match(await text(clerk), new RegExp(`Used[\\s\\S]*${number}`))
    await good(clerk, 'plan-links-used')
    await clerk.goto(`${demo}/customers/${who.number}/timeline?sort=plan`)
    assert.match(await text(clerk), /Link LINK-\d+ used/)
    // The week's figure counts it.
    await clerk.goto(`${demo}/plans`)
    await follow(clerk, 'Week by week')
    const now = await clerk.getByRole('row', { name: /So far/ }).innerText()
    assert.match(now, /So far\s+\d+\s+[1-9]\d*\s+[\d.]+%/)
    await good(clerk, 'plan-weeks')
    await verify(ORG)
  } finally {
    await desk.close()
    await home.close()
    await eyes.close()
  }
})
