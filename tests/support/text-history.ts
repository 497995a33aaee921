import { spawnSync } from 'node:child_process'
import { readStatementFile } from '../../src/server/text/statement-blocks.ts'
import { textHash } from '../../src/server/text/text-hash.ts'

export interface TextVersion {
  readonly source: string
  readonly changedAt: Date
}

/** A date may be written some days before the change arrives: it is read by others first. */
const slackMs = 7 * 24 * 60 * 60 * 1000

/** The last versions that git has of a file, newest first; none where there is no history, or only its end. */
export function versionsInGit(root: string, path: string): readonly TextVersion[] {
  const git = (...args: readonly string[]): string => {
    const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
    return status === 0 ? stdout : ''
  }
  if (git('rev-parse', '--is-shallow-repository').trim() !== 'false') return []
  const lines = git('log', '-20', '--format=%H %aI', '--', path).split('\n').filter(Boolean)
  return lines.flatMap(line => {
    const [commit = '', at = ''] = line.split(' ')
    const source = git('show', `${commit}:${path}`)
    return source === '' ? [] : [{ source, changedAt: new Date(at) }]
  })
}

/**
 * What is wrong with the date of a text, when another text stood there before; null when nothing is.
 * @param versions newest first
 */
export function dateFault(source: string, versions: readonly TextVersion[]): string | null {
  const now = readStatementFile(source)
  const hash = textHash(now.body)
  const other = versions.findIndex(version => hashOf(version.source) !== hash)
  const before = versions[other]
  if (before === undefined) return null
  const then = readDate(before.source)
  if (now.updated < then)
    return `updated: ${now.updated} is before that of the text before, ${then}`
  const changedAt = versions[other - 1]?.changedAt
  if (now.updated > then || changedAt === undefined) return null
  const isLate = changedAt.getTime() - new Date(now.updated).getTime() > slackMs
  return isLate
    ? `the text changed and kept its date, ${then}: node scripts/date-statements.ts`
    : null
}

/** A version of another form, from before there was this one, is another text. */
function hashOf(source: string): string {
  try {
    return textHash(readStatementFile(source).body)
  } catch {
    return ''
  }
}

function readDate(source: string): string {
  try {
    return readStatementFile(source).updated
  } catch {
    return ''
  }
}
