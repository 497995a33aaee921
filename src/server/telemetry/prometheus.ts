import type { Entry, Labels, Metric } from './tally.ts'

/**
 * A counter in the text format of Prometheus.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 * @param step what readers cause is told in steps of so many, so that no scrape shows one of them: 1 for all else
 */
export function formatMetric(
  { name, help }: Metric,
  entries: readonly Entry[],
  step: (labels: Labels) => number,
): string {
  const full = `zegel_${name}_total`
  const lines = entries
    .map(({ labels, count }) => ({ labels, shown: count - (count % step(labels)) }))
    .filter(({ shown }) => shown > 0)
    .map(({ labels, shown }) => `${full}${formatLabels(labels)} ${shown}\n`)
  return `# HELP ${full} ${help}\n# TYPE ${full} counter\n${lines.join('')}`
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
