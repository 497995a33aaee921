import DOMPurify from 'dompurify'

let instance: ReturnType<typeof DOMPurify> | undefined

/** One for the page: its Trusted Types policy can be made only once. Whoever uses it sets every hook anew. */
export function purifier(): ReturnType<typeof DOMPurify> {
  instance ??= DOMPurify(window)
  return instance
}
