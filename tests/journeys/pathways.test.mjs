// Pathways in the browser: who one is for, a year of its draft tried by a job, its checks; an account put on another
// pathway and back; two pathways compared on a random split.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { start } from './lib/browser.mjs'
import { demo } from './lib/demo.mjs'
import { good, press } from './lib/desk.mjs'
import { all, as, field, follow, people, text } from './lib/work.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 240_000 }
const ORG = 'NMC'

/** Waits until the job of this page has ended; the page asks for itself again. */
async function ended(page) {
  for (let turn = 0; turn < 60; turn += 1) {
    if (await page.getByRole('link', { name: 'See what it found' }).count()) return
    await page.waitForTimeout(1_000)
    await page.goto(page.url())
  }
  assert.fail(`the job did not end: ${await text(page)}`)
}

test('who a pathway is for, and what a year of its draft comes to', options, async () => {
  const browser = await start()
  try {
    const admin = await as(browser, ORG, 'Administrator')
    await admin.goto(`${demo}/recovery/pathways/care`)
    assert.match(await text(admin), /For debts of customers of the kind .*, of a debt type with .* in it/)
    await follow(admin, 'Draft of the next version')
    await press(admin, 'Begin the draft')
    await follow(admin, 'Who it is for')
    await good(admin, 'pathway-for')
    await field(admin, 'At most, in pounds').fill('a lot')
    await field(admin, 'Services').fill('Adult care')
    await press(admin, 'Save')
    assert.match(await text(admin), /Enter an amount in pounds/)
    assert.equal(await field(admin, 'At most, in pounds').inputValue(), 'a lot')
    assert.equal(await field(admin, 'Services').inputValue(), 'Adult care')
    await good(admin, 'pathway-for-error')
    await field(admin, 'At most, in pounds').fill('5000')
    await field(admin, 'Services').fill('')
    await press(admin, 'Save')
    assert.match(await all(admin), /The draft is kept\. For debts of .*£5,?000\.00 or less/)
    await follow(admin, 'Try it')
    await press(admin, 'Try the draft')
    await ended(admin)
    await follow(admin, 'See what it found')
    assert.match(await text(admin), /On the live book/)
    assert.match(await text(admin), /People who hear from us/)
    await good(admin, 'pathway-tried')
    const file = admin.getByRole('link', { name: 'Download CSV', exact: true })
    if (await file.count()) {
      const answer = await admin.request.get(`${demo}${await file.first().getAttribute('href')}`)
      assert.match(await answer.text(), /account,debt,next_step_now,with_the_draft/)
    }
    await admin.goto(`${demo}/recovery/pathways/care/check`)
    assert.match(await text(admin), /accounts? skip a step|would skip a step/)
    await good(admin, 'pathway-checked')
    await admin.goto(`${demo}/recovery/pathways/care/draft`)
    await press(admin, 'Take the draft back')
  } finally {
    await browser.close()
  }
})

test('an account is put on another pathway until a day, and goes back to its own', options, async () => {
  const browser = await start()
  try {
    const clerk = await as(browser, ORG, 'Credit controller')
    const [who] = await people(ORG, 5_000)
    await clerk.goto(`${demo}/customers/${who.number}`)
    await follow(clerk, 'Choose a pathway')
    await good(clerk, 'pathway-choose')
    await field(clerk, 'Which pathway?').selectOption('care')
    await field(clerk, 'Until').fill('yesterday')
    await field(clerk, 'Why not its own?').fill('Her daughter pays for her')
    await press(clerk, 'Choose this pathway')
    assert.match(await text(clerk), /Enter a day after today/)
    assert.equal(await field(clerk, 'Why not its own?').inputValue(), 'Her daughter pays for her')
    await good(clerk, 'pathway-choose-error')
    await field(clerk, 'Until').fill('+60')
    await press(clerk, 'Choose this pathway')
    assert.match(await all(clerk), /From the next step on/)
    assert.match(await text(clerk), /The whole account/)
    await good(clerk, 'pathway-chosen')
    await clerk.goto(`${demo}/recovery/pathways`)
    await follow(clerk, 'Chosen by a person')
    assert.match(await text(clerk), new RegExp(who.number))
    await good(clerk, 'pathway-choices')
    await clerk.goto(`${demo}/customers/${who.number}/pathway`)
    await Promise.all([clerk.waitForEvent('load'), clerk.getByRole('button', { name: /^End it/ }).first().click()])
    assert.match(await all(clerk), /It goes on with its own pathway/)
    assert.equal(await clerk.getByRole('button', { name: /^End it/ }).count(), 0)
  } finally {
    await browser.close()
  }
})

test('two pathways are compared on a random split, which another person approves and somebody ends', options, async () => {
  const browser = await start()
  const beside = await start()
  try {
    const admin = await as(browser, ORG, 'Administrator')
    await admin.goto(`${demo}/recovery/pathway-trials`)
    await good(admin, 'pathway-trials')
    await field(admin, 'Pathway as it is').selectOption('individual')
    await field(admin, 'Challenger').selectOption('care')
    await field(admin, 'Share of customers on the challenger, in a hundred').fill('a fifth')
    await admin.getByRole('textbox', { name: 'From', exact: true }).fill('+1')
    await admin.getByRole('textbox', { name: 'Until', exact: true }).fill('+90')
    await field(admin, 'What is to be learnt?').fill('Do more days between letters lose money?')
    await press(admin, 'Ask for the trial')
    assert.match(await text(admin), /Enter a share from 1 to 99/)
    assert.equal(await field(admin, 'Share of customers on the challenger, in a hundred').inputValue(), 'a fifth')
    await good(admin, 'pathway-trials-error')
    await field(admin, 'Share of customers on the challenger, in a hundred').fill('20')
    await press(admin, 'Ask for the trial')
    assert.match(await all(admin), /APP-\d+ waits for somebody else's yes/)
    const [approval] = (await all(admin)).match(/APP-\d+/)
    await admin.goto(`${demo}/approvals/${approval}`)
    assert.equal(await admin.getByRole('button', { name: /Approve/ }).count(), 0, 'nobody approves what they asked for')
    const approver = await as(beside, ORG, 'Approver')
    await approver.goto(`${demo}/approvals/${approval}`)
    assert.match(await text(approver), /Do more days between letters lose money\?/)
    await good(approver, 'pathway-trial-approval')
    await Promise.all([approver.waitForEvent('load'), approver.getByRole('button', { name: /Approve/ }).first().click()])
    await admin.goto(`${demo}/recovery/pathway-trials`)
    await admin.locator('a[href^="/recovery/pathway-trials/TRY-"]').first().click()
    assert.match(await text(admin), /Not begun: it begins on/)
    await good(admin, 'pathway-trial')
    await press(admin, 'End the trial')
    assert.match(await all(admin), /The trial has ended/)
    assert.equal(await admin.getByRole('button', { name: 'End the trial' }).count(), 0)
  } finally {
    await beside.close()
    await browser.close()
  }
})
