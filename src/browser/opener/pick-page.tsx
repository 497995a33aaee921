import { drawPage } from '../ui/draw-page.ts'
import { PageFrame } from '../ui/page-frame.tsx'
import type { PageConfig } from '../ui/page-config.ts'
import { startText, text } from '../ui/text.ts'
import { registerServiceWorker } from '../service-worker/register.ts'
import { PickMessage } from './pick-message.tsx'
import { carryToReader } from './open-message.ts'
import type { PickReason } from './pick-reason.ts'
import type { KeptMessage } from './tab-store.ts'

/** Draws page /open where a person picks, drops or pastes message.html. */
export async function showPickPage(config: PageConfig, reason: PickReason): Promise<void> {
  await startText(config.locale, 'open')
  drawPage(() => (
    <PageFrame
      organisation={config.organisation}
      portalHost={config.portalHost}
      title={text('opener.title')}
    >
      <PickMessage organisation={config.organisation} reason={reason} onTaken={goOn} />
    </PageFrame>
  ))
  await registerServiceWorker()
}

/** Where nothing is kept, the reader page has to be given the file itself. */
async function goOn(message: KeptMessage): Promise<void> {
  if (!(await carryToReader(message, Date.now()))) location.replace('/read#memory')
}
