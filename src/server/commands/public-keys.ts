import { z } from 'zod'
import type { Config } from '../config/schema.ts'
import { isTrustedSigningKey, trustedCertifyingKeys } from '../keys/gateway-certifier.ts'
import type { Store, StoredKey } from '../store/store.ts'
import { CommandError } from './command-error.ts'
import { readInputFile } from './input-file.ts'
import { trustedGatewaysOf } from './open-keys.ts'
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

/**
 * The signing keys of every configured organisation that a trusted gateway vouches for, those too that are retired: old
 * files need them. Says on standard error which are left out.
 */
export function configuredPublicKeys(
  configPath: string | undefined,
  terminal: Terminal,
): Promise<readonly PublicSigningKey[]> {
  return withStore(configPath, terminal, async ({ config, store }) => {
    const needs = { config, store, environment: terminal.env, clock: Date.now }
    const trusted = await trustedGatewaysOf(needs, 'all')
    const { believed, doubted } = await sortSigningKeys(store, config, trusted)
    for (const { id, organisationId } of doubted)
      terminal.stderr.write(
        `left out: no trusted gateway vouches for ${organisationId} key ${id}\n`,
      )
    return believed.map(({ organisationId, id, publicKey }) => ({ organisationId, id, publicKey }))
  })
}

/** The signing keys of the configured organisations: those a trusted gateway vouches for, and the others. */
export async function sortSigningKeys(
  { organisationKeys }: Pick<Store, 'organisationKeys'>,
  { organisations }: Pick<Config, 'organisations'>,
  trustedGateways: readonly string[],
): Promise<{ readonly believed: readonly StoredKey[]; readonly doubted: readonly StoredKey[] }> {
  const certifying = await trustedCertifyingKeys(organisationKeys, trustedGateways)
  const lists = organisations.map(({ id }) => organisationKeys.list(id, 'signing'))
  const keys = (await Promise.all(lists)).flat()
  return {
    believed: keys.filter(key => isTrustedSigningKey(key, certifying)),
    doubted: keys.filter(key => !isTrustedSigningKey(key, certifying)),
  }
}
