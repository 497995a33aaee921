/** One of the keys of a ring. */
export interface RingKey {
  /** Random; travels with what was sealed or derived, and says nothing. */
  readonly id: string
  /** 32 bytes. */
  readonly secret: Uint8Array
}

/**
 * A secret that is renewed now and then: the newest key seals, the ones before it open as long as anything
 * that they sealed can be valid. All nodes of a database have the same ring.
 */
export interface SecretRing {
  /** The key to seal with. */
  current(): Promise<RingKey>
  /** Looks into the database before it says undefined: another node may just have made the key. */
  find(id: string): Promise<RingKey | undefined>
  /** Those that open, newest first. */
  all(): Promise<readonly RingKey[]>
}
