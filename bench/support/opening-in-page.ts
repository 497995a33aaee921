// Bundled by Vite for the page of bench/p5-reader.ts: the same bytes opened by us and by the rivals.
import * as age from 'age-encryption'
import * as openpgp from 'openpgp'
import { parseHeader } from '../../src/core/envelope/age-header.ts'
import { openLetter } from '../../src/browser/viewer/open-letter.ts'

/** Bytes and keys for each; `data` by its address. */
export interface OpeningTask {
  readonly zegel: { readonly url: string; readonly secrets: readonly (readonly number[])[] }
  readonly openpgp: { readonly url: string; readonly privateKey: string }
  readonly age: { readonly url: string; readonly identity: string }
}

export type OpenerName = keyof OpeningTask

const openers: { [Name in OpenerName]: (task: OpeningTask, bytes: Uint8Array) => Promise<number> } =
  {
    async zegel({ zegel }, bytes) {
      const [signature, fileKey, signingKey] = zegel.secrets.map(one => Uint8Array.from(one))
      if (signature === undefined || fileKey === undefined || signingKey === undefined)
        throw new Error('keys are missing')
      const ageFile = new Blob([Uint8Array.from(bytes)])
      const keys = { signature, fileKey, signingKey }
      const header = parseHeader(bytes)
      const answer = await openLetter({ ageFile, header, ...keys }, () => undefined)
      if (!answer.ok) throw new Error(answer.code)
      return answer.mail.length
    },
    async openpgp({ openpgp: { privateKey } }, bytes) {
      const message = await openpgp.readMessage({ binaryMessage: bytes })
      const decryptionKeys = await openpgp.readPrivateKey({ armoredKey: privateKey })
      const config = { maxDecompressedMessageSize: Infinity }
      const { data } = await openpgp.decrypt({ message, decryptionKeys, format: 'binary', config })
      return (data as Uint8Array).length
    },
    async age({ age: { identity } }, bytes) {
      const decrypter = new age.Decrypter()
      decrypter.addIdentity(identity)
      return (await decrypter.decrypt(bytes)).length
    },
  }

/** Milliseconds from the bytes in memory to the whole mail in memory. */
async function timeOpening(
  name: OpenerName,
  task: OpeningTask,
  mailBytes: number,
): Promise<number> {
  const response = await fetch(task[name].url)
  const bytes = new Uint8Array(await response.arrayBuffer())
  const startMs = performance.now()
  const length = await openers[name](task, bytes)
  const ms = performance.now() - startMs
  if (length !== mailBytes) throw new Error(`${name} opened ${length} bytes of ${mailBytes}`)
  return ms
}

Object.assign(globalThis, { timeOpening })
