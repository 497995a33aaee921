import type { Route } from '../../../../src/server/portal/route.ts'

/** A path that leads to the route. */
export function pathOf(route: Pick<Route, 'path'>): string {
  return route.path
    .replace(':id', 'x'.repeat(44))
    .replace(':provider', 'microsoft')
    .replace(':name', 'opener-AAAA1111.js')
}

export const nameOf = (route: Route): string => `${route.method} ${route.path}`
