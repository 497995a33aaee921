import { readLetter } from './read-letter.ts'
import type { InsidePath } from './inside-path.ts'
import type { Letter } from './letter.ts'

/** An attached message; null, and no bytes, when there is no such attachment. */
export interface OpenedInside {
  readonly letter: Letter | null
  readonly mail: Blob
}

/** For as long as the outer letter is held. */
const read = new WeakMap<Blob, Promise<Letter | null>>()

/** Reads the message at the end of the path, and those on the way to it, each once. */
export async function openInside(outer: Letter, path: InsidePath): Promise<OpenedInside> {
  let opened: OpenedInside = { letter: outer, mail: new Blob() }
  for (const place of path) {
    const mail: Blob | undefined = opened.letter?.attachments[place]?.bytes
    if (mail === undefined) return { letter: null, mail: new Blob() }
    opened = { letter: await readOnce(mail), mail }
  }
  return opened
}

function readOnce(mail: Blob): Promise<Letter | null> {
  const known = read.get(mail)
  if (known !== undefined) return known
  const reading = readBlob(mail)
  read.set(mail, reading)
  return reading
}

async function readBlob(mail: Blob): Promise<Letter | null> {
  const { letter } = await readLetter(new Uint8Array(await mail.arrayBuffer()))
  return letter
}
