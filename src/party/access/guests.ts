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

/** Somebody who was invited, as it is kept. */
export interface KeptGuest {
  role: GuestRole;
  name: string;
  /** Seconds since the epoch, of the last token that expires; undefined where one does not. */
  expiresAt?: number | undefined;
}

/** Somebody who may come in without a seat. */
export interface GuestEntry extends KeptGuest {
  id: string;
}

/** Where guests outlast the process. */
export interface GuestStore {
  /** Who was invited before. */
  kept?: readonly KeptGuest[] | undefined;
  /** Gets all of them whenever that changes. */
  onChange: (guests: readonly KeptGuest[]) => void;
  /** Resolves when what was changed is kept. */
  saved: () => Promise<void>;
  /** Set by the guests: takes them where another process has invited or dismissed some. */
  adopt?: (guests: readonly KeptGuest[]) => void;
}

/** Guests of one table at a time. */
export const MAX_GUESTS = 1_000;

/** Those who come without a seat: observers, who hear what is for all, and services, which speak. */
export class Guests {
  readonly #tokens: TokenKeeper;
  readonly #store: GuestStore;
  /** By id, in the order in which they were invited first. */
  readonly #invited: Map<string, KeptGuest>;

  constructor(tokens: TokenKeeper, store: GuestStore) {
    this.#tokens = tokens;
    this.#store = store;
    this.#invited = byId(store.kept ?? []);
    store.adopt = (guests) => {
      this.#invited.clear();
      for (const [id, guest] of byId(guests)) this.#invited.set(id, guest);
    };
  }

  /** Everybody whose token is good, as far as nobody but this table gave one out. */
  get list(): GuestEntry[] {
    this.#forgetExpired();
    return [...this.#invited].map(([id, guest]) => ({ id, ...guest }));
  }

  /**
   * A token for a guest; older ones stay good.
   * @param options.expiresInS seconds for which it is good; by default until the guest is dismissed
   * @throws BardcastError `bad-request` where the name cannot be one, `busy` where there are too many guests
   */
  async invite(
    role: GuestRole,
    name: string,
    options: { expiresInS?: number | undefined } = {},
  ): Promise<{ id: string; token: string }> {
    const id = guestId(role, name);
    this.#forgetExpired();
    const before = this.#invited.get(id);
    if (!before && this.#invited.size >= MAX_GUESTS) {
      throw new BardcastError("busy", `${MAX_GUESTS} guests are invited already: dismiss some of them`);
    }
    const { expiresInS } = options;
    const isEndless = expiresInS === undefined || (before && before.expiresAt === undefined);
    const expiresAt = Math.max(before?.expiresAt ?? 0, Date.now() / 1000 + (expiresInS ?? 0));
    this.#invited.set(id, { role, name, ...(isEndless ? {} : { expiresAt }) });
    this.#changed();
    const token = await this.#tokens.issue(id, role, options);
    await this.#store.saved();
    return { id, token };
  }

  /** Ends what a guest was given, and closes their sockets; resolves when that is kept. @throws as `invite` */
  async dismiss(role: GuestRole, name: string): Promise<void> {
    const id = guestId(role, name);
    this.#invited.delete(id);
    this.#changed();
    this.#tokens.revoke(id);
    await this.#store.saved();
  }

  #forgetExpired(): void {
    const now = Date.now() / 1000;
    for (const [id, { expiresAt = Infinity }] of this.#invited)
      if (expiresAt <= now) this.#invited.delete(id);
  }

  #changed(): void {
    this.#store.onChange([...this.#invited.values()]);
  }
}

function byId(guests: readonly KeptGuest[]): Map<string, KeptGuest> {
  return new Map(guests.slice(-MAX_GUESTS).map((guest) => [`${guest.role}:${guest.name}`, guest]));
}
