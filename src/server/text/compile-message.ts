import imported from '@messageformat/core'

// The package's types describe an ES module; what Node hands over is the class itself.
const MessageFormat = imported as unknown as typeof imported.default

/** What stands in the places of a sentence; dates and lists come formatted. */
export type MessageValues = Readonly<Record<string, string | number>>
export type MessageFunction = (values: MessageValues) => string

/**
 * An ICU MessageFormat sentence made callable. Sentences come from our own locale files, never from outside.
 * @throws Error when the sentence is malformed; from the returned function, when a value is missing
 */
export function compileMessage(locale: string, message: string): MessageFunction {
  return new MessageFormat(locale, { requireAllArguments: true }).compile(message)
}
