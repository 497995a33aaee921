/** How a file can be looked at without anything in it running. */
export type PreviewKind =
  | { readonly kind: 'picture' | 'sound' | 'film'; readonly type: string }
  /** `isPage` for HTML and its kin: their source is shown. */
  | { readonly kind: 'text'; readonly isPage: boolean }

/** Larger pictures stop small devices; larger sounds and films do not fit into the address that the frame is given. */
const maxBytes = { picture: 12_000_000, sound: 30_000_000, film: 30_000_000 }

/** What the browser's own decoders draw and play; the type that they are told is one of these and never the mail's. */
const kindsByType: ReadonlyMap<string, 'picture' | 'sound' | 'film'> = new Map([
  ['image/avif', 'picture'],
  ['image/bmp', 'picture'],
  ['image/gif', 'picture'],
  ['image/jpeg', 'picture'],
  ['image/png', 'picture'],
  ['image/svg+xml', 'picture'],
  ['image/webp', 'picture'],
  ['audio/aac', 'sound'],
  ['audio/flac', 'sound'],
  ['audio/mp4', 'sound'],
  ['audio/mpeg', 'sound'],
  ['audio/ogg', 'sound'],
  ['audio/wav', 'sound'],
  ['audio/webm', 'sound'],
  ['video/mp4', 'film'],
  ['video/ogg', 'film'],
  ['video/webm', 'film'],
])

const otherNames: ReadonlyMap<string, string> = new Map([
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/x-ms-bmp', 'image/bmp'],
  ['image/x-png', 'image/png'],
  ['audio/m4a', 'audio/mp4'],
  ['audio/mp3', 'audio/mpeg'],
  ['audio/vnd.wave', 'audio/wav'],
  ['audio/wave', 'audio/wav'],
  ['audio/x-m4a', 'audio/mp4'],
  ['audio/x-wav', 'audio/wav'],
  ['video/quicktime', 'video/mp4'],
  ['video/x-m4v', 'video/mp4'],
])

const typesByEnding: ReadonlyMap<string, string> = new Map(
  (
    'avif image/avif bmp image/bmp gif image/gif jpeg image/jpeg jpg image/jpeg png image/png svg image/svg+xml ' +
    'webp image/webp aac audio/aac flac audio/flac m4a audio/mp4 mp3 audio/mpeg oga audio/ogg ogg audio/ogg ' +
    'opus audio/ogg wav audio/wav m4v video/mp4 mov video/mp4 mp4 video/mp4 ogv video/ogg webm video/webm'
  )
    .match(/\S+ \S+/g)
    ?.map(pair => pair.split(' ') as [string, string]),
)

const textTypes =
  /^(?:text\/|application\/(?:json|xml|xhtml\+xml|javascript|ecmascript|sql|x-sh|x-yaml|yaml|toml|mbox|x-httpd-php)$|application\/[\w.-]+\+(?:json|xml)$|message\/)/
const textEndings =
  /\.(?:asc|bat|c|cfg|conf|cpp|cs|css|csv|diff|eml|go|h|hta|html?|ics|ini|java|js|json|log|markdown|md|mht|mhtml|mjs|patch|php|pl|ps1|py|rb|rs|sh|sql|tex|toml|ts|tsv|txt|vbs|vcf|wsf|xhtml|xml|ya?ml)\s*$/i
const pages = /^(?:text\/html|application\/xhtml\+xml)$/
const pageEndings = /\.(?:hta|html?|mht|mhtml|xhtml)\s*$/i

interface FileFacts {
  readonly name: string
  /** What the mail says. */
  readonly type: string
  readonly size: number
}

/**
 * Null when a file is only to be downloaded. PDF is one of those: browsers show none in a frame without rights.
 * @param plays whether the browser plays a type
 */
export function previewKind(
  { name, type, size }: FileFacts,
  plays: (type: string) => boolean,
): PreviewKind | null {
  if (size === 0) return null
  const known = knownType(name, type)
  const kind = kindsByType.get(known)
  if (kind !== undefined) {
    const canBeShown = size <= maxBytes[kind] && (kind === 'picture' || plays(known))
    return canBeShown ? { kind, type: known } : null
  }
  if (!textTypes.test(type) && !(isVague(type) && textEndings.test(name))) return null
  return { kind: 'text', isPage: pages.test(type) || pageEndings.test(name) }
}

/** Whether this browser plays a type. */
export function canPlay(type: string): boolean {
  const element = document.createElement(type.startsWith('audio/') ? 'audio' : 'video')
  return element.canPlayType(type) !== ''
}

/** Senders that know no better call everything bytes; then the ending tells. */
function knownType(name: string, type: string): string {
  const own = otherNames.get(type) ?? type
  if (kindsByType.has(own) || !isVague(type)) return own
  const ending = /\.([a-z0-9]{1,5})\s*$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  return typesByEnding.get(ending) ?? own
}

function isVague(type: string): boolean {
  return /^application\/(?:octet-stream|binary|x-unknown|unknown|download|x-download|force-download)$/.test(
    type,
  )
}
