import '../ui/zegel.css'
import './letter.css'
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
    leaveFor: path => location.assign(path),
  })
  const started = reader.start() // asks the portal while the sentences load
  await startText(config.locale, 'read')
  drawPage(() => <ReaderPage reader={reader} config={config} />)
  await started
}
