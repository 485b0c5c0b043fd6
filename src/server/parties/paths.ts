/** Whether a path is one of the routes of many parties. */
export function isOfParties(path: string): boolean {
  return /^\/(?:p|api\/parties)(?:\/|$)/.test(path);
}

/** Where the routes of a party are. */
export function pathOf(id: string): string {
  return `/p/${id}`;
}
