// The package has no types of its own; this is the part that we use.
declare module 'mailsplit' {
  import type { Transform } from 'node:stream'

  /** A part of a mail: its header, parsed. */
  export interface MimeNode {
    readonly type: 'node'
    readonly root: boolean
    readonly parentNode: MimeNode | undefined
    /** Subtype of a multipart: `mixed`; false for other types. */
    readonly multipart: string | false
    readonly encoding: string
    readonly contentType: string | false
    readonly charset: string | false
    readonly disposition: string | false
    readonly filename: string | false
    readonly flowed: boolean
    readonly delSp: boolean
    readonly headers:
      | false
      | {
          /** Raw lines of a field, as Latin-1 text; folding kept. */
          get(name: string): readonly string[]
          /** Body of the first field of this name, unfolded, as Latin-1 text. */
          getFirst(name: string): string
        }
    getDecoder(): Transform
  }

  export interface BodyChunk {
    readonly type: 'body'
    readonly node: MimeNode
    readonly value: Buffer
  }

  export interface StructureChunk {
    readonly type: 'data'
    readonly value: Buffer
  }

  export class Splitter extends Transform {
    constructor(options?: {
      ignoreEmbedded?: boolean
      maxHeadSize?: number
      maxChildNodes?: number
    })
    [Symbol.asyncIterator](): NodeJS.AsyncIterator<MimeNode | BodyChunk | StructureChunk>
  }
}
