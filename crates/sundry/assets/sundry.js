// Enhancement only: every page works with this file blocked.
import { initAll } from '/assets/govuk-frontend.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()

const pounds = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' })
/** Whole pence as people read them: −£60.00. */
const money = (pence) => pounds.format(pence / 100).replace('-', '\u2212')
/** What a person typed, as whole pence; NaN where it is no amount. */
const pence = (typed) => {
  const text = String(typed).replace(/[£,\s]/g, '').replace('\u2212', '-')
  if (text === '') return 0
  const parts = /^(-?)(\d{0,11})(?:\.(\d{0,2}))?$/.exec(text)
  if (!parts || (parts[2] === '' && !parts[3])) return NaN
  const size = Number(parts[2] || 0) * 100 + Number((parts[3] || '').padEnd(2, '0'))
  return parts[1] ? -size : size
}
const typing = (element) => element.closest('input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]')
const plainKey = (event) => !(event.ctrlKey || event.metaKey || event.altKey)
const keysOff = document.body.hasAttribute('data-app-keys-off')

// 1. Lists worked from the keyboard. Letters act only while focus is in the list (WCAG 2.1.4).
for (const table of document.querySelectorAll('[data-module="app-rows"]')) {
  const rows = [...table.tBodies[0].rows]
  const boxes = rows.map((row) => row.querySelector('input[type=checkbox]'))
  const scope = table.closest('form') ?? document
  const output = scope.querySelector('[data-app-selected]')
  const all = table.querySelector('[data-app-all]')
  let last = -1
  const refresh = () => {
    const on = boxes.filter((box) => box?.checked)
    rows.forEach((row, i) => row.classList.toggle('app-row--on', Boolean(boxes[i]?.checked)))
    if (output && boxes.some(Boolean)) {
      const sum = on.reduce((total, box) => total + Number(box.dataset.pence || 0), 0)
      output.textContent = on.length ? `${on.length} selected, ${money(sum)}` : 'None selected'
    }
    if (all) {
      const free = boxes.filter((box) => box && !box.disabled)
      all.checked = free.length > 0 && on.length === free.length
      all.indeterminate = on.length > 0 && !all.checked
    }
  }
  const tick = (i, range) => {
    if (!boxes[i] || boxes[i].disabled) return
    boxes[i].checked = !boxes[i].checked
    if (range && last >= 0) {
      for (let n = Math.min(last, i); n <= Math.max(last, i); n += 1) {
        if (boxes[n] && !boxes[n].disabled) boxes[n].checked = boxes[i].checked
      }
    }
    last = i
    refresh()
  }
  table.addEventListener('change', (event) => {
    if (event.target === all) boxes.forEach((box) => { if (box && !box.disabled) box.checked = all.checked })
    refresh()
  })
  table.addEventListener('click', (event) => {
    const i = boxes.indexOf(event.target)
    if (i < 0) return
    if (event.shiftKey && last >= 0) {
      for (let n = Math.min(last, i); n <= Math.max(last, i); n += 1) {
        if (boxes[n] && !boxes[n].disabled) boxes[n].checked = boxes[i].checked
      }
    }
    last = i
    refresh()
  })
  const act = { n: 'note', h: 'hold', a: 'assign' }
  table.addEventListener('keydown', (event) => {
    if (keysOff || !plainKey(event) || typing(event.target)) return
    const row = event.target.closest('tbody tr')
    if (!row) return
    const i = rows.indexOf(row)
    const go = (n) => rows[n]?.querySelector('a, input')?.focus()
    const link = row.querySelector('th a, td a')
    if (event.key === 'j' || event.key === 'ArrowDown') { event.preventDefault(); go(i + 1) }
    else if (event.key === 'k' || event.key === 'ArrowUp') { event.preventDefault(); go(i - 1) }
    else if (event.key === 'x' || event.key === 'X') tick(i, event.shiftKey)
    else if (event.key === 'Enter' && event.target.type === 'checkbox' && link) { event.preventDefault(); link.click() }
    else if (act[event.key]) {
      const button = scope.querySelector(`button[name=do][value=${act[event.key]}]`)
      if (!button) return
      if (!boxes.some((box) => box?.checked)) tick(i, false)
      button.click()
    }
  })
  refresh()
}

// 2. Allocation: what is left, a match fills the boxes, f fills the rest into one box.
for (const form of document.querySelectorAll('[data-module="app-allocate"]')) {
  const total = Number(form.dataset.pence)
  const left = form.querySelector('[data-app-left]')
  const fields = [...form.querySelectorAll('[data-app-amount]')]
  const choices = [...form.querySelectorAll('input[name=match]')]
  const plain = (amount) => (amount / 100).toFixed(2)
  const rest = () => total - fields.reduce((sum, field) => sum + (pence(field.value) || 0), 0)
  const refresh = () => {
    const now = rest()
    left.textContent = money(now)
    left.classList.toggle('app-good', now === 0)
    left.classList.toggle('app-bad', now < 0)
  }
  const choose = (choice) => {
    const plan = JSON.parse(choice.dataset.plan || '{}')
    fields.forEach((field) => { field.value = plan[field.name] ?? '' })
    refresh()
  }
  form.addEventListener('input', refresh)
  choices.forEach((choice) => choice.addEventListener('change', () => choose(choice)))
  form.addEventListener('keydown', (event) => {
    if (keysOff || !plainKey(event)) return
    const field = event.target.closest('[data-app-amount]')
    if (event.key === 'f' && field) {
      event.preventDefault()
      const open = Number(field.dataset.open)
      const room = rest() + (pence(field.value) || 0)
      field.value = room > 0 ? plain(Math.min(open, room)) : ''
      refresh()
    } else if (!typing(event.target) && ['1', '2', '3'].includes(event.key) && choices[event.key - 1]) {
      event.preventDefault()
      choices[event.key - 1].checked = true
      choices[event.key - 1].focus()
      choose(choices[event.key - 1])
    } else if (event.key === 'Enter' && event.target.matches('input')) {
      event.preventDefault()
      form.querySelector('button[type=submit]').click()
    }
  })
  refresh()
}
// Nothing has the focus, as after the page came: 1 2 3 choose, the arrows go into the list.
document.addEventListener('keydown', (event) => {
  if (keysOff || !plainKey(event) || event.target !== document.body) return
  const choices = document.querySelectorAll('[data-module="app-allocate"] input[name=match]')
  const choice = ['1', '2', '3'].includes(event.key) && choices[event.key - 1]
  const link = event.key.startsWith('Arrow') && document.querySelector('.app-list a[aria-current], .app-list a')
  if (choice) {
    event.preventDefault()
    choice.focus()
    choice.click()
  } else if (link && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
    event.preventDefault()
    link.focus()
  }
})
for (const list of document.querySelectorAll('.app-list')) {
  list.addEventListener('keydown', (event) => {
    const links = [...list.querySelectorAll('a')]
    const at = links.indexOf(event.target)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (at < 0 || !step || !plainKey(event)) return
    event.preventDefault()
    links[at + step]?.focus()
  })
}

