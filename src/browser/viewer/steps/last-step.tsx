import type { JSX } from 'preact'
import type { PageConfig } from '../../ui/page-config.ts'
import type { Reader } from '../reader.ts'
import type { Step } from '../step.ts'
import { ClosedStep } from './closed-step.tsx'
import { TroubleStep } from './trouble-step.tsx'

interface LastStepProps {
  readonly reader: Reader
  readonly config: PageConfig
  readonly step: Extract<Step, { kind: 'trouble' | 'closed' }>
}

/** Where no letter is shown (any more). */
export function LastStep({ reader, config, step }: LastStepProps): JSX.Element {
  return step.kind === 'trouble' ? (
    <TroubleStep reader={reader} config={config} trouble={step.trouble} />
  ) : (
    <ClosedStep reader={reader} how={step.how} />
  )
}
