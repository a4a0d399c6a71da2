// Mail in the browser: a message is taken, the same again does nothing, one that waits is sorted by hand.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { start } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'
import { good, openInvoices, press, verify } from './lib/desk.mjs'

const options = { skip: !demo && 'no demo is served', timeout: 180_000 }
const ORG = 'NMC'

const text = (page) => page.locator('main').innerText()

/** A message as a mail program saves it. */
function message(id, from, subject, words) {
  const head = `From: Somebody <${from}>\r\nTo: bills@northmere.example\r\nMessage-ID: <${id}@mail.example>\r\nSubject: ${subject}\r\n`
  const kind = 'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n'
  return { name: `${id}.eml`, mimeType: 'message/rfc822', buffer: Buffer.from(`${head}${kind}\r\n${words}\r\n`) }
}

async function take(page, saved) {
  await page.goto(`${demo}/mail`)
  await page.locator('#file').setInputFiles(saved)
  await press(page, 'Take message')
}

test('messages open and join queries, and a person sorts what waits', options, async () => {
  const browser = await start()
  try {
    const page = await signIn(browser.context, ORG, 'Credit controller')
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`${demo}/queries`)
    await page.getByRole('link', { name: 'Mail', exact: true }).or(page.getByRole('button', { name: 'Mail', exact: true })).first().click()
    await page.waitForLoadState('load')
    await good(page, 'mail-list')
    await press(page, 'Take message')
    assert.match(await text(page), /Choose a message, saved as a file/)
    await good(page, 'mail-error')

    const open = await openInvoices(ORG)
    const { number } = open[open.length - 7]
    const saved = message('journey-1', 'somebody@nowhere.example', `Invoice ${number}`, 'The hall was cold.\nCould you look?')
    await take(page, saved)
    assert.match(await text(page), /Opened a query|Joined to a query/)
    assert.match(await text(page), new RegExp(`It gives invoice ${number}`))
    await good(page, 'mail-message')
    const [query] = (await text(page)).match(/QRY-\d+/)
    await take(page, saved)
    assert.match(await page.locator('body').innerText(), /came before; nothing was done/)
    await page.goto(`${demo}/queries/${query}`)
    assert.match(await text(page), /MSG-\d+\.eml/)

    await take(page, message('journey-2', 'stranger@nowhere.example', 'Hello', 'Is this the right place?'))
    assert.match(await text(page), /No account has the address stranger@nowhere.example/)
    await good(page, 'mail-waiting')
    await page.locator('#customer').fill('C9')
    await press(page, 'Open query')
    assert.match(await text(page), /Choose what it is about from the list/)
    assert.equal(await page.locator('#customer').inputValue(), 'C9')
    await good(page, 'mail-sort-error')
    await page.locator('#query').fill(query)
    await press(page, 'Join to query')
    assert.match(await page.locator('body').innerText(), new RegExp(`is part of ${query}`))

    await take(page, message('journey-3', 'stranger@nowhere.example', 'Offer', 'Buy our pens'))
    await page.locator('#reason').fill('An advertisement')
    await press(page, 'Set aside')
    await page.goto(`${demo}/mail?state=set_aside`)
    assert.match(await text(page), /Offer/)
    await good(page, 'mail-set-aside')
    await page.setViewportSize({ width: 390, height: 844 })
    for (const state of ['waiting', 'joined', 'opened', 'set_aside']) {
      await page.goto(`${demo}/mail?state=${state}`)
      await good(page, `mail-${state}-phone`)
    }
    await verify(ORG)
  } finally {
    await browser.close()
  }
})
