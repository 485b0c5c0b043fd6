import { quietly } from "../core/async/abortable.ts";
import { Observers } from "../core/observation.ts";
import { printableLog } from "../core/text/printable.ts";
import { isEngineRef } from "../engines/catalogue.ts";
import { createSpeechHost } from "../pool/create-speech-host.ts";
import type { StartHost } from "../pool/speech-hosts.ts";
import { checkSecrets } from "./access/secrets.ts";
import { checkOptions } from "./check-options.ts";
import type { Party } from "./party.ts";
import { partyEngines } from "./party-engines.ts";
import { DEFAULT_ID, type PartyOptions } from "./party-options.ts";
import { partyLog } from "./telemetry/party-log.ts";

/**
 * Sets a table: loads voices, starts and warms the engines, seats the players. It is ready to speak when
 * the promise resolves.
 * @throws BardcastError `engine-unavailable` for an engine that there is not, or that lacks its key or address,
 * `worker-failed` where no worker starts, `bad-request` for an option that there is not or that makes no sense, an
 * impossible player id, and a secret or a token that anybody guesses;
 * RangeError for a cache of less than 0 bytes
 */
export async function createParty(given: PartyOptions = {}): Promise<Party> {
  checkOptions(given);
  const options = withWorkersOfAll(given);
  const { pool, speech } = options;
  // Errors of services, names in files: nothing of it forges a line or reaches a terminal as an escape.
  const log = partyLog(options.log);
  const poolLog = pool?.log ? printableLog(quietly(pool.log)) : log;
  checkSecrets(options, log);
  const engines = speech?.engines ?? (await partyEngines(options));
  const observers = new Observers();
  const { signal: _ofTheStart, ...later } = pool ?? {};
  const hosting = { observe: observers.observe, log: poolLog };
  const startHost: StartHost = (added) => createSpeechHost({ ...later, ...hosting, engines: added });
  // Starting engines takes longest, so it begins before the rest is even loaded.
  const starting = speech
    ? Promise.resolve(speech.hostFor(options.id ?? DEFAULT_ID))
    : createSpeechHost({ ...pool, ...hosting, engines: engines.filter(isEngineRef) });
  starting.catch(() => undefined);
  try {
    const { openParty } = await import("./open-party.ts");
    const { loadVoices, warmUp } = await import("./warm-up.ts");
    const party = await openParty({ ...options, engines, log, observers }, starting, startHost);
    party.store.seats.giveFirst(options.players ?? [], log);
    await warmUp(party, log);
    void loadVoices(party);
    return party;
  } catch (error) {
    await starting.then(
      (host) => host.close(),
      () => undefined,
    );
    throw error;
  }
}

/** Where several processes serve the party, the workers of all of them speak. */
function withWorkersOfAll(options: PartyOptions): PartyOptions {
  const createHost = options.cluster?.createHost;
  return createHost ? { ...options, pool: { createHost, ...options.pool } } : options;
}
