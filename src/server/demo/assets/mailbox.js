// Shows new mail as it comes in, and fits the frame of a mail to what is in it. Everything works without it.

/** The parts of the page that new mail changes. */
const live = ['owners', 'list']

/** The page as it would be now. XMLHttpRequest parses it itself: Trusted Types let no text become HTML here. */
function pageNow() {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('GET', location.href)
    request.responseType = 'document'
    request.addEventListener('load', () => resolve(request.responseXML))
    request.addEventListener('error', reject)
    request.send()
  })
}

/** Keeps the keyboard's place and what was being typed. */
function replacePart(old, fresh) {
  if (!old || !fresh || (old.contains(document.activeElement) && isTyping())) return
  const place = old.contains(document.activeElement) ? document.activeElement.href : undefined
  const unfolded = old.querySelector('details')?.open ?? false
  old.replaceWith(fresh)
  if (unfolded && fresh.querySelector('details')) fresh.querySelector('details').open = true
  if (place) [...fresh.querySelectorAll('a')].find(link => link.href === place)?.focus()
}

const isTyping = () => document.activeElement.matches('input, details *')
const newest = page => page.querySelector('#list li a')

function announce(entry) {
  const news = document.getElementById('news')
  const who = entry.querySelector('.who')?.textContent ?? ''
  news.textContent = news.dataset.text.replace('{who}', who)
}

let running = false
let again = false
async function refresh() {
  if (running) {
    again = true
    return
  }
  running = true
  try {
    const page = await pageNow()
    const before = newest(document)?.pathname
    if (page)
      for (const id of live) replacePart(document.getElementById(id), page.getElementById(id))
    const entry = newest(document)
    if (entry && entry.pathname !== before) announce(entry)
  } catch {
    // The mailbox is gone for the moment; the event stream comes back by itself.
  } finally {
    running = false
    if (again) {
      again = false
      void refresh()
    }
  }
}

/** One connection for each page that is looked at: a browser has only six for one server. */
let events
function watch() {
  events?.close()
  if (document.hidden) return
  events = new EventSource('/events')
  events.addEventListener('change', () => void refresh())
  // Also after an interruption: something may have come in meanwhile.
  events.addEventListener('ready', () => void refresh())
}

if (document.getElementById('list')) {
  watch()
  document.addEventListener('visibilitychange', watch)
}

function fitFrame(frame) {
  const page = frame.contentDocument?.documentElement
  if (!page) return
  const fit = () => {
    frame.height = String(
      Math.max(page.scrollHeight, frame.contentDocument.body?.scrollHeight ?? 0) + 2,
    )
  }
  fit()
  new ResizeObserver(fit).observe(page)
}

for (const frame of document.querySelectorAll('iframe.body')) {
  frame.addEventListener('load', () => fitFrame(frame))
  if (frame.contentDocument?.readyState === 'complete') fitFrame(frame)
}
