import { drawPage } from '../ui/draw-page.ts'
import { PageFrame } from '../ui/page-frame.tsx'
import type { PageConfig } from '../ui/page-config.ts'
import { Seal } from '../ui/seal.tsx'
import { startText, text } from '../ui/text.ts'
import { Working } from '../ui/working.tsx'

/**
 * Says what is happening while a large posted message is decoded and stored.
 * @param ended another page is to be drawn: too late for this one
 */
export async function showTakingPage(config: PageConfig, ended: AbortSignal): Promise<void> {
  await startText(config.locale, 'open')
  if (ended.aborted) return
  drawPage(() => (
    <PageFrame organisation={config.organisation} portalHost={config.portalHost}>
      <div class="sheet narrow">
        <Seal />
        <h1>{text('opener.taking')}</h1>
        <Working what={text('opener.reading')} />
      </div>
    </PageFrame>
  ))
}
