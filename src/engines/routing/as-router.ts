import { TTSRouter } from "./router.ts";
import { asEngine, type Synthesizer } from "./synthesizer.ts";

/** The router as it was given, or a new one around a single engine. */
export function asRouter<R extends Pick<TTSRouter, "speak">>(given: R | Synthesizer): R | TTSRouter {
  return "speak" in given ? given : new TTSRouter({ engines: [asEngine(given)] });
}
