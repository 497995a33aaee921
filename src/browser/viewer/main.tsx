import '../ui/zegel.css'
import './letter.css'
import './preview.css'
import './print.css'
import { readPostedPage } from '../opener/posted-page.ts'
import { drawPage } from '../ui/draw-page.ts'
import { readPageConfig } from '../ui/page-config.ts'
import { locale, startText } from '../ui/text.ts'
import { createPortalApi } from './portal-api.ts'
import { createReader } from './reader.ts'
import { ReaderPage } from './reader-page.tsx'

// Page /read: who wrote, who are you, the letter.
const config = readPageConfig(document)
void start()

async function start(): Promise<void> {
  const reader = createReader({
    portal: createPortalApi(fetch.bind(globalThis)),
    clock: Date.now,
    locale: () => locale.value,
    loadShowMessage: async () => (await import('./show-message.ts')).showMessage,
    loadPasskeys: async () =>
      (await import('../passkeys/passkey-api.ts')).createPasskeyApi(fetch.bind(globalThis)),
    prepareNext: () => void prepareNext().catch(() => undefined), // the next message comes without it
    leaveFor: path => location.assign(path),
  })
  const started = reader.start(readPostedPage(document)) // asks the portal while the sentences load
  await startText(config.locale, 'read')
  drawPage(() => <ReaderPage reader={reader} config={config} />)
  await started
}

async function prepareNext(): Promise<void> {
  const { registerServiceWorker } = await import('../service-worker/register.ts')
  await registerServiceWorker()
}
