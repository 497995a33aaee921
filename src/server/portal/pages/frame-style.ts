/** What the portal's own pages add to the stylesheet that they share with the reader. */
export const FRAME_STYLE =
  '.frame{display:flex;flex-direction:column;min-block-size:100vh;min-block-size:100dvh}' +
  '.languages{position:relative;margin-inline-start:auto}' +
  '.languages summary{display:inline-flex;align-items:center;justify-content:end;gap:.5rem;min-block-size:2.75rem;min-inline-size:2.75rem;cursor:pointer;list-style:none}' +
  '.languages summary::-webkit-details-marker{display:none}' +
  '.languages summary::after{content:"";inline-size:.4em;block-size:.4em;border:solid;border-width:0 .12em .12em 0;transform:translateY(-.15em)rotate(45deg)}' +
  '.languages nav{position:absolute;z-index:1;inset-inline-end:0;inline-size:min(26rem,calc(100vw - 2.5rem));max-block-size:75vh;overflow:auto;padding:.5rem 1rem;background:var(--sheet);border:1px solid var(--line);border-radius:.9rem;box-shadow:0 12px 40px -12px rgb(0 0 0/.35)}' +
  '.languages ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(7rem,1fr));gap:0 .5rem;list-style:none;margin:0;padding:0}' +
  '.languages li>*{display:flex;align-items:center;min-block-size:2.75rem;color:inherit}' +
  '.languages [aria-current]{font-weight:600;color:var(--ink)}' +
  '.sheet h2{margin-block-start:2rem}.sheet li{margin-block-end:.35rem}' +
  'dt{font-weight:600}dd{margin:0 0 .75rem}'
