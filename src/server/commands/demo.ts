import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineCommand } from './command.ts'
import { renderGuide } from './demo-guide.ts'
import { demoPorts, portAdvice } from './demo-ports.ts'
import { explainListenErrors } from './listen-error.ts'
import { write } from './output.ts'
import { formatSmtp } from './serve.ts'
import { startDemo } from './start-demo.ts'

/** contract.md: ends within 5 s; whatever still hangs then is broken off. */
const closeMs = 4500

export const demo = defineCommand({
  name: 'demo',
  summary: 'try everything on this machine, with a mailbox to look into',
  options: {
    data: { type: 'string', value: 'DIR', help: 'where its keys are kept (default: .zegel-demo)' },
  },
  details:
    'Portal, gateway, a mailbox for everyone and a simulated sign-in with Microsoft and Google in one\n' +
    'process, reachable from this machine alone.\n' +
    'Ports: ZEGEL_DEMO_PORTAL_PORT (8080), ZEGEL_DEMO_SMTP_PORT (2525), ZEGEL_DEMO_MAILBOX_PORT (8081),\n' +
    'ZEGEL_DEMO_PROVIDER_PORT (8082).',
  async run(values, _operands, terminal) {
    const ports = demoPorts(terminal.env)
    const stopped = terminal.stopped()
    const folder = resolve(values.data ?? '.zegel-demo')
    const running = await explainListenErrors(
      () => startDemo({ folder, ports, terminal }),
      port => portAdvice(ports, port),
    )
    const smtp = running.installation.smtp.map(formatSmtp).join(' ')
    const { portalUrl = '' } = running.installation
    const provider = running.providerUrl === null ? '' : ` provider=${running.providerUrl}`
    const ready = `zegel ready portal=${portalUrl} ${smtp} mailbox=${running.mailboxUrl}${provider}`
    await write(terminal, `${ready}\n${renderGuide(running)}`)
    await stopped
    await Promise.race([running.close(), sleep(closeMs, undefined, { ref: false })])
    return 0
  },
})
