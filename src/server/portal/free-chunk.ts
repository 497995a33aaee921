/** Two hundred bodies at once make 1.6 GB of chunks; the collector would let them pile up beyond the budget. */
export function freeChunk(chunk: Uint8Array): void {
  const { buffer } = chunk
  if (buffer instanceof ArrayBuffer && buffer.byteLength === chunk.length) buffer.transfer(0)
}
