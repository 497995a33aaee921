import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderConfig } from '../config/render-config.ts'
import type { ConfigInput } from '../config/schema.ts'
import { createRootKeyFile } from '../keys/root-key.ts'
import { closeInOrder } from './close-in-order.ts'
import { CommandError } from './command-error.ts'
import type { Answers } from './init-answers.ts'
import { makeKeys } from './make-keys.ts'

const configName = 'zegel.yaml'
const keyNames = ['gateway.key', 'portal.key'] as const
const storeNames = ['zegel.db', 'zegel.db-wal', 'zegel.db-shm'] as const

/** @throws CommandError when the folder holds an installation, or a part of one */
export async function refuseToOverwrite(folder: string): Promise<void> {
  const there = [configName, ...keyNames, ...storeNames].find(name =>
    existsSync(join(folder, name)),
  )
  if (there !== undefined)
    throw new CommandError(
      `${join(folder, there)} is there already; name another folder with --data, or move it away`,
    )
}

/**
 * Makes root keys, database and keys, then the configuration that names them: what fails leaves
 * nothing behind.
 */
export async function writeInstallation(
  folder: string,
  answers: Answers,
  clock: () => number,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const made: string[] = []
  try {
    for (const name of keyNames) {
      await createRootKeyFile(join(folder, name))
      made.push(name)
    }
    made.push(...storeNames)
    const text = renderConfig(await makeKeys(folder, inputOf(answers), clock))
    await writeFile(join(folder, configName), text, { flag: 'wx', mode: 0o640 })
  } catch (error) {
    await closeInOrder(made.map(name => () => rm(join(folder, name), { force: true })))
    throw error
  }
}

function inputOf(answers: Answers): ConfigInput {
  const {
    organisationName,
    domains,
    replyDomain,
    escrowRecipients,
    allowClassicalEscrow,
    nextHop,
  } = answers
  return {
    organisations: [
      {
        id: idOf(domains[0] ?? ''),
        name: organisationName,
        domains: [...domains],
        ...(replyDomain === '' ? {} : { replyDomain }),
        escrowRecipients: [...escrowRecipients],
        allowClassicalEscrow,
      },
    ],
    gateway: { listen: [answers.smtpListen], nextHop },
    portal: { url: answers.portalUrl, listen: answers.portalListen, mail: { relay: nextHop } },
  }
}

/** `example.com` → `example`: a stable name that a person recognises. */
const idOf = (domain: string): string =>
  (domain.split('.')[0] ?? '').replace(/[^a-z0-9-]/g, '').slice(0, 63) || 'organisation'
