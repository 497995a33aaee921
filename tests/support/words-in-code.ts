import { parseSync } from 'vite'

/** A node of the syntax tree (ESTree with JSX and TypeScript); only what is looked at here. */
interface Node {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

/** Attributes, properties and parameters that people read or hear. */
const readable =
  /^(?:title|alt|label|placeholder|aria-?label|aria-?description|aria-?valuetext|aria-?roledescription|textContent|innerText|heading|subject)$/i
/** Functions whose words are said to people. */
const saying = /^(?:announce|alert|confirm|prompt|createTextNode)$/
const letters = /\p{L}{2,}/u
/** A capital and three words in a row, wherever they stand; lists of names and classes have none. */
const sentence = /(?:^|[.!?…>]\s*)\p{Lu}[\p{Ll}’]*(?:,? [\p{L}’-]+){2,}/u
/** Stands where a value is filled in. */
const place = '\uFFFC'

/**
 * Words in a file's code that people would read: they belong into src/locales.
 * Text and readable attributes of JSX and of HTML templates, what is assigned to or said by functions
 * that show words, and whole sentences anywhere but in errors, logs and types.
 */
export function wordsInCode(file: string, source: string): readonly string[] {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0]?.message ?? ''}`)
  const found: { readonly at: number; readonly words: string }[] = []
  const visit = (node: Node, isShown: boolean, isRead: boolean): void => {
    if (isSilent(node)) return
    if (!isRead) for (const words of wordsOf(node, isShown)) found.push({ at: node.start, words })
    // A chain of `+` is read as a whole.
    const parts = node.type === 'BinaryExpression' && textOf(node) !== null
    for (const [field, child] of childrenOf(node))
      visit(child, showsChild(node, field, isShown), parts && textOf(child) !== null)
  }
  visit(program as unknown as Node, false, false)
  const lines = found.map(({ at, words }) => `${file}:${lineOf(source, at)}: ${words.trim()}`)
  return [...new Set(lines)]
}

function lineOf(source: string, at: number): number {
  return source.slice(0, at).split('\n').length
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

function childrenOf(node: Node): readonly (readonly [string, Node])[] {
  return Object.entries(node).flatMap(([field, value]) =>
    (Array.isArray(value) ? value : [value]).filter(isNode).map(child => [field, child] as const),
  )
}

/** What no reader sees: imports, types, errors and logs, which are for who runs the program. */
function isSilent(node: Node): boolean {
  if (/^(?:Import|Export(?:All|Named)Declaration$|TS(?!As|NonNull|Satisfies))/.test(node.type))
    return node['declaration'] === null || node['declaration'] === undefined
  if (node.type === 'ThrowStatement') return true
  const callee = nameOf(node['callee'])
  if (node.type === 'NewExpression') return /Error|Problem|RegExp|Warning/.test(callee)
  return node.type === 'CallExpression' && /^(?:super|log|failure|warn|info|debug)$/.test(callee)
}

/** The last name of `a.b.c`. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return ''
  if (node.type === 'MemberExpression') return nameOf(node['property'])
  const name = node['name'] ?? node['value']
  return node.type === 'Super' ? 'super' : typeof name === 'string' ? name : ''
}

/** True when the value of a literal in this place is shown as it is. */
function showsChild(node: Node, field: string, isShown: boolean): boolean {
  switch (node.type) {
    case 'JSXAttribute':
    case 'Property':
      return field === 'value' && readable.test(nameOf(node['name'] ?? node['key']))
    case 'AssignmentExpression':
      return field === 'right' && readable.test(nameOf(node['left']))
    case 'CallExpression':
      return field === 'arguments' && isSaying(node)
    case 'JSXExpressionContainer':
    case 'LogicalExpression':
    case 'ParenthesizedExpression':
      return isShown
    case 'ConditionalExpression':
      return isShown && field !== 'test'
    case 'BinaryExpression':
      return isShown && node['operator'] === '+'
    default:
      return /^JSX(?:Element|Fragment)$/.test(node.type) && field === 'children'
  }
}

function isSaying(call: Node): boolean {
  const name = nameOf(call['callee'])
  const [first] = call['arguments'] as readonly Node[]
  return saying.test(name) || (name === 'setAttribute' && readable.test(nameOf(first)))
}

function wordsOf(node: Node, isShown: boolean): readonly string[] {
  if (node.type === 'JSXText') return withLetters([String(node['value'])])
  const text = textOf(node)
  if (text === null) return []
  if (/<\/?[a-z]/i.test(text)) return withLetters(wordsOfMarkup(text))
  if (readable.test(text)) return [] // the name of an attribute that is set
  return isShown ? withLetters([text]) : sentence.test(text) ? [text] : []
}

const withLetters = (words: readonly string[]): readonly string[] =>
  words.filter(one => letters.test(one.replaceAll(/&\w+;/g, '')))

/** Of a literal, or of a chain of `+` with one in it; null for anything else. */
function textOf(node: unknown): string | null {
  if (!isNode(node)) return null
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : null
  if (node.type === 'TemplateLiteral')
    return (node['quasis'] as readonly { readonly value: { readonly cooked: string | null } }[])
      .map(({ value }) => value.cooked ?? '')
      .join(place)
  if (node.type !== 'BinaryExpression' || node['operator'] !== '+') return null
  const sides = [textOf(node['left']), textOf(node['right'])]
  return sides.every(side => side === null) ? null : sides.map(side => side ?? place).join('')
}

/** Text between tags, and what readable attributes say. */
function wordsOfMarkup(markup: string): readonly string[] {
  const bare = markup
    .replaceAll(/<!--.*?-->|<(script|style)\b.*?<\/\1>/gs, ' ')
    .replaceAll(/^[^<]*>/g, ' ')
  const said = [...bare.matchAll(/\s([\w-]+)="([^"]*)"/g)]
    .filter(([, name = '']) => readable.test(name))
    .map(([, , value = '']) => value)
  return [...bare.replaceAll(/<[^>]*(?:>|$)/g, place).split(place), ...said]
}
