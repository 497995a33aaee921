import { replyDomainOf } from '../config/reply-domain.ts'
import { readMailServer } from '../config/read-mail-server.ts'
import { readSecret } from '../config/read-secret.ts'
import type { Config } from '../config/schema.ts'
import { checkSenderDomain, createResolver } from './checks/check-dns.ts'
import { checkHop } from './checks/check-hop.ts'
import { checkInstallation } from './checks/check-installation.ts'
import { checkLogos } from './checks/check-logos.ts'
import { checkProviders } from './checks/check-providers.ts'
import { checkReplyDomain } from './checks/check-reply-domain.ts'
import { checkReplyListener } from './checks/check-reply-listener.ts'
import { checkReports } from './checks/check-reports.ts'
import { checkPublicAddress } from './checks/check-public-address.ts'
import { failed, ok } from './checks/finding.ts'
import type { CheckLine } from './checks/finding.ts'
import type { MailResolver } from './checks/check-dns.ts'
import { configOption, defineCommand, jsonOption } from './command.ts'
import { UsageError } from './command-error.ts'
import { write, writeJson } from './output.ts'
import { createProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'
import { defaultConfigPath, readConfig } from './with-store.ts'
import { visibleLine } from './visible-text.ts'

const parts = ['dns', 'mail', 'replies', 'providers', 'public'] as const
type Part = (typeof parts)[number]

export const check = defineCommand({
  name: 'check',
  summary:
    'check configuration, DNS, next hop, answers, providers, database, keys and the public address',
  options: {
    config: configOption,
    'dkim-selector': {
      type: 'string',
      value: 'NAME',
      multiple: true,
      help: 'look at this DKIM key; more than once for several',
    },
    'dns-server': {
      type: 'string',
      value: 'ADDRESS',
      help: "ask this server, such as 9.9.9.9, instead of the machine's",
    },
    skip: {
      type: 'string',
      value: 'PART',
      multiple: true,
      help: `leave out ${parts.join(', ')}`,
    },
    json: jsonOption,
  },
  details:
    'A line each; status 1 when any fails. mail connects to the next hop and the relay and sends\n' +
    'nothing; public posts a message that nobody can open to the portal, which keeps nothing.',
  async run(values, _operands, terminal) {
    const skipped = values.skip.map(readPart)
    const resolver = readResolver(values['dns-server'])
    const lines: CheckLine[] = []
    const tell = async (line: CheckLine): Promise<void> => {
      lines.push(line)
      if (!values.json) await write(terminal, formatLine(line))
    }
    for await (const line of checkAll({
      configPath: values.config,
      selectors: values['dkim-selector'],
      resolver,
      skipped,
      terminal,
    }))
      await tell(line)
    if (values.json) await writeJson(terminal, lines)
    return lines.some(({ state }) => state === 'failed') ? 1 : 0
  },
})

/** @throws UsageError */
function readPart(text: string): Part {
  const part = parts.find(name => name === text)
  if (part === undefined) throw new UsageError(`--skip: write one of ${parts.join(', ')}`)
  return part
}

/** @throws UsageError */
function readResolver(server: string | undefined): MailResolver {
  try {
    return createResolver(server)
  } catch (cause) {
    throw new UsageError('--dns-server: write an address, such as 9.9.9.9 or [2620:fe::fe]:53', {
      cause,
    })
  }
}

const formatLine = ({ name, state, detail }: CheckLine): string =>
  `${visibleLine(`${state.padEnd(8)}${name}: ${detail}`)}\n`

interface Wanted {
  readonly configPath: string | undefined
  readonly selectors: readonly string[]
  readonly resolver: MailResolver
  readonly skipped: readonly Part[]
  readonly terminal: Terminal
}

async function* checkAll(wanted: Wanted): AsyncGenerator<CheckLine> {
  const { configPath, skipped, terminal } = wanted
  const config = await readConfig(configPath, terminal).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  )
  if (config instanceof Error) {
    yield failed('configuration', config.message.replaceAll('\n', '; '))
    return
  }
  yield ok('configuration', configPath ?? defaultConfigPath)
  yield* checkLogos(config)
  yield* checkInstallation(config, terminal.env)
  if (!skipped.includes('mail')) yield* checkMail(config, terminal)
  if (!skipped.includes('replies')) {
    yield checkReports(config)
    yield checkReplyListener(config)
  }
  if (!skipped.includes('providers'))
    yield* checkProviders(config, reference => readSecret(reference, terminal.env))
  if (!skipped.includes('dns')) yield* checkDns(config, wanted)
  if (!skipped.includes('public')) yield checkPublic(config, terminal)
}

async function* checkMail(config: Config, terminal: Terminal): AsyncGenerator<CheckLine> {
  const { gateway, portal } = config
  const hops = [
    { name: 'next hop', hop: gateway.nextHop, largest: gateway.maxMessageBytes },
    { name: 'relay of passcode mails', hop: portal.mail.relay, largest: undefined },
  ]
  for (const { name, hop, largest } of hops) {
    try {
      yield await checkHop(
        name,
        await readMailServer(hop, reference => readSecret(reference, terminal.env)),
        largest,
      )
    } catch (error) {
      yield failed(name, error instanceof Error ? error.message : String(error))
    }
  }
}

async function* checkDns(
  config: Config,
  { selectors, resolver }: Wanted,
): AsyncGenerator<CheckLine> {
  for (const domain of config.organisations.flatMap(({ domains }) => domains))
    yield* await checkSenderDomain(domain, selectors, resolver)
  for (const organisation of config.organisations)
    yield* await checkReplyDomain(replyDomainOf(organisation), organisation.domains, resolver)
}

async function checkPublic(config: Config, terminal: Terminal): Promise<CheckLine> {
  const { url, maxPostedBytes } = config.portal
  const progress = createProgress('posting to the public address', terminal)
  try {
    return await checkPublicAddress(url, maxPostedBytes, progress.show)
  } finally {
    progress.end()
  }
}
