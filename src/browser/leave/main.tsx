import '../ui/zegel.css'
import { signal } from '../ui/signal.ts'
import { drawPage } from '../ui/draw-page.ts'
import { PageFrame } from '../ui/page-frame.tsx'
import { readPageConfig } from '../ui/page-config.ts'
import { startText, text } from '../ui/text.ts'
import { LeavePage } from './leave-page.tsx'

// Page /leave#URL: shows where a link of a message goes. The fragment reaches no server.
const config = readPageConfig(document)
void start()

async function start(): Promise<void> {
  await startText(config.locale, 'leave')
  const fragment = signal(location.hash)
  addEventListener('hashchange', () => {
    fragment.value = location.hash
  })
  drawPage(() => (
    <PageFrame
      organisation={config.organisation}
      portalHost={config.portalHost}
      title={text('leave.title')}
    >
      <LeavePage fragment={fragment.value} />
    </PageFrame>
  ))
}
