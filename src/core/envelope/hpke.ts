/** One-shot HPKE base mode (RFC 9180 §6.1) of a fixed suite, keys as bytes. */
export interface Hpke {
  /** Bytes of an encapsulated key. */
  readonly encBytes: number
  /** @throws {EnvelopeError} `bad-recipient` */
  seal(
    publicKey: Uint8Array,
    info: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
  ): Promise<{ enc: Uint8Array; ct: Uint8Array }>
  /** @throws {EnvelopeError} `cannot-unwrap` */
  open(
    privateKey: Uint8Array,
    enc: Uint8Array,
    info: Uint8Array,
    aad: Uint8Array,
    ct: Uint8Array,
  ): Promise<Uint8Array>
}
