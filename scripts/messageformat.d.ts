declare module '@messageformat/core/compile-module.js' {
  import type MessageFormat from '@messageformat/core'

  /** ES module source of compiled messages. */
  export default function compileModule(
    messageFormat: MessageFormat,
    messages: Readonly<Record<string, unknown>>,
  ): string
}
