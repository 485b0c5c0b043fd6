import {
  type Authenticator,
  type ConnectionOptions,
  credsAuthenticator,
  nkeyAuthenticator,
} from "@nats-io/nats-core";
import { BardcastError } from "../core/errors.ts";

/** NATS servers, and how they let somebody in. */
export interface NatsOptions {
  /** `nats://127.0.0.1:4222`, `tls://user:password@nats.example:4222`; several of one cluster. */
  servers: string | readonly string[];
  /** The text of a credentials file (`.creds`), or the seed of an NKey (`SU…`). */
  credentials?: string;
  user?: string;
  password?: string;
  token?: string;
  /** Certificates as PEM texts; `tls://` alone trusts what the system trusts. */
  tls?: { ca?: string; cert?: string; key?: string };
  /** Copies of everything that is stored, where the servers form a cluster: 1 (the default), 3 or 5. */
  replicas?: 1 | 3 | 5;
  /** Names this node in reports and logs; by default a random one. */
  node?: string;
}

/** ms between two tries to connect again, and so much more at random: nodes do not come back all at once. */
const RECONNECT_MS = 200;
const RECONNECT_JITTER_MS = 200;
/** A server that answers none of so many pings in a row is gone. */
const PING_MS = 1_000;
const MAX_PINGS_OUT = 2;

/** What the client is told. @param name shown by the server for this connection @throws BardcastError `bad-request` */
export function dialOptions(options: NatsOptions, name: string): ConnectionOptions {
  const { credentials, tls } = options;
  const servers = typeof options.servers === "string" ? [options.servers] : [...options.servers];
  if (servers.length === 0 || servers.some((server) => !isServer(server))) {
    throw new BardcastError("bad-request", "servers are URLs of NATS servers, as nats://127.0.0.1:4222");
  }
  const wantsTls = tls !== undefined || servers.some((server) => server.startsWith("tls:"));
  const { user, password, token } = { ...namedIn(servers), ...options };
  return {
    // Without who somebody is: errors quote it.
    servers: servers.map((server) => server.replace(/^(?:(?:nats|tls):\/\/)?(?:[^@]*@)?/, "")),
    name,
    ...(credentials === undefined ? {} : { authenticator: authenticatorOf(credentials) }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
    ...(token === undefined ? {} : { token }),
    ...(wantsTls ? { tls: { ...tls } } : {}),
    // The client gives up after ten tries by default.
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    pingInterval: PING_MS,
    maxPingOut: MAX_PINGS_OUT,
    ignoreAuthErrorAbort: true,
  };
}

function isServer(server: string): boolean {
  try {
    namedIn([server]);
  } catch {
    return false;
  }
  return /^(?:(?:nats|tls):\/\/)?[^\s/]+$/.test(server);
}

function authenticatorOf(credentials: string): Authenticator {
  const text = credentials.trim();
  const encoder = new TextEncoder();
  if (text.startsWith("SU")) return nkeyAuthenticator(encoder.encode(text));
  // Not read without the end of its last line.
  return credsAuthenticator(encoder.encode(`${text}\n`));
}

/** Who somebody is by the first address that says so: `user:password@`, or `token@`. @throws Error where one is no URL */
function namedIn(servers: readonly string[]): Pick<NatsOptions, "user" | "password" | "token"> {
  for (const server of servers) {
    const { username, password } = new URL(server.includes("://") ? server : `nats://${server}`);
    const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
    if (user !== "") return pass === "" ? { token: user } : { user, password: pass };
  }
  return {};
}
