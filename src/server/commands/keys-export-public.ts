import { configOption, defineCommand } from './command.ts'
import { writeJson } from './output.ts'
import { configuredPublicKeys, formatPublicKeys } from './public-keys.ts'

export const keysExportPublic = defineCommand({
  name: 'keys export-public',
  summary: 'write the public keys that zegel open needs',
  options: { config: configOption },
  details:
    'Example: zegel keys export-public > public-keys.json\n\n' +
    'Keep the file with the escrow key: together they open and check a message without any of the\n' +
    'installation. Write it anew after zegel keys rotate. Holds no key that no gateway of\n' +
    'portal.trustedGateways vouches for.',
  async run(values, _operands, terminal) {
    const keys = await configuredPublicKeys(values.config, terminal)
    await writeJson(terminal, formatPublicKeys(keys))
    return 0
  },
})
