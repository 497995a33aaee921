/** One thing that is wrong. */
export interface ConfigProblem {
  /** `gateway.nextHop.port`; empty for the whole file. */
  readonly path: string
  /** What is wrong and what to do. */
  readonly message: string
  /** File with line, or the environment variable, that the value comes from. */
  readonly source: string
}

/** Everything that is wrong with a configuration, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'bad-config'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'))
    this.problems = problems
  }
}

function formatProblem({ source, path, message }: ConfigProblem): string {
  return [source, path, message].filter(part => part !== '').join(': ')
}
