import { abortable, untilAborted } from "../../core/async/abortable.ts";
import { BardcastError } from "../../core/errors.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { engineError } from "../contract/engine-error.ts";
import { SoundCheck } from "../render/sound-check.ts";

/** Characters of a line that a trial repeats where the engine has no trial of its own. */
const TRIAL_CHARS = 24;

/** A line that an engine was asked for. */
export interface AskedSentence {
  text: string;
  voice: VoiceConfig;
}

/**
 * Tries an engine where nobody hears it, and nobody is kept waiting by it.
 * @param isCold whether it has to get warm before
 * @returns why it does not speak, if it does not; `busy` where it could not be tried. Never rejects.
 */
export async function tryEngine(
  engine: TTSEngine,
  line: AskedSentence,
  isCold: boolean,
  { withinMs, signal }: { withinMs: number; signal: AbortSignal },
): Promise<"speaks" | "busy" | BardcastError> {
  const abort = new AbortController();
  const end = (): void => abort.abort(signal.reason);
  const late = new BardcastError("engine-hung", `no sound after ${withinMs} ms`);
  const timer = setTimeout(() => abort.abort(late), withinMs);
  signal.addEventListener("abort", end, { once: true });
  try {
    // Whether it speaks is what counts.
    if (isCold) await untilAborted(engine.warmup(), abort.signal).catch(() => undefined);
    await untilSound(engine, line, abort.signal);
    return "speaks";
  } catch (error) {
    const reason = engineError(abort.signal.aborted ? abort.signal.reason : error);
    return reason.code === "busy" ? "busy" : reason;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

async function untilSound(
  engine: TTSEngine,
  { text, voice }: AskedSentence,
  signal: AbortSignal,
): Promise<void> {
  const options = { signal, makesWay: true };
  if (engine.probe) return untilAborted(engine.probe(options), signal);
  const words = beginningOf(text);
  const check = new SoundCheck({ text: words, voice });
  for await (const piece of abortable(engine.synthesize(words, voice, options), signal)) {
    check.push(piece);
    if (piece.samples.length > 0) return;
  }
  throw new BardcastError("engine-silent", "the engine gave no audio");
}

/** Whole words, as far as they fit, and in any case whole characters. */
function beginningOf(text: string): string {
  const [words] = text.match(new RegExp(`^.{1,${TRIAL_CHARS}}(?!\\S)`, "su")) ?? [];
  return (
    words ??
    Array.from(text.slice(0, 2 * TRIAL_CHARS))
      .slice(0, TRIAL_CHARS)
      .join("")
  );
}
