// Comforts only: everything can be read and decided without this file.
const all = (selector, from = document) => [...from.querySelectorAll(selector)]
const byId = (id) => document.getElementById(id)
const say = (text) => {
  byId('announce').textContent = text
}

// Live parts: compared as the server wrote them, so that an opened form or a running clock is no news.
const asWritten = (element) => element.outerHTML.replace(/(<time[^>]*>)[^<]*/g, '$1')
const written = new Map(all('[data-live]').map((element) => [element.id, asWritten(element)]))

// A request for a document is parsed without scripts and without a sink that takes markup as text.
function load(address) {
  const { promise, resolve, reject } = Promise.withResolvers()
  const request = new XMLHttpRequest()
  request.open('GET', address)
  request.responseType = 'document'
  request.onload = () => resolve(request)
  request.onerror = reject
  request.send()
  return promise
}

async function refresh() {
  const request = await load(location.href)
  if (!request.responseURL.startsWith(location.origin + location.pathname)) return location.reload()
  for (const fresh of request.response ? all('[data-live]', request.response) : []) {
    const text = asWritten(fresh)
    const old = byId(fresh.id)
    if (!old || written.get(fresh.id) === text) continue
    written.set(fresh.id, text)
    const held = old.contains(document.activeElement) && document.activeElement.id
    const part = document.importNode(fresh, true)
    part.classList.add('fresh')
    old.replaceWith(part)
    if (held !== false) (byId(held) ?? byId('content')).focus()
    if (part.dataset.announce) say(part.dataset.announce)
    comforts(part)
  }
}

let due
const refreshSoon = () => {
  clearTimeout(due)
  due = setTimeout(() => refresh().catch(() => show('not connected', true)), 150)
}

const show = (text, lost) => {
  const place = byId('connection')
  place.hidden = false
  place.textContent = text
  place.classList.toggle('lost', lost)
}

let stream
function follow(address) {
  stream?.close()
  stream = new EventSource(address)
  stream.onopen = () => show('live', false)
  stream.onerror = () => show(stream.readyState === 2 ? 'not live: reload' : 'reconnecting', true)
  stream.onmessage = refreshSoon
  stream.addEventListener('end', () => {
    stream.close()
    location.reload()
  })
}

const events = document.body.dataset.events
if (events) {
  follow(events)
  // A browser grants six streams to one site: a tab nobody looks at gives its own back.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) stream.close()
    else {
      follow(events)
      refreshSoon()
    }
  })
}

// From so many seconds on, in this unit.
const UNITS = { 172800: [86400, 'days'], 3600: [3600, 'h'], 60: [60, 'min'], 0: [1, 's'] }
function relative(at) {
  const seconds = Math.round((at - Date.now()) / 1000)
  const size = Math.abs(seconds)
  if (size < 5) return 'just now'
  const from = Object.keys(UNITS).findLast((limit) => size >= limit)
  const text = `${Math.floor(size / UNITS[from][0])} ${UNITS[from][1]}`
  return seconds < 0 ? `${text} ago` : `in ${text}`
}

setInterval(() => {
  for (const time of all('time[data-relative]')) time.textContent = relative(Date.parse(time.dateTime))
}, 10_000)

const comforts = (part) => {
  for (const button of all('.copy', part)) button.hidden = false
}
comforts(document)

document.addEventListener('click', async ({ target }) => {
  const text =
    'copies' in target.dataset
      ? target.closest('figure').querySelector('pre code').textContent
      : target.dataset.copy
  if (text === undefined) return
  await navigator.clipboard.writeText(text)
  target.textContent = 'copied'
  say('Copied')
})

document.addEventListener('submit', ({ target, submitter }) => {
  if (target.method === 'get' || target.method === 'dialog') return
  // Afterwards, or the button's own value would not be sent.
  setTimeout(() => {
    for (const button of all('button', target)) button.disabled = true
    submitter?.setAttribute('aria-busy', 'true')
  })
})

function move(step) {
  const rows = all('[data-row]')
  const at = rows.indexOf(document.activeElement)
  rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus()
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: () => (byId('typed-name') ?? byId('approve'))?.focus(),
  r: () => {
    const form = byId('reject')
    form?.setAttribute('open', '')
    form?.querySelector('#reason').focus()
  },
  '/': () => byId('search')?.focus(),
  '?': () => byId('keys')?.showModal(),
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return
  if (event.target.closest('input, textarea, select, dialog')) return
  event.preventDefault()
  KEYS[event.key]()
})

// A link of the form /login#token=…: a fragment is never sent, and goes from the address bar at once.
const secret = /^#token=(.+)$/.exec(location.hash)?.[1]
if (secret) history.replaceState(null, '', location.pathname + location.search)
if (secret && byId('token')) {
  byId('token').value = decodeURIComponent(secret)
  byId('token').form.requestSubmit()
}
