/** How long tests wait for what comes within moments: an end to waiting for what never comes, also on a busy machine. */
export const patienceMs = 20_000
