import type { MimeNode } from './mime-tree.ts'

/** S/MIME that is one part: signed with its content inside, or encrypted. Gateways forget its type, not its name. */
export function isPkcs7(node: MimeNode): boolean {
  if (/^application\/(?:x-)?pkcs7-mime$/.test(node.type)) return true
  const name = node.parameters.get('name') ?? ''
  return node.type === 'application/octet-stream' && /\.p7m$/i.test(name)
}
