import type { JSX } from 'preact'
import type { Reader } from '../reader.ts'
import type { Step } from '../step.ts'
import { CodeStep } from './code-step.tsx'
import { OpeningStep } from './opening-step.tsx'

interface ProofStepProps {
  readonly reader: Reader
  readonly step: Extract<Step, { kind: 'code' | 'opening' }>
}

/** From the passcode to the letter. */
export function ProofStep({ reader, step }: ProofStepProps): JSX.Element {
  return step.kind === 'code' ? (
    <CodeStep reader={reader} asked={step.asked} />
  ) : (
    <OpeningStep reader={reader} stage={step.stage} />
  )
}
