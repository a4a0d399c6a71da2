// People in the browser: a breathing-space notice taken in, matched and confirmed; a call with its promise; who acts and
// what somebody needs; the register of everything that is held, and its week.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { start } from './lib/browser.mjs'
import { demo } from './lib/demo.mjs'
import { good, press, verify } from './lib/desk.mjs'
import { all, as, field, follow, people, text } from './lib/work.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 240_000 }
const ORG = 'NMC'
let folder

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sundry-people-'))
})
after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** The address and postcode of an account, as its first lines say them. */
async function place(page, number) {
  await page.goto(`${demo}/customers/${number}`)
  const [, address] = (await text(page)).match(/Individual\. ([^.]+)\./)
  return address
}

test('a breathing-space notice is taken in, matched and confirmed, and what it names is frozen', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, ORG, 'Credit controller')
    const [who] = await people(ORG, 10_000)
    const address = await place(page, who.number)
    await page.goto(`${demo}/recovery/cases`)
    await good(page, 'cases')
    await follow(page, 'Take in a notice')
    await good(page, 'case-notice')
    await press(page, 'Take it in')
    await good(page, 'case-notice-error')
    assert.equal(await page.getByRole('alert').count(), 1, 'what is missing is said')

    // By name and address alone: it waits to be matched, and nothing is stopped on a guess.
    await field(page, 'What happened?').selectOption({ label: 'Standard breathing space' })
    await field(page, 'Name in the notice').fill(who.name)
    await field(page, 'Address in the notice').fill(address)
    await field(page, 'Who told us?').fill('Debt respite register')
    await field(page, 'Their reference').fill('BSN-JOURNEY-1')
    await field(page, 'First day').fill('-1')
    await field(page, 'Who deals with it for them').fill('Debt adviser')
    await field(page, 'Their name').fill('Northmere Advice')
    await field(page, 'Their e-mail address').fill('advice@northmere-advice.example')
    await press(page, 'Take it in')
    if (/Enter a date/.test(await text(page))) {
      assert.equal(await field(page, 'Name in the notice').inputValue(), who.name, 'what was typed is kept')
      await field(page, 'First day').fill('30 November 2026')
      await press(page, 'Take it in')
    }
    assert.match(await all(page), /PC-\d+ is taken in: say today whose it is/)
    const at = page.url()
    const [number] = page.url().match(/PC-\d+/)
    await good(page, 'case-to-match')
    await page.goto(`${demo}/recovery/cases?state=to_match`)
    assert.match(await text(page), new RegExp(number))
    await page.goto(at)
    await page.getByLabel(new RegExp(`${who.number} `)).check()
    await press(page, 'Say whose it is')
    assert.match(await all(page), /is in force: what it names is stopped/)
    await good(page, 'case-in-force')
    const says = await text(page)
    assert.match(says, /The debts it bears on/)
    assert.match(says, /adviser/i)

    // The account says so, and what it freezes; a reminder, a call and a plan are told of it.
    await page.goto(`${demo}/customers/${who.number}`)
    assert.match(await text(page), /Breathing space( until \d+ \w+ \d{4})?: no letter, call, interest, fee or enforcement/)
    assert.match(await text(page), /An offer of theirs may be taken; nobody may ask for one/)
    assert.match(await text(page), /Next: wait for breathing space to end/)
    await good(page, 'account-frozen')
    await page.goto(`${demo}/customers/${who.number}/call`)
    assert.match(await text(page), /BS-03-BREATHING-SPACE|Do not speak of what was owed/)
    await good(page, 'call-frozen')
    await page.goto(`${demo}/recovery/holds?what=freeze`)
    assert.match(await text(page), new RegExp(who.name))
    await good(page, 'holds-freeze')
    await page.goto(`${demo}/customers/${who.number}/court`)
    await field(page, 'Why court, and not something milder?').fill('They do not answer')
    await field(page, 'What is known of their income?').fill('Not known')
    await field(page, 'What is known of what they own?').fill('Not known')
    await press(page, 'Refer to court')
    assert.match(await text(page), /BS-03-BREATHING-SPACE/)
    assert.match(await text(page), /This debt is in breathing space/)
    assert.equal(await field(page, 'Why court, and not something milder?').inputValue(), 'They do not answer')
    await good(page, 'court-frozen')

    // What the law asks of us is a list of tasks; one is done, with how.
    await page.goto(at)
    await field(page, 'What happened?').selectOption({ label: 'It has ended' })
    await press(page, 'Show its form')
    await field(page, 'Last day').fill('whenever')
    await press(page, 'End the case')
    assert.match(await text(page), /Enter a date/)
    assert.equal(await field(page, 'Last day').inputValue(), 'whenever')
    assert.equal(await field(page, 'Which task?').count(), 0, 'only what the chosen act needs is asked')
    await good(page, 'case-end-error')
    await page.goto(at)
    await field(page, 'What happened?').selectOption({ label: 'A task is done' })
    await press(page, 'Show its form')
    assert.equal(await field(page, 'Last day').count(), 0)
    await press(page, 'Mark it as done')
    assert.match(await text(page), /Enter why, or how it was done/)
    await field(page, 'How was it done?').fill('Told by e-mail today')
    await press(page, 'Mark it as done')
    assert.match(await text(page), /Siobhan Clegg: Told by e-mail today/)
    await good(page, 'case-task-done')

    // The letter that says what stops is written once.
    await press(page, 'Write the letter')
    assert.match(await all(page), /its letter is written and waits to be sent/)
    await press(page, 'Write the letter')
    assert.match(await text(page), /BS-CASE-STATE/)
    await good(page, 'case-letter-twice')

    // It comes again: the same reference is no second case.
    await page.goto(`${demo}/recovery/cases/new?customer=${who.number}`)
    await field(page, 'What happened?').selectOption({ label: 'Standard breathing space' })
    await field(page, 'Name in the notice').fill(who.name)
    await field(page, 'Who told us?').fill('Debt respite register')
    await field(page, 'Their reference').fill('BSN-JOURNEY-1')
    await field(page, 'First day').fill('30 November 2026')
    await press(page, 'Take it in')
    assert.match(page.url(), /\/recovery\/cases\/new$/)
    assert.match(await text(page), /There is a problem/)
    await good(page, 'case-twice')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('a call is one form: outcome, promise and next step; a promise without a day is refused', options, async () => {
  // Without JavaScript, as the form promises.
  const browser = await start({ javaScriptEnabled: false })
  const eyes = await start()
  try {
    const page = await as(browser, ORG, 'Credit controller')
    const seen = await as(eyes, ORG, 'Credit controller')
    const [who] = await people(ORG, 10_000)
    await page.goto(`${demo}/recovery/calls`)
    await seen.goto(page.url())
    await good(seen, 'calls')
    await page.goto(`${demo}/customers/${who.number}`)
    await follow(page, 'Record a call')
    await seen.goto(page.url())
    await good(seen, 'call')
    await press(page, 'Save call')
    assert.match(await text(page), /Choose how the call went/)
    await page.getByLabel('They will pay', { exact: true }).check()
    await field(page, 'What was said').fill('Wages come on Friday')
    await field(page, 'Promised to pay').fill('40')
    await press(page, 'Save call')
    assert.match(await text(page), /Enter the day by which they will pay/)
    assert.equal(await field(page, 'Promised to pay').inputValue(), '40')
    assert.equal(await page.getByLabel('They will pay', { exact: true }).isChecked(), true)
    await page.getByRole('textbox', { name: 'By', exact: true }).fill('+7')
    await page.getByLabel(new RegExp(`^${who.invoices[0].number}, `)).check()
    await page.getByLabel('Wait for the promise', { exact: true }).check()
    await field(page, 'When').fill('+8')
    await press(page, 'Save call')
    assert.match(await all(page), new RegExp(`Call with ${who.name} recorded`))
    assert.match(page.url(), /\/timeline$/)
    assert.match(await text(page), /Wages come on Friday/)
    await seen.goto(page.url())
    await good(seen, 'call-recorded')
    await page.goto(`${demo}/customers/${who.number}`)
    assert.match(await text(page), /Promised\s+£40\.00/)
    assert.match(await text(page), /Next: wait for the promise/)
    await verify(ORG)
  } finally {
    await browser.close()
    await eyes.close()
  }
})

