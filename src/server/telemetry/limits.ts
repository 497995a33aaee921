/** A smaller count might be one person: what readers cause is stored and shown in steps of so many. protocol.md §6 */
export const PER_ORGANISATION_FROM = 5
