import { createLog } from '../telemetry/log.ts'
import type { LogFormat } from '../telemetry/log.ts'
import { configOption, defineCommand } from './command.ts'
import { UsageError } from './command-error.ts'
import { explainListenErrors } from './listen-error.ts'
import { startInstallation } from './installation.ts'
import type { Installation } from './installation.ts'
import { write } from './output.ts'
import { readRole, roleOption } from './role-option.ts'
import { readConfig } from './with-store.ts'

export const serve = defineCommand({
  name: 'serve',
  summary: 'run the gateway, the portal, or both',
  options: {
    config: configOption,
    role: roleOption,
    log: {
      type: 'string',
      value: 'FORMAT',
      help: 'plain (default) or json; goes to standard error',
    },
  },
  details:
    'Prints one line, zegel ready …, to standard output once it answers. SIGTERM ends it: mails on\n' +
    'their way are finished or broken off before their final dot, so that none is lost.',
  async run(values, _operands, terminal) {
    const role = readRole(values.role)
    const config = await readConfig(values.config, terminal)
    const log = createLog({
      write: line => void terminal.stderr.write(line),
      clock: Date.now,
      format: readFormat(values.log),
    })
    const stopped = terminal.stopped()
    const needs = { config, role, environment: terminal.env, log, clock: Date.now }
    const installation = await explainListenErrors(
      () => startInstallation(needs),
      () => 'change gateway.listen, gateway.listenTls or portal.listen in the configuration',
    )
    await write(terminal, `${readyLine(installation)}\n`)
    await stopped
    await installation.close()
    return 0
  },
})

function readyLine({ portalUrl, smtp }: Installation): string {
  const parts = [
    ...(portalUrl === undefined ? [] : [`portal=${portalUrl}`]),
    ...smtp.map(formatSmtp),
  ]
  return ['zegel ready', ...parts].join(' ')
}

/** `smtp=127.0.0.1:2525`, `smtp=[::1]:2525` */
export const formatSmtp = ({ host, port }: Installation['smtp'][number]): string =>
  `smtp=${host.includes(':') ? `[${host}]` : host}:${port}`

/** @throws UsageError */
function readFormat(text = 'plain'): LogFormat {
  if (text !== 'plain' && text !== 'json')
    throw new UsageError(`--log: write plain or json, not ${text}`)
  return text
}
