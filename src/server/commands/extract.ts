import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { readAgeHeader } from '../../core/envelope/open.ts'
import { defineCommand } from './command.ts'
import { CommandError } from './command-error.ts'
import { reasonOf } from './input-file.ts'
import { explainEnvelopeErrors, readMessageFile } from './message-file.ts'
import { needsRedirect, write } from './output.ts'

export const extract = defineCommand({
  name: 'extract',
  summary: 'take the age file out of a message.html',
  operands: [{ name: 'FILE', help: 'message.html' }],
  options: {
    signature: {
      type: 'string',
      value: 'FILE',
      help: 'where to write the file signature (default: FILE.age.sig in the current folder)',
    },
  },
  details: [
    'Example: zegel extract message.html > message.age',
    '         age -d -i escrow.txt message.age > mail.eml',
    '',
    'age does not check who sealed the message: only zegel open does, or whoever checks the',
    'signature (64 bytes, Ed25519, docs/envelope.md §3) that is written beside the age file.',
  ].join('\n'),
  async run(values, [path = ''], terminal) {
    needsRedirect(terminal, `zegel extract ${path} > message.age`)
    const { ageFile, signature } = await readMessageFile(path)
    await explainEnvelopeErrors(path, () => readAgeHeader(ageFile))
    await writeSignature(values.signature ?? signatureName(path), signature)
    await write(terminal, ageFile)
    return 0
  },
})

const signatureName = (path: string): string => `${basename(path).replace(/\.html?$/i, '')}.age.sig`

/** Writes the signature; one that lies there already may stay only when it is the same. */
async function writeSignature(path: string, signature: Uint8Array): Promise<void> {
  try {
    await writeFile(path, signature, { flag: 'wx' })
  } catch (cause) {
    const there = await readFile(path).catch(() => undefined)
    if (there?.equals(signature) === true) return
    throw new CommandError(
      `cannot write the signature to ${path}: ${reasonOf(cause)}; name another file with --signature`,
      { cause },
    )
  }
}
