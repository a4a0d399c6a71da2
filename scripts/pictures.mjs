// Takes the README's pictures from a running demo: `make pictures`.
//
// Finds SUNDRY_URL and SUNDRY_DEMO_WORDS as scripts/with-demo.sh sets them. The demo's words hold a line
// for each role that ends in the name to sign in with and the password.
import { chromium } from "playwright-core";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";

const url = process.env.SUNDRY_URL ?? "http://127.0.0.1:8080";
const words = process.env.SUNDRY_DEMO_WORDS ? readFileSync(process.env.SUNDRY_DEMO_WORDS, "utf8") : "";
const folder = "docs/pictures";

// Where each picture is: whose it is, where to begin, and the link to follow from there, if any.
const pictures = [
  { file: "dashboard", role: "leader", begin: "/dashboard" },
  { file: "worklist", role: "controller", begin: "/work" },
  { file: "account", role: "controller", begin: "/work", follow: "main a[href*='/customers/']" },
  { file: "allocation", role: "cashier", begin: "/cash", follow: "main a[href*='/cash/receipts/']" },
  { file: "recovery", role: "leader", begin: "/recovery", follow: "main a[href*='/recovery/runs/']" },
];

function signIn(role) {
  const line = words.split("\n").find((line) => line.toLowerCase().includes(role));
  if (!line) throw new Error(`the demo printed no sign-in for "${role}"; it printed:\n${words}`);
  const [name, password] = line.trim().split(/[\s|,:/]+/).slice(-2);
  return { name, password };
}

function browserPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  return execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser || command -v google-chrome"])
    .toString()
    .trim();
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox"] });
try {
  for (const picture of pictures) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const { name, password } = signIn(picture.role);
    await page.goto(`${url}/sign-in`);
    await page.locator("input[name=user]").fill(name);
    await page.locator("input[name=password]").fill(password);
    await page.locator("form[action='/sign-in'] button").click();
    await page.waitForURL((now) => !now.pathname.startsWith("/sign-in"));
    const answer = await page.goto(url + picture.begin);
    if (!answer.ok()) throw new Error(`${picture.begin} answered ${answer.status()} to ${name}`);
    if (picture.follow) {
      await page.locator(picture.follow).first().click();
      await page.waitForLoadState("networkidle");
    }
    await page.screenshot({ path: `${folder}/${picture.file}.png` });
    console.log(`pictures: ${folder}/${picture.file}.png  ${await page.title()}`);
    await context.close();
  }
} finally {
  await browser.close();
}
