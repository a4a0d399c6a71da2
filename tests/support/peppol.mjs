// Validates UBL and CII documents by the official compiled rules, in one process.
//
//   node tests/support/peppol.mjs RULES CACHE FILE...
//
// RULES holds the stylesheets as they are published; CACHE keeps them compiled. A line of JSON for each document:
// {"file", "found": [{"rule", "flag", "words", "at"}]}. `--response` before the files takes the rules for answers, `--cii`
// those of EN 16931 for the Cross Industry Invoice.
import { createRequire } from 'node:module'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const modules = process.env.SUNDRY_NODE_MODULES ?? path.join(root, 'node_modules')
const require = createRequire(path.join(modules, 'here.js'))
const SaxonJS = require('saxon-js')
const compiler = require.resolve('xslt3/xslt3.js')

const [rules, cache, ...rest] = process.argv.slice(2)
const kinds = {
  '--response': ['PEPPOLBIS-T111.xslt'],
  '--cii': ['EN16931-CII-validation.xslt'],
  '--ubl': ['CEN-EN16931-UBL.xslt', 'PEPPOL-EN16931-UBL.xslt'],
}
const kind = rest[0] in kinds ? rest[0] : ''
const files = kind ? rest.slice(1) : rest
const sheets = kinds[kind || '--ubl']

function compiled(name) {
  const [from, to] = [path.join(rules, name), path.join(cache, name.replace('.xslt', '.sef.json'))]
  if (!fs.existsSync(to) || fs.statSync(to).mtimeMs < fs.statSync(from).mtimeMs) {
    fs.mkdirSync(cache, { recursive: true })
    const part = `${to}.${process.pid}`
    execFileSync(process.execPath, [compiler, `-xsl:${from}`, `-export:${part}`, '-nogo'], { stdio: ['ignore', 'ignore', 'inherit'] })
    fs.renameSync(part, to)
  }
  return JSON.parse(fs.readFileSync(to, 'utf8'))
}

const attribute = (text, name) => text.match(new RegExp(`${name}="([^"]*)"`))?.[1] ?? ''
const loaded = sheets.map(compiled)
for (const file of files) {
  const found = []
  for (const sheet of loaded) {
    const { principalResult } = SaxonJS.transform({ stylesheetInternal: sheet, sourceText: fs.readFileSync(file, 'utf8'), destination: 'serialized' })
    if (!principalResult.includes('schematron-output')) throw new Error(`${file}: no report`)
    for (const [, tag, about, words] of principalResult.matchAll(/<svrl:(failed-assert|successful-report)([^>]*)>\s*<svrl:text>([^]*?)<\/svrl:text>/g)) {
      found.push({ rule: attribute(about, 'id'), flag: attribute(about, 'flag') || tag, words: words.trim(), at: attribute(about, 'location') })
    }
  }
  console.log(JSON.stringify({ file, found }))
}
