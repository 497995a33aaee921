import '../ui/zegel.css'
import './associations.css'
import { drawPage } from '../ui/draw-page.ts'
import { PageFrame } from '../ui/page-frame.tsx'
import { readPageConfig } from '../ui/page-config.ts'
import { startText, text } from '../ui/text.ts'
import { createAssociationsApi } from './associations-api.ts'
import { AssociationsPage } from './associations-page.tsx'
import { createAssociations } from './associations.ts'

// Page /associations: what signs a person in without a passcode.
const config = readPageConfig(document)
void start()

async function start(): Promise<void> {
  const associations = createAssociations(createAssociationsApi(fetch.bind(globalThis)))
  const loaded = associations.load()
  await startText(config.locale, 'associations')
  document.title = text('associations.title')
  drawPage(() => (
    <PageFrame organisation={config.organisation} portalHost={config.portalHost}>
      <AssociationsPage associations={associations} organisation={config.organisation.name} />
    </PageFrame>
  ))
  await loaded
}
