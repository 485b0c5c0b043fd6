import type { PartyOptions } from "../party/create-party.ts";
import type { Party } from "../party/party.ts";

export interface ServeOptions extends PartyOptions {
  /** Default 8080; 0 takes a free one. */
  port?: number;
  /** Default `0.0.0.0`: everybody on the network. */
  host?: string;
}

export interface CloseOptions {
  /** ms after which everything has ended, whatever was under way; default 5,000. */
  graceMs?: number;
}

export interface BardcastServer {
  party: Party;
  /** Address on this machine. */
  url: string;
  /**
   * Takes nothing new, lets lines under way finish, closes sockets with 1001, ends workers and at last
   * the server; always within `graceMs`. A second call waits for the first.
   */
  close(options?: CloseOptions): Promise<void>;
}
