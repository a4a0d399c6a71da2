// The served demo home: where it is, and whom to be in it.
import fs from 'node:fs'

/** The address of the served demo. */
export const demo = process.env.SUNDRY_URL

/** Sign-in name and password of a role of an organisation, from what the demo printed. */
export function person(organisation, role) {
  const words = fs.readFileSync(process.env.SUNDRY_DEMO_WORDS, 'utf8')
  const line = words.split('\n').find((one) => one.startsWith(organisation) && one.includes(role))
  if (!line) throw new Error(`the demo printed no ${role} of ${organisation}`)
  const [name, password] = line.trim().split(/\s+/).slice(-2)
  return { name, password }
}

/** Signs in by the form, as a person does; gives the page it led to. */
export async function signIn(context, organisation, role) {
  const page = await context.newPage()
  const { name, password } = person(organisation, role)
  await page.goto(`${demo}/sign-in`)
  await page.locator('input[name=user]').fill(name)
  await page.locator('input[name=password]').fill(password)
  await page.locator("form[action='/sign-in'] button").click()
  await page.waitForURL((now) => !now.pathname.startsWith('/sign-in'))
  return page
}
