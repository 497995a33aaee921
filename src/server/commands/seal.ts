import type { Assurance } from '../../core/policy/policy.ts'
import { duration } from '../config/fields.ts'
import type { Config } from '../config/schema.ts'
import { configOption, defineCommand } from './command.ts'
import { UsageError } from './command-error.ts'
import { needsRedirect } from './output.ts'
import { sealOneMail } from './seal-one-mail.ts'
import { withStore } from './with-store.ts'

type Defaults = Config['policy']['default']

export const seal = defineCommand({
  name: 'seal',
  summary: 'seal one mail',
  options: {
    config: configOption,
    expires: { type: 'string', value: '30d', help: 'when it can no longer be opened, or never' },
    assurance: { type: 'string', value: 'LEVEL', help: 'mailbox, account or mfa' },
    'no-forward': { type: 'boolean', help: 'the reader may not pass it on' },
    'no-reply': { type: 'boolean', help: 'the reader may not answer' },
  },
  details:
    'Example: zegel seal --expires 30d < mail.eml > wrapped.eml\n\n' +
    'For everyone in To, Cc and Bcc; Bcc itself is removed. Sends nothing: the sealed mail goes to\n' +
    'standard output.',
  async run(values, _operands, terminal) {
    if (terminal.interactive.stdin)
      throw new UsageError('the mail is missing; write: zegel seal < mail.eml > wrapped.eml')
    needsRedirect(terminal, 'zegel seal < mail.eml > wrapped.eml')
    const wishes = {
      ...(values.expires === undefined ? {} : { expires: readExpires(values.expires) }),
      ...(values.assurance === undefined ? {} : { assurance: readAssurance(values.assurance) }),
    }
    const permissions = {
      ...(values['no-forward'] ? { forward: false } : {}),
      ...(values['no-reply'] ? { reply: false } : {}),
    }
    return withStore(values.config, terminal, async ({ config, store }) => {
      const standard = config.policy.default
      const defaults: Defaults = {
        ...standard,
        ...wishes,
        permissions: { ...standard.permissions, ...permissions },
      }
      await sealOneMail({ config, store, defaults, terminal })
      return 0
    })
  },
})

/** @throws UsageError */
function readExpires(text: string): string {
  const checked = duration.safeParse(text)
  if (!checked.success)
    throw new UsageError(`--expires ${text}: ${checked.error.issues[0]?.message ?? ''}`)
  return text
}

/** @throws UsageError */
function readAssurance(text: string): Assurance {
  if (text !== 'mailbox' && text !== 'account' && text !== 'mfa')
    throw new UsageError(`--assurance ${text}: write mailbox, account or mfa`)
  return text
}
