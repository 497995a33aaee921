/** What the portal's own pages add to the stylesheet that they share with the reader. */
export const FRAME_STYLE =
  '.frame{display:flex;flex-direction:column;min-block-size:100vh;min-block-size:100dvh}' +
  '.languages ul{display:flex;flex-wrap:wrap;gap:0 1rem;list-style:none;margin:0;padding:0}' +
  '.languages li>*{display:inline-flex;align-items:center;justify-content:center;min-block-size:2.75rem;min-inline-size:2.75rem;color:inherit}' +
  '.sheet h2{margin-block-start:2rem}.sheet li{margin-block-end:.35rem}' +
  'dt{font-weight:600}dd{margin:0 0 .75rem}'
