// A cashier's files from the bank: handed in, handed in again, a gap, a layout of CSV, a folder; the books agree after each.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { scrollsSideways, shoot, start, violations } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'

const binary = process.env.SUNDRY_BIN ?? 'target/debug/sundry'
const ORG = 'NMC'
const skip = !demo && 'no demo is served'

/** What the program says to a command, as JSON. */
const sundry = (...words) => {
  const said = execFileSync(binary, [...words, '--org', ORG, '--json'], { encoding: 'utf8', maxBuffer: 64e6 })
  // Ids are longer than JavaScript's numbers are exact.
  return JSON.parse(said.replace(/: (\d{16,})/g, ': "$1"'))
}

/** The books agree with themselves. */
function verified(after) {
  assert.equal(sundry('verify').passed, true, `sundry verify after ${after}`)
}

const pounds = (pence) => `${Math.floor(pence / 100)}.${String(pence % 100).padStart(2, '0')}`
const next = (day, by = 1) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10)

/** Where the bank's statements have come to: account, number, day and closing balance of the newest in the demo. */
function newest(folder) {
  const file = sundry('bank', 'files', '--state', 'accepted', '--limit', '1').files[0]
  const to = path.join(folder, 'newest.xml')
  sundry('bank', 'file', file.id, '--out', to)
  const xml = fs.readFileSync(to, 'utf8')
  const balance = [...xml.matchAll(/<Cd>CLBD<\/Cd>.*?<Amt Ccy="GBP">([\d.]+)<\/Amt><CdtDbtInd>(\w+)<.*?<Dt><Dt>([\d-]+)/gs)].at(-1)
  return {
    account: xml.match(/<Acct><Id><Othr><Id>(\d+)</)[1],
    number: Number(xml.match(/<ElctrncSeqNb>(\d+)</)[1]),
    closing: Math.round(Number(balance[1]) * 100) * (balance[2] === 'DBIT' ? -1 : 1),
    on: balance[3],
  }
}

/** A statement in MT940 that goes on from `before`, skipping as many as asked; and where it has come to. */
function mt940(before, lines, skipped = 0) {
  const on = next(before.on, skipped + 1)
  const number = before.number + 1 + skipped
  const [day, short] = [on.slice(2).replaceAll('-', ''), on.slice(5).replaceAll('-', '')]
  const closing = before.closing + lines.reduce((sum, [pence]) => sum + pence, 0)
  const mark = (pence) => `${pence < 0 ? 'D' : 'C'}${day}GBP${pounds(Math.abs(pence)).replace('.', ',')}`
  const entries = lines.map(([pence, words]) => `:61:${day}${short}C${pounds(pence).replace('.', ',')}NTRFNONREF\r\n:86:${words}\r\n`)
  const text = `:20:STMT${number}\r\n:25:${before.account}\r\n:28C:${number}/1\r\n:60F:${mark(before.closing)}\r\n${entries.join('')}:62F:${mark(closing)}\r\n-\r\n`
  return { text, after: { ...before, number, closing, on } }
}

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

async function handIn(page, file, more = async () => {}) {
  await page.goto(`${demo}/cash/import`)
  await page.locator('input[type=file][name=file]').setInputFiles(file)
  await more()
  await page.getByRole('button', { name: 'Check the file' }).click()
  await page.waitForLoadState()
}

async function take(page) {
  await page.getByRole('button', { name: 'Import the new lines' }).click()
  await page.waitForURL((now) => now.pathname === '/cash/match')
}

