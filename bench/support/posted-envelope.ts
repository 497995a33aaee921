import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { mailOf } from './mails.ts'

const program = fileURLToPath(new URL('../../bin/zegel.js', import.meta.url))

/** The body that a browser posts (enctype text/plain) for the biggest mail that stays below `maxBytes`. */
export function postedEnvelope(folder: string, maxBytes: number): Buffer {
  const html = sealedHtml(folder, mailOf(Math.floor((maxBytes - 100_000) * 0.745)))
  const body = Buffer.from(
    ['envelope', 'signature'].map(name => `${name}=${inputValue(html, name)}\r\n`).join(''),
    'latin1',
  )
  if (body.length > maxBytes) throw new Error(`the envelope came out too large: ${body.length}`)
  return body
}

/** message.html of a mail sealed by `zegel seal`. */
function sealedHtml(folder: string, mail: Buffer): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, 'seal', '--config', `${folder}/zegel.yaml`],
    { input: mail, maxBuffer: 2 ** 30 },
  )
  if (status !== 0) throw new Error(`zegel seal: ${stderr.toString()}`)
  return stdout.toString('latin1')
}

/** The value of a hidden input, with the line ends that a browser posts. */
function inputValue(html: string, name: string): string {
  const tag = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0]
  const value = tag === undefined ? undefined : /value="([^"]*)"/.exec(tag)?.[1]
  if (value === undefined) throw new Error(`message.html has no input ${name}`)
  return value.trim()
}
