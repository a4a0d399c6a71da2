// An administrator changes a letter: draft, a field that is not there, checks, preview on a real account; someone else approves.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { scrollsSideways, shoot, start, violations } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'

const binary = process.env.SUNDRY_BIN ?? 'target/debug/sundry'
const skip = !demo && 'no demo is served'

/** What the program says to a command, as JSON. */
const sundry = (...words) =>
  JSON.parse(execFileSync(binary, [...words, '--org', 'NMC', '--json'], { encoding: 'utf8', maxBuffer: 64e6 }))

/** Nothing wrong by axe, nothing wider than the screen; a picture at both widths when asked. */
async function sound(page, name) {
  assert.deepEqual(await violations(page), [], name)
  const wide = page.viewportSize()
  if (process.env.SHOTS) await shoot(page, `${process.env.SHOTS}/${name}-1440.png`)
  await page.setViewportSize({ width: 390, height: 844 })
  assert.equal(await scrollsSideways(page), false, `${name} scrolls sideways at 390`)
  if (process.env.SHOTS) await shoot(page, `${process.env.SHOTS}/${name}-390.png`)
  await page.setViewportSize(wide)
}

const words = (page) => page.locator('main').innerText()

test('del-10 a letter is changed, checked, seen on a real account, approved by another', { skip, timeout: 300_000 }, async () => {
  const browser = await start({ viewport: { width: 1440, height: 900 } })
  try {
    const admin = await signIn(browser.context, 'NMC', 'Administrator')
    await admin.goto(`${demo}/admin/letters`)
    await sound(admin, 'letters')
    const code = 'reminder_1'
    await admin.locator(`a[href="/admin/letters/${code}"]`).click()
    await sound(admin, 'letter')
    await admin.goto(`${demo}/admin/letters/letter_of_claim`)
    assert.match(await words(admin), /Fixed by law: REC-02/)
    await admin.goto(`${demo}/admin/letters/letter_of_claim/draft`)
    assert.equal(await admin.locator('#text_en-debt').count(), 0, 'what the law fixes has no box')
    await sound(admin, 'letter-edit-locked')
    await admin.goto(`${demo}/admin/letters/${code}/draft`)
    await sound(admin, 'letter-edit')
    await admin.fill('#text_en-opening', 'This is for {for_whta}. Thank you if you have paid.')
    await admin.getByRole('button', { name: 'Save the draft' }).click()
    assert.match(await words(admin), /Did you mean \{for_what\}\?/)
    assert.equal(await admin.inputValue('#text_en-opening'), 'This is for {for_whta}. Thank you if you have paid.')
    await sound(admin, 'letter-edit-error')
    await admin.fill('#text_en-opening', 'This is for {for_what}. Thank you if you have paid.')
    await admin.fill('#new_id', 'thank_you')
    await admin.fill('#text_en-', 'Thank you for dealing with this.')
    await admin.getByRole('button', { name: 'Save and check' }).click()
    assert.match(await words(admin), /Set for 5 sample accounts/)
    assert.match(await words(admin), /No Welsh yet/)
    await sound(admin, 'letter-check')
    await admin.locator('a', { hasText: 'See it as a letter' }).click()
    assert.match(await words(admin), /Thank you for dealing with this/)
    await sound(admin, 'letter-preview')
    const shown = await admin.locator('img.app-picture').first().evaluate((img) => img.complete && img.naturalWidth > 0)
    assert.equal(shown, true, 'the first page is shown as a picture')
    await admin.fill('#account', sundry('run', 'statements').rows[0].number)
    await admin.selectOption('#large', 'yes')
    await admin.getByRole('button', { name: 'Show' }).click()
    assert.match(await words(admin), /Real account/)
    await sound(admin, 'letter-preview-account')
    const pdf = await admin.request.get(await admin.getByRole('link', { name: 'Open as PDF' }).evaluate((a) => a.href))
    assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-')
    const mail = await admin.request.get(await admin.getByRole('link', { name: 'Open as e-mail' }).evaluate((a) => a.href))
    assert.match(mail.headers()['content-security-policy'], /sandbox/)
    await admin.goto(`${demo}/admin/letters/${code}/check`)
    await admin.getByRole('button', { name: 'Send for approval' }).click()
    assert.match(await words(admin), /Waits for a yes/)
    await sound(admin, 'letter-asked')
    const approval = sundry('letter-template', 'show', code).draft.approval
    const approver = await signIn(browser.context, 'NMC', 'Approver')
    await approver.goto(`${demo}/approvals/${approval}`)
    await sound(approver, 'letter-approval')
    await approver.getByRole('button', { name: /Approve/ }).click()
    assert.equal(sundry('letter-template', 'show', code).version, 2)
    await admin.goto(`${demo}/admin/letters/${code}/differences?from=1&to=2`)
    assert.match(await words(admin), /The text of block opening/)
    await sound(admin, 'letter-differences')
    await admin.goto(`${demo}/admin/letters/${code}/versions/1`)
    assert.match(await words(admin), /paid in the last 5 days/)
    const leader = await signIn(browser.context, 'NMC', 'Team leader')
    await leader.goto(`${demo}/delivery/statements?at_least=100`)
    assert.match(await words(leader), /Nobody gets two on a day/)
    await sound(leader, 'statements')
  } finally {
    await browser.close()
  }
})