test('who acts by which document, and what somebody needs without why', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, ORG, 'Credit controller')
    const [who] = await people(ORG, 10_000)
    await page.goto(`${demo}/customers/${who.number}/people`)
    await good(page, 'account-people')
    await follow(page, 'Record who acts')
    await good(page, 'acting')
    await field(page, 'Their name').fill('Jan Webb')
    await press(page, 'Record who acts')
    assert.match(await text(page), /There is a problem/)
    assert.equal(await field(page, 'Their name').inputValue(), 'Jan Webb')
    await good(page, 'acting-error')
    await field(page, 'By what authority do they act?').selectOption({ label: 'Attorney (lasting power)' })
    await page.getByRole('group', { name: 'What does the document let them do?' }).getByRole('checkbox').first().check()
    await page.getByRole('checkbox', { name: /talk|speak/i }).first().check()
    await field(page, 'The document').fill('Lasting power of attorney of 2 March 2024, OPG 7000-1234')
    await field(page, 'Address').fill('4 Mill Lane')
    await field(page, 'Town').fill('Northmere')
    await field(page, 'Postcode').fill('ZZ1 1AA')
    await press(page, 'Record who acts')
    assert.match(await all(page), /is recorded: add a copy of the document/)
    assert.match(await text(page), /No document yet/)
    await good(page, 'acting-not-proved')
    // Until the document is here they do not speak for the customer.
    await page.goto(`${demo}/customers/${who.number}/call`)
    assert.equal(await page.getByRole('option', { name: /Jan Webb/ }).count(), 0)
    await page.goto(`${demo}/customers/${who.number}/people`)
    await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: /^Add document for/ }).click()])
    await good(page, 'acting-document')
    const file = path.join(folder, 'power.pdf')
    fs.writeFileSync(file, '%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
    await page.getByLabel('A copy of the document').setInputFiles(file)
    await field(page, 'What does the copy show?').fill('Stamped on every page')
    await press(page, 'Keep the copy')
    assert.match(await all(page), /The document of .* is kept/)
    assert.match(await text(page), /In force/)
    assert.match(await text(page), /power\.pdf/)
    await good(page, 'acting-in-force')
    await page.goto(`${demo}/customers/${who.number}/call`)
    assert.equal(await page.getByRole('option', { name: /Jan Webb, who acts for them/ }).count(), 1)

    // A need: everybody sees what changes; why is kept apart, and reading it is remembered.
    await page.goto(`${demo}/customers/${who.number}/needs`)
    await good(page, 'need')
    await press(page, 'Mark the need')
    assert.match(await text(page), /There is a problem/)
    await field(page, 'What is the need?').selectOption({ label: 'Mental health' })
    await page.getByLabel('Large print', { exact: true }).check()
    await field(page, 'How do we know?').fill('Rang and said that letters frighten them')
    await field(page, 'By what right do we keep it?').fill('Consent of 30 November 2026')
    await press(page, 'Mark the need')
    assert.match(await all(page), /Marked, to be looked at again on/)
    await good(page, 'need-marked')
    assert.doesNotMatch(await text(page), /letters frighten them/)
    await page.goto(`${demo}/customers/${who.number}`)
    assert.match(await text(page), /Vulnerable/)
    assert.doesNotMatch(await text(page), /letters frighten them|Mental health/)
    const leader = await as(browser, ORG, 'Team leader')
    await leader.goto(`${demo}/customers/${who.number}/people`)
    await press(leader, 'Read why')
    assert.match(await text(leader), /Enter|Say/)
    await field(leader, 'What do you need it for?').fill('To agree a plan')
    await press(leader, 'Read why')
    assert.match(await text(leader), /letters frighten them/)
    await good(leader, 'need-read')
    const cashier = await as(browser, ORG, 'Cashier')
    await cashier.goto(`${demo}/customers/${who.number}/people`)
    assert.doesNotMatch(await text(cashier), /letters frighten them|Mental health/)
    await verify(ORG)
  } finally {
    await browser.close()
  }
})

