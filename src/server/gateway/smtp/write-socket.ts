import type { Socket } from 'node:net'
import { SocketError } from './socket-reader.ts'

/**
 * Writes and waits until the other side takes more, so that memory stays constant. Several pieces go in one call
 * into the kernel, without being put together first.
 * @throws {SocketError} when it takes nothing for `limitMs`, or the connection breaks
 */
export function writeSocket(
  socket: Socket,
  bytes: Buffer | string | readonly Buffer[],
  limitMs: number,
): Promise<void> {
  if (!socket.writable) return Promise.reject(new SocketError('lost', socket.errored))
  if (takesMore(socket, bytes)) return done
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer)
      socket.off('drain', settle)
      socket.off('close', settle)
      if (socket.writable) resolve()
      else reject(new SocketError('lost', socket.errored))
    }
    const timer = setTimeout(() => {
      socket.off('drain', settle)
      socket.off('close', settle)
      reject(new SocketError('too-slow'))
    }, limitMs)
    socket.on('drain', settle)
    socket.on('close', settle)
  })
}

const done = Promise.resolve()

function takesMore(socket: Socket, bytes: Buffer | string | readonly Buffer[]): boolean {
  if (typeof bytes === 'string' || Buffer.isBuffer(bytes)) return socket.write(bytes)
  let more = true
  socket.cork()
  for (const piece of bytes) more = socket.write(piece)
  socket.uncork()
  return more
}
