import '../ui/zegel.css'
import { readPageConfig } from '../ui/page-config.ts'
import { carryToReader, openMessage } from './open-message.ts'
import { readPostedBlock } from './posted-block.ts'
import { takePostedQuietly } from './take-posted.ts'
import type { PickReason } from './pick-reason.ts'

/** A wait that is shorter than this needs no words. */
const quietMs = 300

// Page /open: a posted message goes straight on to the reader; else the page asks for the file.
const config = readPageConfig(document)
void start()

async function start(): Promise<void> {
  const reason = await takePosted()
  if (reason === 'gone-on') return
  const { showPickPage } = await import('./pick-page.tsx')
  await showPickPage(config, reason)
}

async function takePosted(): Promise<PickReason | 'gone-on'> {
  const posted = readPostedBlock(document)
  if (location.search.includes('handed='))
    return (await import('./take-handed.ts')).takeHanded(location, Date.now())
  if (posted === null) return location.hash === '' && !config.askForFile ? 'asked' : 'large'
  const ended = new AbortController()
  setTimeout(() => void showTaking(ended.signal), quietMs)
  const opened = await openMessage(() => takePostedQuietly(posted), location.hash)
  if (!opened.ok) {
    ended.abort()
    return opened.code
  }
  // Where nothing is kept, the reader itself asks for the file, once.
  if (!(await carryToReader(opened.message, Date.now()))) location.replace('/read#memory')
  return 'gone-on'
}

async function showTaking(ended: AbortSignal): Promise<void> {
  if (ended.aborted) return
  const { showTakingPage } = await import('./taking-page.tsx')
  await showTakingPage(config, ended)
}
