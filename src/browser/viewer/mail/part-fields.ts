import { fieldText } from './encoded-words.ts'
import type { MimeNode } from './mime-tree.ts'
import type { ParameterField } from './parameters.ts'
import { parseParameters } from './parameters.ts'

/** What the header of one part says about it, besides its type. */
export interface PartFields {
  readonly disposition: 'attachment' | 'inline' | null
  readonly fileName: string | null
  readonly contentId: string | null
  /** Content-Transfer-Encoding, lower case; empty when there is none. */
  readonly encoding: string
}

/** RFC 2183 §2.3 before RFC 2045's older `name`. */
export function readPartFields(node: MimeNode): PartFields {
  const disposition = dispositionOf(node)
  const names = [disposition.parameters.get('filename'), node.parameters.get('name')]
  return {
    disposition: knownDisposition(disposition.value),
    fileName: names.map(name => name?.trim()).find(Boolean) ?? null,
    contentId: contentIdOf(node),
    encoding: parseParameters(firstText(node, 'content-transfer-encoding')).value,
  }
}

/** The first field of a name as text; empty when there is none. */
export function firstText(node: MimeNode, name: string): string {
  const raw = node.fields.get(name)?.[0]
  return raw === undefined ? '' : fieldText(raw)
}

function dispositionOf(node: MimeNode): ParameterField {
  return parseParameters(firstText(node, 'content-disposition'))
}

function knownDisposition(value: string): PartFields['disposition'] {
  return value === 'attachment' || value === 'inline' ? value : null
}

function contentIdOf(node: MimeNode): string | null {
  const id = firstText(node, 'content-id').replace(/^<|>$/g, '').trim()
  return id === '' ? null : id
}
