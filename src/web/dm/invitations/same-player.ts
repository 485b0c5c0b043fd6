/** A player whose name differs from this one in nothing but the letters' case, if there is one. */
export function samePlayer(name: string, players: readonly string[]): string | undefined {
  const key = name.trim().toLowerCase();
  return key === "" ? undefined : players.find((player) => player.toLowerCase() === key);
}
