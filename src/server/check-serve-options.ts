import { ANYTHING, type Kinds, NUMBER, OBJECT, requireFields, TEXT, TEXTS } from "../core/field-kinds.ts";
import { checkOptions } from "../party/check-options.ts";
import type { PartyOptions } from "../party/party-options.ts";
import type { ManyPartiesOptions, ServeOptions } from "./serve-options.ts";

const SERVING: Kinds<Exclude<keyof ServeOptions, keyof PartyOptions>> = {
  port: [
    "a number from 0 to 65535",
    (port) => Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535,
  ],
  host: TEXT,
  publicUrl: TEXT,
  trustProxy: ANYTHING,
  allowOrigins: TEXTS,
  connectionsPerAddress: NUMBER,
  voiceInstaller: OBJECT,
  parties: OBJECT,
};
const MANY: Kinds<keyof ManyPartiesOptions> = {
  operatorKey: TEXT,
  sleepAfterMs: NUMBER,
  maxAwake: NUMBER,
  maxParties: NUMBER,
};

/** Finds what no type checker has seen in what a server is told. @throws BardcastError `bad-request`, as `checkOptions` */
export function checkServeOptions(options: ServeOptions): void {
  checkOptions(options, SERVING);
  if (options.parties) requireFields("parties.", options.parties, MANY);
}

/** Without what is the server's own. */
export function tableOptions(options: ServeOptions): PartyOptions {
  const isTables = ([name]: [string, unknown]): boolean => !Object.hasOwn(SERVING, name);
  return Object.fromEntries(Object.entries(options).filter(isTables));
}
