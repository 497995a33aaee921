import type { Command } from './command.ts'

export interface TableEntry {
  readonly name: string
  readonly summary: string
  /** Reads the command's code only when it is wanted: `zegel --help` starts no database. */
  readonly load: () => Promise<Command>
}

/** Every command, in the order of the help. */
export const commandTable: readonly TableEntry[] = [
  {
    name: 'demo',
    summary: 'try everything on this machine, with a mailbox to look into',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'init',
    summary: 'write a configuration and keys for an installation',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'serve',
    summary: 'run the gateway, the portal, or both',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'check',
    summary: 'check configuration, DNS, next hop, database, keys and the public address',
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'seal',
    summary: 'seal one mail',
    load: async () => (await import('./seal.ts')).seal,
  },
  {
    name: 'extract',
    summary: 'take the age file out of a message.html',
    load: async () => (await import('./extract.ts')).extract,
  },
  {
    name: 'open',
    summary: 'open a message.html with an escrow key',
    load: async () => (await import('./open.ts')).open,
  },
  {
    name: 'keys list',
    summary: "list an installation's keys",
    load: async () => (await import('./keys-list.ts')).keysList,
  },
  {
    name: 'keys rotate',
    summary: 'begin new keys; unexpired mail stays readable',
    load: async () => (await import('./keys-rotate.ts')).keysRotate,
  },
  {
    name: 'keys certify',
    summary: 'vouch for an old signing key',
    load: async () => (await import('./keys-certify.ts')).keysCertify,
  },
  {
    name: 'keys confirm-date',
    summary: 'say what day it is, after housekeeping stopped believing the clock',
    load: async () => (await import('./keys-confirm-date.ts')).keysConfirmDate,
  },
  {
    name: 'keys export-public',
    summary: 'write the public keys that zegel open needs',
    load: async () => (await import('./keys-export-public.ts')).keysExportPublic,
  },
  {
    name: 'revoke',
    summary: 'stop a message from being opened',
    load: async () => (await import('./revoke.ts')).revoke,
  },
  {
    name: 'journal',
    summary: 'list which messages were sealed',
    load: async () => (await import('./journal.ts')).journal,
  },
  {
    name: 'audit',
    summary: 'list who opened, answered or forwarded what, and when',
    load: async () => (await import('./audit.ts')).audit,
  },
  {
    name: 'usage',
    summary: 'show the daily counts',
    load: async () => (await import('./usage.ts')).usageCounts,
  },
  {
    name: 'subject export',
    summary: 'write what is stored about a person',
    load: async () => (await import('./subject-export.ts')).subjectExport,
  },
  {
    name: 'subject erase',
    summary: 'erase what is stored about a person',
    load: async () => (await import('./subject-erase.ts')).subjectErase,
  },
  {
    name: 'migrate',
    summary: 'bring the database up to date',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'backup',
    summary: 'copy the database, with its wrapped keys, to a file',
    load: async () => (await import('./backup.ts')).backup,
  },
  {
    name: 'restore',
    summary: 'put a backup in place of the database',
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'verify',
    summary: "compare a portal's pages with those of this program",
    load: async () => (await import('./verify.ts')).verify,
  },
]
