import type { Invite } from "../../core/protocol/api.ts";
import type { Party } from "../../party/party.ts";

/**
 * @param base address of the server as players reach it, with the path it is mounted under
 * @param token by default a new one; older ones stay good
 */
export async function inviteOf(party: Party, id: string, base: string, token?: string): Promise<Invite> {
  const own = token ?? (await party.tokens.issue(id));
  // It is good after a restart as well: what it depends on is kept, or cannot be.
  await party.store.saved();
  return { id, token: own, url: pageUrl(base, "play", own), short: await shortUrl(base, party, id) };
}

/** The address of a page with its token. */
export function pageUrl(base: string, page: "play" | "dm", token: string): string {
  return `${base.replace(/\/$/, "")}/${page}?token=${encodeURIComponent(token)}`;
}

/** A link that is short enough to be typed, and for a QR code of few rows. @param player undefined for the DM */
export async function shortUrl(base: string, party: Party, player?: string): Promise<string> {
  return `${base.replace(/\/$/, "")}/j/${await party.tokens.joinCodes.of(player)}`;
}