test('the hold register names owner, reason, last day and money; the week counts them', options, async () => {
  const browser = await start()
  try {
    const page = await as(browser, ORG, 'Credit controller')
    const [who] = await people(ORG, 5_000)
    await page.goto(`${demo}/customers/${who.number}`)
    await follow(page, 'Put on hold')
    await good(page, 'hold')
    await press(page, 'Put on hold')
    assert.match(await text(page), /There is a problem/)
    await good(page, 'hold-error')
    await page.getByLabel('Complaint', { exact: true }).check()
    await field(page, 'Until').fill('+20')
    await field(page, 'What should the next person know?').fill('The ombudsman has the complaint')
    await press(page, 'Put on hold')
    await page.goto(`${demo}/recovery/holds`)
    await good(page, 'holds')
    const row = page.getByRole('row', { name: new RegExp(who.name) }).first()
    assert.match(await row.innerText(), /The ombudsman has the complaint[\s\S]*20 Dec 2026[\s\S]*£/)
    await field(page, 'Owner').fill('Siobhan Clegg')
    await press(page, 'Show')
    assert.match(await text(page), new RegExp(who.name))
    const csv = await page.request.get(`${demo}/recovery/holds?format=csv`)
    assert.match(await csv.text(), /The ombudsman has the complaint/)
    await page.goto(`${demo}/recovery/holds`)
    await follow(page, 'This week')
    await good(page, 'holds-week')
    assert.match(await text(page), /Siobhan Clegg/)
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
