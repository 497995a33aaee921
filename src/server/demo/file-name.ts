import libmime from 'libmime'

/** Of a name on the page and on a disk; most file systems end at 255 bytes. */
const MAX_NAME_CHARACTERS = 120

/** What a path, Windows or a terminal would take for something else, and format characters such as RTL override. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\\/:*?"<>|]/gu

/** A name that can be a file's, made from what the mail says. */
export function fileName(given: string, type: string): string {
  const clean = given.replaceAll(UNSAFE, '_').trim().replace(/^\.+/, '')
  const name = clean === '' ? `attachment.${libmime.detectExtension(type)}` : clean
  return name.length <= MAX_NAME_CHARACTERS ? name : shorten(name)
}

function shorten(name: string): string {
  const { stem, extension } = split(name)
  return `${Array.from(stem)
    .slice(0, MAX_NAME_CHARACTERS - 12)
    .join('')}${extension.slice(0, 12)}`
}

function split(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.')
  return dot < 1
    ? { stem: name, extension: '' }
    : { stem: name.slice(0, dot), extension: name.slice(dot) }
}

/** Gives the second `photo.jpg` of a mail the name `photo-2.jpg`. */
export function numberNames<File extends { readonly name: string }>(
  files: readonly File[],
): readonly File[] {
  const taken = new Set<string>()
  return files.map(file => {
    let name = file.name
    for (let number = 2; taken.has(name); number++) {
      const { stem, extension } = split(file.name)
      name = `${stem}-${number}${extension}`
    }
    taken.add(name)
    return { ...file, name }
  })
}