test('a cashier brings in files from the bank', { skip, timeout: 600_000 }, async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sundry-bank-'))
  const browser = await start({ viewport: { width: 1440, height: 900 } })
  const put = (name, text) => {
    const at = path.join(folder, name)
    fs.writeFileSync(at, text)
    return at
  }
  try {
    const page = await signIn(browser.context, ORG, 'Cashier')
    let now = newest(folder)

    await t.test('a statement is checked, then imported', async () => {
      await page.goto(`${demo}/cash/import`)
      await sound(page, 'import')
      const one = mt940(now, [[4_321, 'JOURNEY ONE SI9999998'], [1_000, 'JOURNEY TWO']])
      await handIn(page, put('monday.sta', one.text))
      assert.match(await words(page), /New lines\s*2/)
      await sound(page, 'checked')
      await take(page)
      assert.match(await page.locator('body').innerText(), /monday\.sta: 2 new lines/)
      now = one.after
      verified('a statement')
    })

    await t.test('the same file again says so and changes nothing', async () => {
      const before = sundry('bank', 'files', '--limit', '500').files.length
      await handIn(page, path.join(folder, 'monday.sta'))
      assert.match(await words(page), /Already imported on \d+ \w+ 20\d\d/)
      assert.equal(await page.getByRole('button', { name: 'Import the new lines' }).count(), 0)
      await sound(page, 'again')
      assert.equal(sundry('bank', 'files', '--limit', '500').files.length, before)
      verified('the same file again')
    })

    await t.test('a missing statement is a refusal with a way forward, and somebody may say why not', async () => {
      const gap = mt940(now, [[2_500, 'JOURNEY AFTER A GAP']], 1)
      const file = put('wednesday.sta', gap.text)
      await handIn(page, file)
      assert.match(await words(page), /is missing/)
      assert.match(await words(page), /Import the missing statement first, or import this one anyway and say why/)
      await sound(page, 'gap')
      const anyway = page.getByLabel(/Import it although it does not follow/)
      await handIn(page, file, () => anyway.check())
      assert.match(await words(page), /Say why it is imported although it does not follow/)
      assert.equal(await anyway.isChecked(), true, 'what was chosen is kept')
      await handIn(page, file, async () => {
        await anyway.check()
        await page.getByLabel('Why', { exact: true }).fill('The bank closed for a day and skipped a number')
      })
      await take(page)
      await page.goto(`${demo}/cash/files`)
      await sound(page, 'files')
      await page.getByRole('link', { name: 'wednesday.sta' }).click()
      assert.match(await words(page), /The bank closed for a day and skipped a number/)
      await sound(page, 'file')
      now = gap.after
      verified('a gap that was accepted')
    })

    await t.test('a layout of CSV is written by its sample, and used', async () => {
      const office = await start({ viewport: { width: 1440, height: 900 } })
      try {
        const desk = await signIn(office.context, ORG, 'Administrator')
        await desk.goto(`${demo}/cash/layouts`)
        await sound(desk, 'layouts')
        await desk.getByRole('button', { name: 'Write a layout' }).or(desk.getByRole('link', { name: 'Write a layout' })).click()
        await desk.getByLabel('Name', { exact: true }).fill('journey-bank')
        await desk.getByLabel('A sample', { exact: true }).fill('When,What,Paid in,Paid out\n01/12/2026,HALL HIRE,120.00,\n02/12/2026,FEES,,1.50\n')
        await desk.getByRole('button', { name: 'Show what comes out' }).click()
        await sound(desk, 'layout-sample')
        await desk.getByLabel('Date', { exact: true }).selectOption('When')
        await desk.getByLabel('Reference and narrative').selectOption('What')
        await desk.getByLabel('Money in', { exact: true }).selectOption('Paid in')
        await desk.getByLabel('Money out', { exact: true }).selectOption('Paid out')
        await desk.getByRole('button', { name: 'Show what comes out' }).click()
        assert.match(await words(desk), /Rows read\s*2/)
        assert.match(await words(desk), /Money in\s*£120\.00/)
        await sound(desk, 'layout-preview')
        await desk.getByRole('button', { name: 'Keep this layout' }).click()
        await desk.waitForURL((at) => at.pathname === '/cash/layouts')
        assert.match(await words(desk), /journey-bank/)
      } finally {
        await office.close()
      }
      const [year, month, day] = now.on.split('-')
      const csv = `When,What,Paid in,Paid out\n${day}/${month}/${year},JOURNEY BY CSV,75.00,\n`
      await handIn(page, put('thursday.csv', csv), async () => {
        await page.getByLabel('Format').selectOption('csv:journey-bank')
        await page.getByLabel('Bank account').selectOption({ index: 1 })
      })
      assert.match(await words(page), /New lines\s*1/)
      await take(page)
      verified('a layout of CSV')
    })

    await t.test('a folder is collected, each file once', async () => {
      const drop = path.join(folder, 'drop')
      fs.mkdirSync(drop)
      const place = { name: 'Journey drop', kind: 'folder', folder: drop, pattern: '*.sta', every_minutes: 60, in_use: true }
      sundry('bank', 'source', put('place.json', JSON.stringify(place)))
      const one = mt940(now, [[1_234, 'JOURNEY COLLECTED']])
      fs.writeFileSync(path.join(drop, 'friday.sta'), one.text)
      const fetched = sundry('bank', 'collect', '--source', 'Journey drop').sources[0]
      assert.deepEqual(fetched.files.map((file) => [file.name, file.outcome]), [['friday.sta', 'accepted']], JSON.stringify(fetched))
      assert.deepEqual(sundry('bank', 'collect', '--source', 'Journey drop').sources[0].files, [])
      await page.goto(`${demo}/cash/files`)
      assert.match(await words(page), /friday\.sta/)
      assert.match(await words(page), /from Journey drop/)
      verified('a folder')
    })
  } finally {
    await browser.close()
    fs.rmSync(folder, { recursive: true, force: true })
  }
})
