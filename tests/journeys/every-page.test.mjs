// Each role walks through every page it is shown: no link leads nowhere, nothing breaks, axe finds nothing.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { open, scrollsSideways, shoot, start, violations } from './lib/browser.mjs'
import { demo, signIn } from './lib/demo.mjs'

const ROLES = ['Billing officer', 'Cashier', 'Credit controller', 'Team leader', 'Approver', 'Auditor', 'Administrator', 'Service manager', 'Social-care finance officer']

/** Pages of one shape are looked at once: numbers and codes do not make another page. */
const shape = (url) => url.pathname.replace(/[A-Z]{1,4}-?\d[\dA-Z-]*/g, 'N').replace(/\d+/g, 'n') + [...url.searchParams.keys()].sort().join(',')

const isFile = (url) => /[./](pdf|csv|xlsx|json|file)$/.test(url.pathname) || ['csv', 'xlsx', 'json', 'pdf'].includes(url.searchParams.get('format'))

for (const role of ROLES) {
  test(`${role}: every page it is shown`, { skip: !demo && 'no demo is served', timeout: 600_000 }, async () => {
    const browser = await start()
    try {
      const first = await signIn(browser.context, 'NMC', role)
      const waiting = [first.url()]
      const seen = new Set()
      const wrong = []
      await first.close()
      while (waiting.length > 0 && seen.size < 60) {
        const url = new URL(waiting.shift())
        if (seen.has(shape(url))) continue
        seen.add(shape(url))
        if (isFile(url)) {
          const answer = await browser.context.request.get(url.href)
          if (!answer.ok()) wrong.push(`${url.pathname}${url.search}: ${answer.status()}`)
          continue
        }
        const { page, bad } = await open(browser.context, url.href, [1440, 900])
        for (const line of bad) wrong.push(`${url.pathname}${url.search}: ${line}`)
        for (const line of await violations(page)) wrong.push(`${url.pathname}: ${line}`)
        const links = await page.locator('a[href]').evaluateAll((all) => all.map((a) => a.href))
        // The handbook is the same for all: one role reads it.
        const mine = (href) => href.startsWith(demo) && !href.includes('#') && (role === 'Auditor' || !href.includes('/help/'))
        waiting.push(...links.filter(mine))
        if (process.env.SHOTS) await shoot(page, `tests/journeys/shots/live-${role.split(' ')[0].toLowerCase()}-${shape(url).replace(/[^a-zA-Z]+/g, '_')}.png`)
        await page.setViewportSize({ width: 320, height: 700 })
        if (await scrollsSideways(page)) wrong.push(`${url.pathname}: scrolls sideways at 320`)
        await page.close()
      }
      assert.ok(seen.size > 3, `only ${seen.size} pages were found`)
      assert.deepEqual(wrong, [])
    } finally {
      await browser.close()
    }
  })
}
