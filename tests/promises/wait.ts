/**
 * How long after a request its memory is looked at. A minute in `npm run promises`, as features.md E says; less where
 * `npm test` runs with every change.
 */
export const waitMs = Number(process.env['PROMISES_WAIT_SECONDS'] ?? '2') * 1000
