/** Text as a text frame, bytes as a binary one. */
export type SocketMessage = string | Uint8Array<ArrayBuffer>;

/** The little a connection needs of a WebSocket; each runtime's adapter makes one. */
export interface Socket {
  /** IP address of whoever is at the other end, where it is known. */
  readonly address?: string | undefined;
  /**
   * Hands messages to the runtime, in order, in as few system calls as it can.
   * @throws where they cannot leave any more: the client has closed, or is gone
   */
  send(messages: readonly SocketMessage[]): void;
  /** Bytes the runtime has taken but not yet given to the network. */
  bufferedAmount(): number;
  /** Set by the connection; the adapter calls it when bytes have left, where the runtime tells. */
  onDrain: (() => void) | undefined;
  /** Set by whoever reads; the adapter calls it for every ping and pong of the client, where the runtime tells. */
  onControlFrame?: (() => void) | undefined;
  /** Starts the closing handshake. */
  close(code: number, reason: string): void;
  /** Reads nothing more, where the runtime can: what a client goes on to send costs nothing then. */
  pause?(): void;
  /** Drops the connection without a handshake. */
  terminate(): void;
}

/** WebSocket close codes in use (RFC 6455 §7.4, IANA registry; from 4000 on our own). */
export const CLOSE = {
  /** The server or the party shuts down. */
  goingAway: 1001,
  /** The token was revoked, or the client does not keep to the protocol. */
  policy: 1008,
  /** A message is larger than any of the protocol's. */
  tooBig: 1009,
  /** The listener does not drain, says no hello, or is to come back later. */
  tooSlow: 1013,
  /** The player is there with as many devices as they may be. */
  crowded: 4409,
} as const;
