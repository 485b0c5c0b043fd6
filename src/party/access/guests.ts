import { BardcastError } from "../../core/errors.ts";
import type { TokenKeeper } from "./tokens.ts";

/** Roles of those who come without a seat. */
export const GUEST_ROLES = ["observer", "service"] as const;
export type GuestRole = (typeof GUEST_ROLES)[number];

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} _.'-]{0,63}$/u;

/**
 * How a guest is called in tokens, reports and limits: `observer:stream`. No player's id has a colon in it, so that
 * what is whispered to a player never reaches a guest of their name.
 * @throws BardcastError `bad-request` where it cannot be a name
 */
export function guestId(role: GuestRole, name: string): string {
  if (NAME.test(name)) return `${role}:${name}`;
  const message = `"${name.slice(0, 64)}" cannot be a guest's name: use 1-64 letters, digits, spaces, - _ . '`;
  throw new BardcastError("bad-request", message);
}

/** Whether somebody of that id has come without a seat. */
export function isGuestId(id: string): boolean {
  return GUEST_ROLES.some((role) => id.startsWith(`${role}:`));
}

/** Those who come without a seat: observers, who hear what is for all, and services, which speak. */
export class Guests {
  readonly #tokens: TokenKeeper;
  readonly #saved: () => Promise<void>;

  /** @param saved resolves when what was revoked is kept */
  constructor(tokens: TokenKeeper, saved: () => Promise<void>) {
    this.#tokens = tokens;
    this.#saved = saved;
  }

  /**
   * A token for a guest; older ones stay good.
   * @param options.expiresInS seconds for which it is good; by default until the guest is dismissed
   * @throws BardcastError `bad-request` where the name cannot be one
   */
  async invite(
    role: GuestRole,
    name: string,
    options: { expiresInS?: number | undefined } = {},
  ): Promise<{ id: string; token: string }> {
    const id = guestId(role, name);
    return { id, token: await this.#tokens.issue(id, role, options) };
  }

  /** Ends what a guest was given, and closes their sockets; resolves when that is kept. @throws as `invite` */
  async dismiss(role: GuestRole, name: string): Promise<void> {
    this.#tokens.revoke(guestId(role, name));
    await this.#saved();
  }
}
