/** A passkey of a person, made after a proof of an address. protocol.md §3 */
export interface StoredPasskey {
  /** Random, 16 bytes, base64url: names it to its person. */
  readonly id: string
  /** As the authenticator names it, base64url. */
  readonly credentialId: string
  readonly organisationId: string
  readonly addressHash: Uint8Array
  /** COSE key (RFC 9052 §7). */
  readonly publicKey: Uint8Array
  /** Signature counter, 0 where the authenticator keeps none. WebAuthn Level 3 §6.1.1 */
  readonly counter: number
  /** Of the proof it was made under: it never gives more. */
  readonly assurance: 'mailbox' | 'account' | 'mfa'
  /** The account that gave this proof; null: a passcode did. */
  readonly ground: { readonly provider: string; readonly realm: string } | null
  /** True when a passcode has proven its mailbox: that remains when the account is not trusted any more. */
  readonly mailboxProven: boolean
  readonly createdAtMs: number
  /** When the mailbox was last proven. */
  readonly lastProvenAtMs: number
  /** When it ends; then the row goes. */
  readonly lapsesAtMs: number
}

export interface PasskeyStore {
  /** False when a passkey of this credential id is there already. */
  add(passkey: StoredPasskey): Promise<boolean>
  /** Undefined when there is none that lives. */
  find(credentialId: string, nowMs: number): Promise<StoredPasskey | undefined>
  /** As `find`, by its own id. */
  byId(organisationId: string, id: string, nowMs: number): Promise<StoredPasskey | undefined>
  /** Those that live, oldest first. */
  ofAddress(
    organisationId: string,
    addressHash: Uint8Array,
    nowMs: number,
  ): Promise<readonly StoredPasskey[]>
  /** Notes a higher signature counter; false when it is not higher: a copy of the passkey is about. */
  count(id: string, counter: number): Promise<boolean>
  /** A passcode has proven its mailbox; false when there is none that lives. */
  renew(id: string, provenAtMs: number, lapsesAtMs: number): Promise<boolean>
  /** Removes a passkey of this address; false when there is none. */
  remove(organisationId: string, addressHash: Uint8Array, id: string): Promise<boolean>
}
