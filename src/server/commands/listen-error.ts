import { CommandError } from './command-error.ts'

/**
 * Runs what starts to listen; an error of that becomes one line that names the port.
 * @param advice how to change the port
 */
export async function explainListenErrors<T>(
  work: () => Promise<T>,
  advice: (port: number) => string,
): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const found = listenError(cause)
    if (found === undefined) throw cause
    throw new CommandError(`port ${found.port} ${found.reason}; ${advice(found.port)}`, { cause })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another program',
  EACCES: 'may not be used by this user',
  EADDRNOTAVAIL: 'is at an address that this machine does not have',
}

/** The port of a failed listen, also when it is the cause of another error. */
function listenError(error: unknown): { port: number; reason: string } | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const reason = reasons[code]
  if (reason !== undefined && 'port' in error && typeof error.port === 'number')
    return { port: error.port, reason }
  return listenError(error.cause)
}
