import { CommandError } from './command-error.ts'

export interface DemoPorts {
  readonly portal: number
  readonly smtp: number
  readonly mailbox: number
  readonly provider: number
}

/** contract.md, Demo */
const variables = {
  portal: { name: 'ZEGEL_DEMO_PORTAL_PORT', port: 8080 },
  smtp: { name: 'ZEGEL_DEMO_SMTP_PORT', port: 2525 },
  mailbox: { name: 'ZEGEL_DEMO_MAILBOX_PORT', port: 8081 },
  provider: { name: 'ZEGEL_DEMO_PROVIDER_PORT', port: 8082 },
} as const

/** @throws CommandError for a variable that is no port */
export function demoPorts(environment: Readonly<Record<string, string | undefined>>): DemoPorts {
  const read = ({ name, port }: { name: string; port: number }): number => {
    const text = environment[name] ?? String(port)
    const value = /^\d{1,5}$/.test(text) ? Number(text) : 0
    if (value < 1 || value > 65_535)
      throw new CommandError(`${name}=${text} is no port; write a number from 1 to 65535`)
    return value
  }
  return {
    portal: read(variables.portal),
    smtp: read(variables.smtp),
    mailbox: read(variables.mailbox),
    provider: read(variables.provider),
  }
}

/** How to change a port that is taken. */
export function portAdvice(ports: DemoPorts, taken: number): string {
  const what = (['portal', 'smtp', 'mailbox', 'provider'] as const).find(
    name => ports[name] === taken,
  )
  const name = what === undefined ? 'another port' : variables[what].name
  return `choose another: ${name}=${taken === 65_535 ? 8090 : taken + 1000} npm start (or zegel demo)`
}
