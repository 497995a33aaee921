import { readFileSync, readdirSync } from 'node:fs'

/** Fields of the corpus' JSON lists that hold a payload. */
const payloadFields = ['payload', 'data', 'input'] as const

/** Every payload of the corpus (of its files whose name matches `files`) once, made to call `parent.zegelRan()` where it would show a box. */
export function readPayloads(corpus: string, files: RegExp = /./): readonly string[] {
  const folder = `${corpus}xss/`
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    entry => entry.isFile() && files.test(entry.name),
  )
  const payloads = found.flatMap(({ parentPath, name }) => {
    const text = readFileSync(`${parentPath}/${name}`, 'utf8')
    if (name.endsWith('.json')) return fromJson(JSON.parse(text))
    return name.endsWith('.txt') ? text.split('\n') : [text]
  })
  return [...new Set(payloads)].filter(payload => payload.trim() !== '').map(arm)
}

function fromJson(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown) => {
    if (typeof item === 'string') return [item]
    if (typeof item !== 'object' || item === null) return []
    const fields = item as Readonly<Record<string, unknown>>
    return payloadFields.map(name => fields[name]).filter(value => typeof value === 'string')
  })
}

function arm(payload: string): string {
  return payload.replaceAll(/\b(?:alert|prompt|confirm)\b/g, 'parent.zegelRan')
}
