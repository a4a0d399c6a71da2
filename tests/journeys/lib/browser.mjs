// One browser for a test file, and what the tests ask of a page.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Chromium: CHROMIUM in the environment, or where Debian puts it. */
export const executable = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Starts a browser with a profile of its own; `close()` ends it and removes the profile. */
export async function start(options = {}) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'sundry-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ...options,
  })
  return {
    context,
    async close() {
      await context.close()
      fs.rmSync(profile, { recursive: true, force: true })
    },
  }
}

/** Opens a page and gathers everything that went wrong on it. */
export async function open(context, url, [width, height]) {
  const page = await context.newPage()
  const bad = []
  await page.setViewportSize({ width, height })
  page.on('pageerror', (error) => bad.push(error.message))
  page.on('console', (message) => message.type() === 'error' && bad.push(message.text()))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) bad.push(`asked another host: ${request.url()}`)
  })
  page.on('response', (response) => response.status() >= 400 && bad.push(`${response.status()} ${response.url()}`))
  await page.goto(url, { waitUntil: 'load' })
  return { page, bad }
}

/** What axe finds against WCAG 2.2 AA and its best practice, in a line each. */
export async function violations(page) {
  const found = await page.evaluate(`(()=>{${axe};return axe.run({runOnly:${JSON.stringify(RULES)}})})()`)
  return found.violations.map((one) => `${one.id}: ${one.nodes.length} × ${one.nodes[0].html.slice(0, 200)} (${one.nodes[0].failureSummary?.split('\n')[1]?.trim()})`)
}

/** Whether the page can be scrolled sideways. */
export const scrollsSideways = (page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth)

/** A picture of the whole page; the window is made as tall as the page so that sticky bars lie right. */
export async function shoot(page, file) {
  const { width } = page.viewportSize()
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width, height: Math.min(Math.max(height, 400), 8000) })
  await page.screenshot({ path: file })
}
