// Who may import what: the table in docs/architecture.md. Checked by scripts/check-dependencies.mjs.
const server = {
  gateway: ['identity', 'store', 'telemetry', 'config', 'text', 'crypto'],
  keys: ['identity', 'store', 'telemetry', 'config', 'text', 'crypto'],
  portal: ['identity', 'store', 'telemetry', 'config', 'text', 'crypto'],
  admin: ['identity', 'store', 'telemetry', 'config', 'text', 'crypto'],
  demo: ['identity', 'store', 'telemetry', 'config', 'text', 'crypto'],
  identity: ['store', 'telemetry', 'config', 'text', 'crypto'],
  store: ['telemetry', 'config'],
  text: [],
  crypto: [],
  telemetry: [],
  config: [],
}

const cryptoPackages = 'node_modules/(@noble|age-encryption|hpke|@scure)/'

/** The rule for one folder of src/server: itself, what the table names, core, packages. */
const serverRule = ([folder, allowed]) => ({
  name: `server-${folder}`,
  severity: 'error',
  from: { path: `^src/server/${folder}/` },
  to: {
    path: '^src/',
    pathNot: [
      `^src/server/(${[folder, ...allowed].join('|')})/`,
      ...(folder === 'telemetry' || folder === 'config' || folder === 'text' ? [] : ['^src/core/']),
      ...(folder === 'config' ? ['^src/core/(policy|address)/'] : []),
      ...(folder === 'text' ? ['^src/locales/'] : []),
    ],
  },
})

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { pathNot: ['^src/core/', cryptoPackages] },
    },
    {
      name: 'browser-imports-browser-and-core',
      severity: 'error',
      from: { path: '^src/browser/' },
      to: { path: '^src/', pathNot: ['^src/browser/', '^src/core/', '^src/locales/'] },
    },
    {
      name: 'browser-has-no-node',
      severity: 'error',
      from: { path: '^src/browser/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-store-speaks-sql',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/server/store/' },
      to: { path: ['^(node:)?sqlite$', 'node_modules/(kysely|pg|pg-[^/]+)/'] },
    },
    {
      name: 'only-main-joins-the-steps',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/server/(main\\.ts|commands/)' },
      to: { path: '^src/server/(main\\.ts|commands/)' },
    },
    ...Object.entries(server).map(serverRule),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
}