// 3. Lines of an invoice: totals as you type; the server works them out again.
/** Whole number of thousandths that a person typed as a quantity. */
const thousandths = (typed) => {
  const parts = /^(\d{0,9})(?:\.(\d{0,3}))?$/.exec(String(typed).replace(/[,\s]/g, ''))
  return parts ? Number(parts[1] || 0) * 1000 + Number((parts[2] || '').padEnd(3, '0')) : NaN
}
for (const grid of document.querySelectorAll('[data-module="app-lines"]')) {
  const scope = grid.closest('form')
  const rows = [...grid.tBodies[0].rows]
  const field = (row, name) => row.querySelector(`[data-app-line="${name}"]`)
  const show = (name, amount) => {
    const element = scope.querySelector(`[data-app-total="${name}"]`)
    if (element) element.textContent = money(amount)
  }
  const refresh = () => {
    let net = 0
    let vat = 0
    for (const row of rows) {
      const price = pence(field(row, 'price').value)
      const amount = Math.round((thousandths(field(row, 'quantity').value) * price) / 1000)
      const choice = field(row, 'vat').selectedOptions[0]
      const output = field(row, 'net')
      if (Number.isNaN(amount)) { output.textContent = ''; continue }
      net += amount
      vat += Math.round((amount * Number(choice?.dataset.rate || 0)) / 10000)
      output.textContent = amount ? money(amount) : ''
    }
    show('net', net)
    show('vat', vat)
    show('gross', net + vat)
  }
  grid.addEventListener('input', refresh)
  grid.addEventListener('change', refresh)
  grid.addEventListener('keydown', (event) => {
    const row = event.target.closest('tbody tr')
    const i = rows.indexOf(row)
    if (i < 0) return
    const inputs = (of) => [...of.querySelectorAll('input, select')]
    const column = inputs(row).indexOf(event.target)
    if (event.altKey && event.key === 'ArrowDown' && i > 0) {
      event.preventDefault()
      inputs(rows[i - 1]).forEach((from, n) => { inputs(row)[n].value = from.value })
      refresh()
    } else if (event.key === 'Enter' && rows[i + 1]) {
      event.preventDefault()
      inputs(rows[i + 1])[column]?.focus()
    }
  })
  grid.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (!/[\t\n]/.test(text.trim())) return
    const from = rows.indexOf(event.target.closest('tbody tr'))
    const start = [...rows[from].querySelectorAll('input, select')].indexOf(event.target)
    event.preventDefault()
    text.trimEnd().split(/\r?\n/).forEach((line, down) => {
      const inputs = rows[from + down] ? [...rows[from + down].querySelectorAll('input, select')] : []
      line.split('\t').forEach((cell, across) => { if (inputs[start + across]) inputs[start + across].value = cell.trim() })
    })
    refresh()
  })
  refresh()
}

// 4. Unsaved changes: leaving asks first; sending does not.
for (const form of document.querySelectorAll('form[data-app-guard]')) {
  const state = () => new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])).toString()
  const before = state()
  let sent = false
  form.addEventListener('submit', () => { sent = true })
  addEventListener('pageshow', () => { sent = false })
  addEventListener('beforeunload', (event) => { if (!sent && state() !== before) event.preventDefault() })
}

// 5. Jobs: the progress part is fetched again every three seconds until the job has ended.
for (const part of document.querySelectorAll('[data-module="app-poll"]')) {
  const ask = async () => {
    try {
      const answer = await fetch(part.dataset.url, { headers: { Accept: 'text/html' }, credentials: 'same-origin' })
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
        const fresh = page.getElementById(part.id)
        if (fresh && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML
        if (fresh && fresh.dataset.module !== 'app-poll') { location.reload(); return }
      }
    } catch { /* the network is away: ask again */ }
    setTimeout(ask, 3000)
  }
  setTimeout(ask, 3000)
}

// 6. Account from the worklist: ] next, [ previous, c record a call, while focus is on the strip.
for (const strip of document.querySelectorAll('[data-app-strip]')) {
  strip.addEventListener('keydown', (event) => {
    if (keysOff || !plainKey(event) || typing(event.target)) return
    strip.querySelector(`[data-app-key="${CSS.escape(event.key)}"]`)?.click()
  })
}

// 7. Print buttons stay hidden without script.
for (const button of document.querySelectorAll('[data-app-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
