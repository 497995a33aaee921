import { listKeys } from '../keys/list-keys.ts'
import { configOption, defineCommand, jsonOption } from './command.ts'
import { formatTime, renderTable, write, writeJson } from './output.ts'
import { withStore } from './with-store.ts'

export const keysList = defineCommand({
  name: 'keys list',
  summary: "list an installation's keys",
  options: { config: configOption, json: jsonOption },
  details:
    "Public facts alone, as the database has them. The fingerprint of the portal's certifying key is\n" +
    "what gateway.trustedPortal holds, that of the gateway's (gateway-certifying) stands in\n" +
    'portal.trustedGateways. zegel check on the host of either proves its own.',
  run: (values, _operands, terminal) =>
    withStore(values.config, terminal, async ({ store }) => {
      const keys = await listKeys(store.organisationKeys)
      if (values.json) await writeJson(terminal, keys)
      else
        await write(
          terminal,
          renderTable(
            [
              'ID',
              'OWNER',
              'FOR',
              'PURPOSE',
              'MONTH',
              'EXPIRY',
              'STATE',
              'DESTROYED AFTER',
              'FINGERPRINT',
            ],
            keys.map(key => [
              key.id,
              key.owner,
              key.organisationId || '(all)',
              key.purpose,
              key.month,
              key.expiryClass,
              key.state,
              formatTime(key.destroyAfterMs),
              key.fingerprint,
            ]),
          ),
        )
      return 0
    }),
})
