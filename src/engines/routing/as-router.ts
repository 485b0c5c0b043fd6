import { TTSRouter } from "./router.ts";
import { asEngine, type Synthesizer } from "./synthesizer.ts";

/** What can speak sentences, of that or of what can at least synthesise. */
export function asRouter<R extends Pick<TTSRouter, "speak">>(given: R | Synthesizer): R | TTSRouter {
  return "speak" in given ? given : new TTSRouter({ engines: [asEngine(given)] });
}
