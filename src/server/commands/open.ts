import { Decrypter } from 'age-encryption'
import { verifyFileSignature } from '../../core/envelope/file-signature.ts'
import { openAgeFile, readAgeHeader } from '../../core/envelope/open.ts'
import { configOption, defineCommand } from './command.ts'
import { CommandError, UsageError } from './command-error.ts'
import { readInputFile } from './input-file.ts'
import { explainEnvelopeErrors, readMessageFile } from './message-file.ts'
import { needsRedirect, write } from './output.ts'
import { createProgress } from './progress.ts'
import { configuredPublicKeys, readPublicKeys } from './public-keys.ts'
import type { PublicSigningKey } from './public-keys.ts'

export const open = defineCommand({
  name: 'open',
  summary: 'open a message.html with an escrow key',
  operands: [{ name: 'FILE', help: 'message.html' }],
  options: {
    identity: { type: 'string', value: 'FILE', help: 'the escrow key: AGE-SECRET-KEY-…' },
    keys: {
      type: 'string',
      value: 'FILE',
      help: 'public keys, as zegel keys export-public writes them (default: those of --config)',
    },
    config: configOption,
  },
  details: [
    'Example: zegel open --identity escrow.txt --keys public-keys.json message.html > mail.eml',
    '',
    'Nothing is written unless all of the file is unaltered and carries the signature of one of',
    'the organisations in the public keys; which one is said on standard error.',
  ].join('\n'),
  async run(values, [path = ''], terminal) {
    if (values.identity === undefined)
      throw new UsageError('--identity is missing: the file with the escrow key')
    needsRedirect(terminal, `zegel open --identity ${values.identity} ${path} > mail.eml`)
    const keys =
      values.keys === undefined
        ? await configuredPublicKeys(values.config, terminal)
        : await readPublicKeys(values.keys)
    const { ageFile, signature } = await readMessageFile(path)
    const signer = await findSigner(ageFile, signature, keys)
    if (signer === undefined)
      throw new CommandError(
        `${path}: no organisation in the public keys has signed this file; it is forged or altered, or the keys are not the right ones`,
      )
    const fileKey = await escrowFileKey(path, ageFile, values.identity)
    const progress = createProgress('opening', terminal)
    const mail = await explainEnvelopeErrors(path, () =>
      openAgeFile(ageFile, fileKey, progress.show),
    )
    progress.end()
    await write(terminal, mail)
    terminal.stderr.write(`verified: sealed by ${signer.organisationId} (key ${signer.id})\n`)
    return 0
  },
})

async function findSigner(
  ageFile: Uint8Array,
  signature: Uint8Array,
  keys: readonly PublicSigningKey[],
): Promise<PublicSigningKey | undefined> {
  for (const key of keys)
    if (await verifyFileSignature(ageFile, signature, key.publicKey)) return key
  return undefined
}

/** The file key, out of an escrow stanza. @throws CommandError */
async function escrowFileKey(
  path: string,
  ageFile: Uint8Array,
  identityPath: string,
): Promise<Uint8Array> {
  const header = await explainEnvelopeErrors(path, () => readAgeHeader(ageFile))
  const decrypter = new Decrypter()
  for (const identity of await readIdentities(identityPath)) addIdentity(decrypter, identity)
  try {
    return await decrypter.decryptHeader(ageFile.subarray(0, header.length))
  } catch (cause) {
    const escrowed = header.stanzas.length > 1
    throw new CommandError(
      escrowed
        ? `${path} was not sealed for the key in ${identityPath}`
        : `${path} has no escrow key: it opens in the portal alone`,
      { cause },
    )
  }

  function addIdentity(to: Decrypter, identity: string): void {
    try {
      to.addIdentity(identity)
    } catch (cause) {
      throw new CommandError(`${identityPath} holds a line that is no age identity`, { cause })
    }
  }
}

/** The identities of a file: a line each, comments begin with #. */
async function readIdentities(path: string): Promise<readonly string[]> {
  const lines = (await readInputFile(path)).toString('utf8').split(/\r?\n/)
  const identities = lines.map(line => line.trim()).filter(line => line && !line.startsWith('#'))
  if (identities.length === 0) throw new CommandError(`${path} holds no age identity`)
  return identities
}
