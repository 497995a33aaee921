import { z } from 'zod'
import type { Store } from '../store/store.ts'
import { CommandError } from './command-error.ts'
import { readInputFile } from './input-file.ts'
import { withStore } from './with-store.ts'
import type { Terminal } from './terminal.ts'

/** A key that organisations sign files with. envelope.md §3 */
export interface PublicSigningKey {
  readonly organisationId: string
  readonly id: string
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
}

const base64 = z.base64().transform(text => new Uint8Array(Buffer.from(text, 'base64')))

const publicKeysFile = z.strictObject({
  version: z.literal(1),
  signingKeys: z.array(
    z.strictObject({ organisationId: z.string(), id: z.string(), publicKey: base64 }),
  ),
})

/** Reads what `zegel keys export-public` wrote. @throws CommandError */
export async function readPublicKeys(path: string): Promise<readonly PublicSigningKey[]> {
  const text = (await readInputFile(path)).toString('utf8')
  try {
    return publicKeysFile.parse(JSON.parse(text)).signingKeys
  } catch (cause) {
    throw new CommandError(
      `${path} is no file of public keys; write one with: zegel keys export-public > ${path}`,
      { cause },
    )
  }
}

/** What `zegel keys export-public` writes. */
export function formatPublicKeys(keys: readonly PublicSigningKey[]): unknown {
  return {
    version: 1,
    signingKeys: keys.map(key => ({
      ...key,
      publicKey: Buffer.from(key.publicKey).toString('base64'),
    })),
  }
}

/** The signing keys of every configured organisation, those too that are retired: old files need them. */
export function configuredPublicKeys(
  configPath: string | undefined,
  terminal: Terminal,
): Promise<readonly PublicSigningKey[]> {
  return withStore(configPath, terminal, async ({ config, store }) => {
    const lists = await Promise.all(
      config.organisations.map(({ id }) => listSigningKeys(store, id)),
    )
    return lists.flat()
  })
}

const listSigningKeys = async (
  store: Store,
  organisationId: string,
): Promise<readonly PublicSigningKey[]> =>
  (await store.organisationKeys.list(organisationId, 'signing')).map(({ id, publicKey }) => ({
    organisationId,
    id,
    publicKey,
  }))
