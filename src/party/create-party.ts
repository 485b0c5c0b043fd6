import { quietly } from "../core/async/abortable.ts";
import { Observers } from "../core/observation.ts";
import { printableLog } from "../core/text/printable.ts";
import { isEngineRef, requireEquipped, type WrittenEngineRef } from "../engines/catalogue.ts";
import { asEngine } from "../engines/routing/synthesizer.ts";
import { createSpeechHost } from "../pool/create-speech-host.ts";
import type { StartHost } from "../pool/speech-hosts.ts";
import { checkSecrets } from "./access/secrets.ts";
import { checkOptions } from "./check-options.ts";
import type { Party } from "./party.ts";
import type { PartyOptions } from "./party-options.ts";
import { partyLog } from "./telemetry/party-log.ts";

const DEFAULT_ENGINES: readonly WrittenEngineRef[] = ["espeak", "flite"];

/**
 * Sets a table: loads voices, starts and warms the engines, seats the players. It is ready to speak when
 * the promise resolves.
 * @throws BardcastError `engine-unavailable` for an engine that there is not, or that lacks its key or address,
 * `worker-failed` where no worker starts, `bad-request` for an option that there is not or that makes no sense, an
 * impossible player id, and a secret or a token that anybody guesses;
 * RangeError for a cache of less than 0 bytes
 */
export async function createParty(options: PartyOptions = {}): Promise<Party> {
  checkOptions(options);
  const { pool, router } = options;
  const given = options.engines ?? (router ? [] : DEFAULT_ENGINES);
  const engines = given.map((engine) => (isEngineRef(engine) ? engine : asEngine(engine)));
  // Errors of services, names in files: nothing of it forges a line or reaches a terminal as an escape.
  const log = partyLog(options.log);
  const poolLog = pool?.log ? printableLog(quietly(pool.log)) : log;
  checkSecrets(options, log);
  // Before anything is started that would have to be ended. Workers of one's own may know other engines.
  if (!pool?.createWorker) await Promise.all(engines.filter(isEngineRef).map(requireEquipped));
  const observers = new Observers();
  const { signal: _ofTheStart, ...later } = pool ?? {};
  const hosting = { observe: observers.observe, log: poolLog };
  const startHost: StartHost = (added) => createSpeechHost({ ...later, ...hosting, engines: added });
  // Starting engines takes longest, so it begins before the rest is even loaded.
  const starting = createSpeechHost({ ...pool, ...hosting, engines: engines.filter(isEngineRef) });
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
