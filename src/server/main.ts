import { processTerminal } from './commands/terminal.ts'
import { runProgram } from './commands/run-program.ts'

// A reader that went away (`zegel journal | head -1`) is no error.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runProgram(process.argv.slice(2), processTerminal())
