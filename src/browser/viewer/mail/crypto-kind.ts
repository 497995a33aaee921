import type { BodySection } from './body-section.ts'
import { isPkcs7 } from './is-pkcs7.ts'
import type { MimeNode } from './mime-tree.ts'

/** Signed or encrypted by the sender, in a format that is told but not checked here. */
export type CryptoKind = 'none' | 'smime' | 'openpgp'

/** How a mail is signed and encrypted. */
export interface Crypto {
  readonly signature: CryptoKind
  readonly encryption: CryptoKind
}

/** RFC 1847, RFC 3156, RFC 8551, and OpenPGP within the text. Looks at the mail, not into attached messages. */
export function cryptoOf(
  root: MimeNode,
  { sections, signedInside }: { sections: readonly BodySection[]; signedInside: boolean },
): Crypto {
  const nodes = allNodes(root)
  const inText = (title: string) => (sections.some(holds(title)) ? 'openpgp' : 'none')
  const signature = signedInside ? 'smime' : nodes.map(signatureOf).find(isSome)
  const encryption = nodes.map(node => encryptionOf(node, signedInside)).find(isSome)
  return {
    signature: signature ?? inText('-----BEGIN PGP SIGNED MESSAGE-----'),
    encryption: encryption ?? inText('-----BEGIN PGP MESSAGE-----'),
  }
}

function isSome(kind: CryptoKind): boolean {
  return kind !== 'none'
}

/** RFC 9580 §6.2 */
function holds(title: string): (section: BodySection) => boolean {
  return ({ html, text }) => (text ?? '').includes(title) || (html ?? '').includes(title)
}

function allNodes(root: MimeNode): readonly MimeNode[] {
  const nodes = [root]
  for (let i = 0; i < nodes.length; i++)
    for (const child of nodes[i]?.children ?? []) nodes.push(child)
  return nodes
}

/** Lists and gateways take the multipart apart: the signature alone tells as much. */
function signatureOf(node: MimeNode): CryptoKind {
  if (node.type === 'multipart/signed') return kindOfProtocol(node)
  if (node.type === 'application/pgp-signature') return 'openpgp'
  if (/^application\/(?:x-)?pkcs7-signature$/.test(node.type)) return 'smime'
  return isPkcs7(node) && smimeType(node) === 'signed-data' ? 'smime' : 'none'
}

/** Senders forget the smime-type: what could be read is not encrypted. */
function encryptionOf(node: MimeNode, signedInside: boolean): CryptoKind {
  if (node.type === 'multipart/encrypted') return kindOfProtocol(node)
  if (node.type === 'application/pgp-encrypted') return 'openpgp'
  if (!isPkcs7(node) || /^(?:signed|compressed)-data$/.test(smimeType(node))) return 'none'
  return smimeType(node) === '' && signedInside ? 'none' : 'smime'
}

/** RFC 8551 §3.2.2; empty when it is not said. */
function smimeType(node: MimeNode): string {
  return (node.parameters.get('smime-type') ?? '').toLowerCase()
}

function kindOfProtocol(node: MimeNode): CryptoKind {
  return /pkcs7/i.test(node.parameters.get('protocol') ?? '') ? 'smime' : 'openpgp'
}
