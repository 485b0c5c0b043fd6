import { Farewell } from "../transport/farewell.ts";
import { CLOSE, type Socket } from "../transport/socket.ts";

export interface LobbyLimits {
  /** Sockets of one player that have not said hello yet; the oldest makes room. */
  waitingPerPlayer: number;
  /** The same of everybody. */
  waiting: number;
}

export const DEFAULT_LOBBY_LIMITS: LobbyLimits = { waitingPerPlayer: 8, waiting: 4096 };

/** How long a client has to say hello. */
const HELLO_WITHIN_MS = 10_000;

/** A socket that was let in and does not listen yet. */
export class Guest {
  readonly player: string;
  readonly #socket: Socket;
  readonly #farewell: Farewell;
  readonly #onLeave: (guest: Guest) => void;
  readonly #patience: ReturnType<typeof setTimeout>;

  /** @param onLeave called when it no longer waits */
  constructor(socket: Socket, player: string, onLeave: (guest: Guest) => void) {
    this.player = player;
    this.#socket = socket;
    this.#farewell = new Farewell(socket);
    this.#onLeave = onLeave;
    // A phone that was locked meanwhile is welcome when it wakes up: 1008 would tell it to stay away.
    this.#patience = setTimeout(() => this.close(CLOSE.tooSlow, "no hello"), HELLO_WITHIN_MS);
  }

  /** Whether it may still become a listener. */
  get isOpen(): boolean {
    return !this.#farewell.isOver;
  }

  /** Whether it was told to leave. */
  get isDismissed(): boolean {
    return this.#farewell.isSaid;
  }

  /** Sends a message. */
  tell(text: string): void {
    if (!this.isOpen) return;
    try {
      this.#socket.send([text]);
    } catch {
      this.leave();
      this.#farewell.await();
    }
  }

  close(code: number, reason: string): void {
    this.leave();
    this.#farewell.say(code, reason);
  }

  /** It becomes a listener, or was closed. */
  leave(): void {
    clearTimeout(this.#patience);
    this.#onLeave(this);
  }

  /** The socket is gone. */
  ended(): void {
    this.leave();
    this.#farewell.over();
  }
}

/** Sockets that have not said hello yet: on the v2 wire a client does not listen before that. */
export class Lobby {
  readonly #limits: LobbyLimits;
  /** Oldest first. */
  readonly #guests = new Set<Guest>();

  readonly #onFull: () => void;

  /** @param onFull called when one has to make room for another */
  constructor(limits: Partial<LobbyLimits> = {}, onFull: () => void = () => undefined) {
    this.#onFull = onFull;
    this.#limits = { ...DEFAULT_LOBBY_LIMITS, ...limits };
  }

  /** Lets a socket wait for its hello; where there are too many, the oldest is closed with 1013. */
  enter(socket: Socket, player: string): Guest {
    const { waiting, waitingPerPlayer } = this.#limits;
    const own = this.#of(player);
    const oldest = own.length >= waitingPerPlayer ? own[0] : undefined;
    const [first] = this.#guests.size >= waiting ? this.#guests : [];
    const leaving = oldest ?? first;
    if (leaving) this.#onFull();
    leaving?.close(CLOSE.tooSlow, "too many sockets that say no hello");
    const guest = new Guest(socket, player, (gone) => this.#guests.delete(gone));
    this.#guests.add(guest);
    return guest;
  }

  /** How many wait, of one player or of all. */
  count(player?: string): number {
    return player === undefined ? this.#guests.size : this.#of(player).length;
  }

  /** Ends those of one player, or all. */
  close(code: number, reason: string, player?: string): void {
    for (const guest of player === undefined ? [...this.#guests] : this.#of(player))
      guest.close(code, reason);
  }

  #of(player: string): Guest[] {
    return [...this.#guests].filter((guest) => guest.player === player);
  }
}
