import type { Parties } from "../party/parties/parties.ts";
import type { Party } from "../party/party.ts";
import type { PartyOptions } from "../party/party-options.ts";
import type { VoiceInstaller } from "./http/voice-installer.ts";
import type { TrustProxy } from "./network/forwarded.ts";

export type { InstallProgress, VoiceInstaller } from "./http/voice-installer.ts";
export type { TrustProxy } from "./network/forwarded.ts";

/** What a server of many parties is told. */
export interface ManyPartiesOptions {
  /** Who has it makes and ends parties (`POST /api/parties`): 16 characters or more, better 32 random ones. */
  operatorKey: string;
  /** ms for which nobody uses a party until it is put to sleep; default 600,000. */
  sleepAfterMs?: number;
  /** Parties that are awake at once; default 1,000. */
  maxAwake?: number;
  /** Parties that there may be; default 100,000. */
  maxParties?: number;
}

export interface ServeOptions extends PartyOptions {
  /**
   * Many parties beside the table, made on demand, each at `/p/ID/`, in `parties/` of the campaign's folder. All of them
   * share workers and engines, which are given by name then.
   */
  parties?: ManyPartiesOptions;
  /** Default 8080; 0 takes a free one. */
  port?: number;
  /** Default `0.0.0.0`: everybody on the network. */
  host?: string;
  /** Where players reach the table, with its path: `https://party.example/table`. For links and codes. */
  publicUrl?: string;
  /** Proxies whose `X-Forwarded-…` and `Forwarded` are believed; default those on this machine. */
  trustProxy?: TrustProxy;
  /**
   * Origins of pages that may open sockets, read what the HTTP API answers (CORS), and show the players' page in theirs
   * (`https://site.example`), beside the table's own (`self`); `null`: pages from a file. By default every page that has
   * a token may open sockets, and no page may do the rest.
   */
  allowOrigins?: readonly string[];
  /** Requests under way and open sockets of one address (of IPv6 one /64); default 256. */
  connectionsPerAddress?: number;
  /** Installs voices for the game master, whose console then offers them; by default nothing is installed. */
  voiceInstaller?: VoiceInstaller;
  /** Speaks for programs that know the Wyoming protocol, as Home Assistant does; by default for none. They need no token. */
  wyoming?: WyomingOptions;
}

export interface WyomingOptions {
  /** Default `127.0.0.1`: programs on this machine. */
  host?: string;
  /** Default 10200; 0 takes a free one. */
  port?: number;
}

export interface CloseOptions {
  /** ms after which everything has ended, whatever was under way; default 5,000. */
  graceMs?: number;
}

export interface BardcastServer {
  party: Party;
  /** The parties beside it, where `parties` was given. */
  parties?: Parties;
  /** Address on this machine. */
  url: string;
  /** Where programs that speak Wyoming find it, `tcp://127.0.0.1:10200`, if they do. */
  wyomingUrl?: string;
  /**
   * Takes nothing new, lets lines under way finish, closes sockets with 1001, ends workers and at last
   * the server; always within `graceMs`. A second call waits for the first.
   */
  close(options?: CloseOptions): Promise<void>;
}
