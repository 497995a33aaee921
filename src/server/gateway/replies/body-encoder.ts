/** A content transfer encoding, piece by piece: the same bytes come out however what goes in is cut. RFC 2045 §6 */
export interface BodyEncoder {
  push(bytes: Uint8Array): Buffer
  /** What is held back; once, after the last push. */
  finish(): Buffer
}
