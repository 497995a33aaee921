/** One person before one organisation: what their rows are found by. */
export interface Subject {
  readonly organisationId: string
  /** Canonical. */
  readonly address: string
  /** Keyed hash of the address in `associations`. */
  readonly associationHash: Uint8Array
  /** The same in `passkeys`. */
  readonly passkeyHash: Uint8Array
}

export interface SentMessage {
  readonly messageId: string
  readonly sentAtMs: number
  readonly expiresAtMs: number | null
  readonly template: string
  readonly recipients: readonly string[]
}

export interface ReceivedMessage {
  readonly messageId: string
  readonly sender: string
  readonly sentAtMs: number
  readonly expiresAtMs: number | null
}

/** Every row about a person, as far as it is theirs: the other recipients of a message are not. */
export interface SubjectRecords {
  readonly sent: readonly SentMessage[]
  readonly received: readonly ReceivedMessage[]
  /** What the audit says of them: opened, answered, forwarded. */
  readonly openings: readonly {
    readonly messageId: string
    readonly event: string
    readonly atMs: number
    readonly method: string
    readonly assurance: string
  }[]
  readonly decisions: readonly {
    readonly messageId: string
    readonly revoked: boolean
    readonly atMs: number
  }[]
  readonly associations: readonly {
    readonly id: string
    readonly provider: string
    readonly assurance: string
    readonly createdAtMs: number
    readonly lastProvenAtMs: number
    readonly lapsesAtMs: number
  }[]
  readonly passkeys: readonly {
    readonly id: string
    readonly provider: string
    readonly assurance: string
    readonly counter: number
    readonly createdAtMs: number
    readonly lastProvenAtMs: number
    readonly lapsesAtMs: number
  }[]
}

/** `pseudonymise`: another word stands in the place of the address. */
export type Erasure = 'pseudonymise' | 'delete' | 'keep'

export interface ErasureWish {
  readonly journal: Erasure
  readonly audit: Erasure
  /** Decisions for this recipient alone: without them a revoked message opens again. */
  readonly decisions: 'delete' | 'keep'
  /** The word. */
  readonly pseudonym: string
  /** Of the line in the audit; null: none is written. */
  readonly noteAtMs: number | null
}

/** How many rows were changed or deleted. */
export interface ErasedRows {
  readonly sent: number
  readonly received: number
  readonly openings: number
  readonly decisions: number
  readonly associations: number
  readonly passkeys: number
}

export interface SubjectStore {
  find(subject: Subject): Promise<SubjectRecords>
  /** All of it or nothing, and only once the disk has it. To be followed by `scrub`. */
  erase(subject: Subject, wish: ErasureWish): Promise<ErasedRows>
  /**
   * Removes what erased rows left in the files of the database. False while somebody reads an older state: then it is
   * to be done again.
   */
  scrub(): Promise<boolean>
}
