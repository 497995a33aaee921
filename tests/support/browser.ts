import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'
import { chromiumFromNpm } from './chromium-from-npm.ts'
import { testCertificateHash } from './tls-fixture.ts'
import type { TlsFront } from './tls-front.ts'

/** For machines without a user for the sandbox and without a network; nothing is looked up or fetched by itself. */
const quietFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

export interface BrowserWishes {
  /** More flags. */
  readonly flags?: readonly string[]
  /** A host that is reached as it is, beside the front. */
  readonly besides?: string
}

/** Chromium from npm, headless. With a front, every host name there is leads to it, over TLS that is trusted. */
export function launchChromium(
  front?: Pick<TlsFront, 'port'>,
  { flags = [], besides }: BrowserWishes = {},
): Promise<Browser> {
  const { executablePath, env } = chromiumFromNpm()
  const names =
    front === undefined
      ? []
      : [
          `--host-resolver-rules=MAP * 127.0.0.1:${front.port}${besides === undefined ? '' : `, EXCLUDE ${besides}`}`,
          `--ignore-certificate-errors-spki-list=${testCertificateHash}`,
        ]
  return chromium.launch({
    executablePath,
    headless: true,
    args: [...quietFlags, ...names, ...flags],
    env: { ...process.env, ...env },
  })
}
