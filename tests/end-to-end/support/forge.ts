import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { readAgeHeader } from '../../../src/core/envelope/open.ts'
import { readMessageHtml } from '../../../src/core/envelope/read-message-html.ts'
import { joinShares } from '../../../src/core/envelope/share.ts'
import { StreamSealer } from '../../../src/core/envelope/stream.ts'
import { openKeysOfPortal } from '../../../src/server/commands/open-keys.ts'
import type { TestInstallation } from '../../support/test-installation.ts'

/** What stands in a message.html, taken apart and put together by who means no good. */
export interface Changes {
  readonly ageFile?: Uint8Array
  readonly signature?: Uint8Array
  /** 22 characters of base64url. */
  readonly share?: string
}

/** The same file with other contents, everything around them kept. */
export function altered(html: Buffer, changes: Changes): Buffer {
  let text = html.toString('latin1')
  const { ageFile, signature, share } = changes
  if (ageFile !== undefined)
    text = text.replace(
      /(name="envelope" value=")[^"]*/,
      `$1\r\n${(
        Buffer.from(ageFile)
          .toString('base64')
          .match(/.{1,900}/g) ?? []
      ).join('\r\n')}\r\n`,
    )
  if (signature !== undefined)
    text = text.replace(
      /(name="signature" value=")[^"]*/,
      `$1${Buffer.from(signature).toString('base64')}`,
    )
  if (share !== undefined)
    text = text.replaceAll(/(data-share="|\/open#)[A-Za-z0-9_-]{22}/g, `$1${share}`)
  return Buffer.from(text, 'latin1')
}

export const partsOf = (html: Buffer): ReturnType<typeof readMessageHtml> => readMessageHtml(html)

/**
 * What a recipient can do who has opened the message and so knows its file key: other text under the genuine header,
 * encrypted rightly, so that nothing but the signature can tell.
 */
export async function forgedUnderGenuineHeader(
  zegel: TestInstallation,
  html: Buffer,
  text: string,
): Promise<Uint8Array> {
  const { ageFile, share } = partsOf(html)
  if (share === null) throw new Error('no share in the file')
  const header = readAgeHeader(ageFile)
  const fileKey = joinShares(await portalShare(zegel, header.stanzaText), share)
  const nonce = randomBytes(16)
  const key = Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32))
  const sealer = new StreamSealer((chunkNonce, chunk) => {
    const cipher = createCipheriv('chacha20-poly1305', key, chunkNonce, { authTagLength: 16 })
    const sealed = Buffer.concat([cipher.update(chunk), cipher.final()])
    return [sealed, cipher.getAuthTag()]
  })
  const pieces: Uint8Array[] = [ageFile.subarray(0, header.length), nonce]
  sealer.push(Buffer.from(text), piece => pieces.push(Uint8Array.from(piece)))
  return Buffer.concat([...pieces, ...sealer.finish()])
}

/** The portal's share, as its own keys give it. */
async function portalShare(zegel: TestInstallation, stanza: string): Promise<Uint8Array> {
  const { config } = zegel
  return zegel.withStore(async store => {
    const keys = await openKeysOfPortal({ config, store, environment: {}, clock: Date.now }, 'all')
    const opened = await keys.openStanza(stanza)
    if (!opened.ok) throw new Error(opened.code)
    return opened.record.portalShare
  })
}
