import type { Accent } from './accent.ts'

/** The stylesheet of message.html: a letter, light and dark, nothing remote. */
export function messageStyle(accent: Accent): string {
  return STYLE.replace('$light', accent.light)
    .replace('$onLight', accent.onLight)
    .replace('$dark', accent.dark)
    .replace('$onDark', accent.onDark)
}

const STYLE = `:root{color-scheme:light dark;--a:$light;--on:$onLight;--paper:#fbf9f5;--sheet:#fff;--ink:#26221e;--soft:#645d55;--line:#e4dfd7}\r
@media(prefers-color-scheme:dark){:root{--a:$dark;--on:$onDark;--paper:#1b1815;--sheet:#272320;--ink:#efebe5;--soft:#b5aea5;--line:#454039}}\r
*{box-sizing:border-box}\r
body{margin:0;background:var(--paper);color:var(--ink);font:clamp(1rem,.95rem + .25vw,1.125rem)/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}\r
header,footer{max-width:34rem;margin:auto;padding:1.1rem 1.25rem;display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;color:var(--soft);font-size:.875em}\r
header strong{color:var(--ink);font-weight:600}\r
footer{justify-content:space-between}\r
footer a{color:inherit;display:inline-block;padding:.7rem .25rem}\r
.logo{width:2rem;height:2rem;border-radius:.5rem;object-fit:contain}\r
span.logo{background:var(--a);color:var(--on);display:grid;place-items:center;font:600 1rem Georgia,serif}\r
main{max-width:31.5rem;margin:0 auto;padding:clamp(1.5rem,6vw,3rem) clamp(1.25rem,6vw,3rem);background:var(--sheet);border:1px solid var(--line);border-radius:1rem;box-shadow:0 12px 32px -20px rgb(0 0 0/.2);text-align:center}\r
@media(max-width:34rem){main{margin:0 .75rem}}\r
.seal{width:4.5rem;height:4.5rem;margin:0 auto 1.25rem;display:block;fill:none;stroke:var(--on)}\r
.seal .wax{fill:var(--a);stroke:none}\r
h1,h2{font:500 clamp(1.45rem,1.2rem + 1.4vw,2rem)/1.2 ui-serif,"Iowan Old Style",Palatino,"Palatino Linotype",Georgia,serif;margin:0 0 .75rem;text-wrap:balance}\r
h2{font-size:1.2rem}\r
:is(h1,h2):is(:lang(zh),:lang(ja),:lang(ko)){font-family:inherit}\r
:is(:lang(zh),:lang(ja)){line-break:strict;text-autospace:normal}\r
:lang(ja){word-break:auto-phrase}\r
:lang(ko){word-break:keep-all}\r
hr{border:0;border-top:1px solid var(--line);margin:1.75rem 0}\r
p{margin:0 0 1rem;text-wrap:balance}\r
section p{color:var(--soft)}\r
b{font-weight:600;color:var(--ink)}\r
.soft{font-size:.875em;margin-top:1.25rem}\r
.soft p:last-child{margin:0}\r
button,.button{font:inherit;font-weight:600;width:100%;min-height:3rem;padding:.6rem 1.25rem;border:0;border-radius:.75rem;background:var(--a);color:var(--on);cursor:pointer;display:flex;flex-direction:column;align-items:center;justify-content:center;text-decoration:none;margin:.5rem 0}\r
button span+span,.button span+span{font-weight:400;font-size:.875em}\r
a:focus-visible,button:focus-visible{outline:3px solid var(--ink);outline-offset:2px}\r
@media(forced-colors:active){button,.button{border:1px solid}}\r
`
