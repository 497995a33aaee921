import { resolve } from 'node:path'
import { replyDomainOf } from '../config/reply-domain.ts'
import { defineCommand } from './command.ts'
import { UsageError } from './command-error.ts'
import { gatherAnswers } from './init-answers.ts'
import type { Answers } from './init-answers.ts'
import { write } from './output.ts'
import { refuseToOverwrite, writeInstallation } from './write-installation.ts'

export const init = defineCommand({
  name: 'init',
  summary: 'write a configuration and keys for an installation',
  options: {
    data: { type: 'string', value: 'DIR', help: 'where (default: the current folder)' },
    organisation: { type: 'string', value: 'NAME', help: 'name that readers see' },
    domain: {
      type: 'string',
      value: 'DOMAIN',
      multiple: true,
      help: 'domain of the organisation; more than once for several',
    },
    'reply-domain': {
      type: 'string',
      value: 'DOMAIN',
      help: 'for addresses of people outside who answer (default: replies. and the first domain)',
    },
    'portal-url': { type: 'string', value: 'URL', help: 'public address of the portal' },
    'next-hop': {
      type: 'string',
      value: 'HOST:PORT',
      help: 'mail server that sealed mail goes to',
    },
    escrow: {
      type: 'string',
      value: 'RECIPIENT',
      multiple: true,
      help: 'age1pq1… recipient that can open every message, or a file that holds it',
    },
    'no-escrow': { type: 'boolean', help: 'no escrow key: when keys are lost, so is the mail' },
    'allow-classical-escrow': {
      type: 'boolean',
      help: 'take an age1… escrow recipient; such mail is not post-quantum',
    },
    'smtp-listen': {
      type: 'string',
      value: 'HOST:PORT',
      help: 'where mail comes in (default: 127.0.0.1:2525)',
    },
    'portal-listen': {
      type: 'string',
      value: 'HOST:PORT',
      help: 'where the portal listens (default: 127.0.0.1:8080)',
    },
  },
  details:
    'Asks for what no option says. Writes zegel.yaml, gateway.key, portal.key and zegel.db, and\n' +
    'never over anything that is there.',
  async run(values, _operands, terminal) {
    if (values['no-escrow'] && values.escrow.length > 0)
      throw new UsageError('--escrow and --no-escrow exclude each other')
    const folder = resolve(values.data ?? '.')
    await refuseToOverwrite(folder)
    const answers = await gatherAnswers(values, terminal)
    await writeInstallation(folder, answers, Date.now)
    await write(terminal, nextSteps(folder, answers))
    return 0
  },
})

const nextSteps = (folder: string, { portalUrl, replyDomain, domains }: Answers): string =>
  `Written to ${folder}: zegel.yaml, gateway.key, portal.key, zegel.db

Next:
  1. Read zegel.yaml; every key is explained there.
  2. Keep a copy of gateway.key and portal.key elsewhere, each on its own: without portal.key no
     sealed mail can be opened.
  3. zegel serve --config ${folder}/zegel.yaml
  4. Let the proxy of ${portalUrl} lead to the portal, and your mail server send outgoing mail to
     the gateway; what comes from outside for ${replyDomainOf({ replyDomain, domains })} goes to
     gateway.listenReports (docs/deploy.md).
  5. zegel check --config ${folder}/zegel.yaml
`
