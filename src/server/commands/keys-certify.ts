import { configOption, defineCommand } from './command.ts'
import { CommandError } from './command-error.ts'
import { openKeysOfGateway } from './open-keys.ts'
import { write } from './output.ts'
import { withStore } from './with-store.ts'

export const keysCertify = defineCommand({
  name: 'keys certify',
  summary: 'vouch for an old signing key',
  operands: [{ name: 'ID', help: 'of the signing key, as zegel keys list shows it' }],
  options: { config: configOption },
  details:
    'Only for signing keys that were rotated away before gateways had a certifying key; zegel check\n' +
    'names them. Compare the id with public-keys.json of that time, or be sure that you rotated that\n' +
    'key yourself: who can write the database could have put it there, to forge mail. All other\n' +
    "signing keys are certified by themselves. Needs the gateway's root key.",
  run: (values, [id = ''], terminal) =>
    withStore(values.config, terminal, async ({ config, store }) => {
      const needs = { config, store, environment: terminal.env, clock: Date.now }
      const keys = await openKeysOfGateway(needs)
      if (!(await keys.certify(id)))
        throw new CommandError(`no organisation of this installation has a signing key ${id}`)
      await write(terminal, `the gateway vouches for ${id}\n`)
      return 0
    }),
})
