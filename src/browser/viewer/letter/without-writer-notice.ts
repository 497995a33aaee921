import type { Letter } from './letter.ts'

/** As the gateway begins the page of an answer (docs/replies.md §4); nothing in its line is a tag. */
const PAGE_NOTICE =
  /^(<!doctype html>\r?\n<html><head><meta charset="utf-8"><\/head><body>\r?\n)<div [^<>]*>[^<>]*<\/div>\r?\n/
const TEXT_NOTICE = /^[^\r\n]+\r?\n\r?\n/

/**
 * A letter that somebody outside wrote, without the line by which the gateway says so: the page says it itself, of the
 * address that was verified, and a quote that went along with it would look as genuine wherever it was typed.
 */
export function withoutWriterNotice(letter: Letter): Letter {
  const [first, ...others] = letter.sections
  if (first === undefined) return letter
  const html = first.html?.replace(PAGE_NOTICE, '$1') ?? null
  const text = first.text?.replace(TEXT_NOTICE, '') ?? null
  return { ...letter, sections: [{ html, text }, ...others] }
}
