/** A smaller count of one organisation might be one person: it stays within the installation's sum. protocol.md §6 */
export const PER_ORGANISATION_FROM = 5
