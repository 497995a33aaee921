import type { Config } from '../config/schema.ts'
import { configOption, defineCommand } from './command.ts'
import { CommandError } from './command-error.ts'
import { openKeysOfGateway, openKeysOfPortal } from './open-keys.ts'
import { write } from './output.ts'
import { readRole, roleOption } from './role-option.ts'
import { withStore } from './with-store.ts'

export const keysRotate = defineCommand({
  name: 'keys rotate',
  summary: 'begin new keys; unexpired mail stays readable',
  options: {
    config: configOption,
    role: {
      ...roleOption,
      help: 'all, gateway (signing and reply keys) or portal (sealing keys, secrets)',
    },
    organisation: { type: 'string', value: 'ID', help: 'of this organisation alone' },
  },
  details:
    'Sealing keys, and the secrets of cookies and passcodes, also rotate by themselves each month;\n' +
    'nobody is signed out. After rotating signing keys, write the\n' +
    'public keys anew: zegel keys export-public > public-keys.json',
  async run(values, _operands, terminal) {
    const role = readRole(values.role)
    return withStore(values.config, terminal, async ({ config, store }) => {
      const needs = { config, store, environment: terminal.env, clock: Date.now }
      const portal = role === 'gateway' ? undefined : await openKeysOfPortal(needs, role)
      const gateway = role === 'portal' ? undefined : await openKeysOfGateway(needs)
      // They are the installation's, of no organisation.
      if (values.organisation === undefined) await portal?.rotateSecrets(Date.now())
      for (const id of chosenOrganisations(config, values.organisation)) {
        await portal?.rotate(id, Date.now())
        await gateway?.rotate(id, Date.now())
        await write(terminal, `${id} has new keys\n`)
      }
      return 0
    })
  },
})

/** @throws CommandError */
function chosenOrganisations(config: Config, named: string | undefined): readonly string[] {
  const ids = config.organisations.map(({ id }) => id)
  if (named === undefined) return ids
  if (!ids.includes(named))
    throw new CommandError(`no organisation is called ${named}; there are ${ids.join(', ')}`)
  return [named]
}
