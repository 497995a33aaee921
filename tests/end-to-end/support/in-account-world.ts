import { afterAll, beforeAll } from 'vitest'
import type { Browser } from 'playwright-core'
import type { ConfigInput } from '../../../src/server/config/schema.ts'
import {
  SIMULATED_CLIENT,
  createSimulatedProvider,
} from '../../../src/server/demo/provider/simulated-provider.ts'
import type { SimulatedProvider } from '../../../src/server/demo/provider/simulated-provider.ts'
import { launchChromium } from '../../support/browser.ts'
import { startTestInstallation, testPortalUrl } from '../../support/test-installation.ts'
import type { TestInstallation } from '../../support/test-installation.ts'
import { startFaultyWay } from './faulty-way.ts'
import type { FaultyWay } from './faulty-way.ts'

/** An installation whose readers have accounts at a simulated Microsoft and Google, on another site. */
export interface AccountWorld {
  readonly zegel: TestInstallation
  readonly browser: Browser
  /** Between everybody and the provider. */
  readonly way: FaultyWay
}

export interface AccountWorldOptions {
  readonly config?: Partial<ConfigInput>
  /** Of the browser. */
  readonly flags?: readonly string[]
}

/** One world and one browser for all tests of a file, handed over before the first and ended after the last. */
export function inAccountWorld(
  take: (world: AccountWorld) => void,
  { config, flags = [] }: AccountWorldOptions = {},
): void {
  let way: FaultyWay | undefined
  let provider: SimulatedProvider | undefined
  let zegel: TestInstallation | undefined
  let browser: Browser | undefined
  beforeAll(async () => {
    way = await startFaultyWay()
    provider = createSimulatedProvider({ port: 0, portalUrl: testPortalUrl, publicUrl: way.url })
    way.target = await provider.listen()
    zegel = await startTestInstallation({
      config: { ...config, portal: { providers: [...provider.settings] } },
      environment: { [SIMULATED_CLIENT.clientSecretVariable]: SIMULATED_CLIENT.clientSecret },
    })
    browser = await launchChromium(zegel.front, { besides: '127.0.0.1', flags })
    take({ zegel, browser, way })
  })
  afterAll(async () => {
    await browser?.close()
    await zegel?.close()
    await provider?.close()
    await way?.stop()
  })
}
