export const resultsFile: string
export function sourcesHash(): string
export function presentResults(): string | undefined
