import type { Party } from "../party/party.ts";
import type { PartyOptions } from "../party/party-options.ts";
import type { VoiceInstaller } from "./http/voice-installer.ts";
import type { TrustProxy } from "./network/forwarded.ts";

export type { InstallProgress, VoiceInstaller } from "./http/voice-installer.ts";
export type { TrustProxy } from "./network/forwarded.ts";

export interface ServeOptions extends PartyOptions {
  /** Default 8080; 0 takes a free one. */
  port?: number;
  /** Default `0.0.0.0`: everybody on the network. */
  host?: string;
  /** Where players reach the table, with its path: `https://party.example/table`. For links and codes. */
  publicUrl?: string;
  /** Proxies whose `X-Forwarded-…` and `Forwarded` are believed; default those on this machine. */
  trustProxy?: TrustProxy;
  /**
   * Origins of pages that may open sockets (`https://site.example`), beside the table's own (`self`); `null`: pages from
   * a file. By default every page that has a token may.
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
