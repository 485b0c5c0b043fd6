import { BardcastError } from "../../core/errors.ts";

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
