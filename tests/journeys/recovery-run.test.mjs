// The day's recovery run in the browser: who gets which letter and who is left out, and why; what was released, to read
// for good; a day is released once, and a day that has not come is only looked at.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { start } from './lib/browser.mjs'
import { demo } from './lib/demo.mjs'
import { good, press, sundry, verify } from './lib/desk.mjs'
import { as, field, follow, people, text } from './lib/work.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 240_000 }
const ORG = 'LKF'

/** The rows of a file that a page offers about a customer. */
async function rows(page, number) {
  const address = new URL(page.url())
  address.searchParams.set('format', 'csv')
  const answer = await page.request.get(address.href)
  assert.equal(answer.status(), 200, address.href)
  return (await answer.text()).split(/\r?\n/).filter((row) => row.includes(number))
}

test('a run is looked at by a credit controller, released once, and read by an auditor', options, async () => {
  const browser = await start()
  try {
    const [asked, held] = await people(ORG, 10_000)
    await sundry('--org', ORG, 'hold', 'place', held.number, '--reason', 'complaint', '--words', 'Stage 1')

    // Whoever works cases reads the day; it is not theirs to release.
    const clerk = await as(browser, ORG, 'Credit controller')
    await clerk.goto(`${demo}/recovery`)
    await good(clerk, 'recovery-runs')
    await field(clerk, 'Everything due up to').fill('31/02/26')
    await press(clerk, 'Preview the run')
    assert.match(await text(clerk), /Enter a date that exists/)
    await good(clerk, 'recovery-runs-error')
    await clerk.goto(`${demo}/recovery/preview`)
    assert.match(await text(clerk), /Who is left out, and why/)
    assert.equal(await clerk.getByRole('button', { name: 'Release this run' }).count(), 0, 'not theirs')
    await good(clerk, 'recovery-preview')
    const out = await rows(clerk, held.number)
    assert.ok(out.some((row) => row.startsWith('left out') && row.includes('REC-04-HOLD-COMPLAINT')), `${out}`)
    assert.ok((await rows(clerk, asked.number)).length > 0, 'who is asked, or why not')

    // The demo's day ended with its run: nobody is written to a second time.
    const leader = await as(browser, ORG, 'Team leader')
    await leader.goto(`${demo}/recovery/preview`)
    assert.match(await text(leader), /DAY-\d{4}-\d{2}-\d{2} was released: what has come since waits for the next day's run/)
    assert.equal(await leader.getByRole('button', { name: 'Release this run' }).count(), 0, 'a day is released once')
    await good(leader, 'recovery-preview-over')
    await leader.goto(`${demo}/recovery/preview?date=%2B7`)
    assert.match(await text(leader), /This day has not come: it can be looked at, not released/)
    assert.equal(await leader.getByRole('button', { name: 'Release this run' }).count(), 0, 'tomorrow is nobody\'s')
    await good(leader, 'recovery-preview-ahead')

    // What was released stays to be read: letters, who was left out, and by which rule.
    const auditor = await as(browser, ORG, 'Auditor')
    await auditor.goto(`${demo}/recovery`)
    const newest = await auditor.locator('main table a[href^="/recovery/runs/DAY-"]').first().innerText()
    await follow(auditor, newest)
    assert.match(await text(auditor), /Released/)
    await good(auditor, 'recovery-released')
    assert.equal((await rows(auditor, held.number)).length, 0, 'what came after it is not in it')
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
