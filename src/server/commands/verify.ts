import { defineCommand, jsonOption } from './command.ts'
import { CommandError, UsageError } from './command-error.ts'
import { renderTable, write, writeJson } from './output.ts'
import { compareAssets } from './compare-assets.ts'

export const verify = defineCommand({
  name: 'verify',
  summary: "compare a portal's pages with those of this program",
  operands: [{ name: 'URL', help: 'of the portal' }],
  options: { json: jsonOption },
  details:
    'Fetches every asset, and the pages that load them, and compares them byte for byte with what\n' +
    'this program was built with, not with what the portal says of itself. Status 1 when anything\n' +
    'differs. A portal could still serve one victim altered code (SECURITY.md).',
  async run(values, [address = ''], terminal) {
    if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
      throw new UsageError(`${address} is no address of a portal; write https://HOST`)
    const results = await compareAssets(new URL(address))
    const wrong = results.filter(({ state }) => state !== 'same')
    if (values.json) await writeJson(terminal, results)
    else
      await write(
        terminal,
        renderTable(
          ['STATE', 'WHAT'],
          results.map(({ name, state }) => [state, name]),
        ),
      )
    if (wrong.length > 0)
      throw new CommandError(
        `${wrong.length} of ${results.length} differ: the portal is of another version, or its code was altered`,
      )
    return 0
  },
})
