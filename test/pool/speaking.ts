import type { BardcastError } from "../../src/core/errors.ts";
import type { EngineModule } from "../../src/engines/catalogue.ts";
import type { SentenceEvent, SentenceJob } from "../../src/engines/contract/sentence-job.ts";
import { plainVoice, type VoiceConfig } from "../../src/voices/voice-config.ts";
import type { MishapOptions } from "../fixtures/engines/mishap.ts";
import type { ToneOptions } from "../fixtures/engines/tone.ts";
import type { UnreadyOptions } from "../fixtures/engines/unready.ts";

export const voice: VoiceConfig = plainVoice("en-us");

export function job(text = "The dragon roars."): SentenceJob {
  return {
    text,
    voice,
    encodings: ["dm20"],
    chunkBytes: 1024,
    bitrates: { opus: 24_000, "opus-low": 12_000 },
    aheadMs: 0,
  };
}

export function tone(options: ToneOptions = {}): EngineModule {
  return { name: "tone", module: fixture("tone"), options };
}

export function mishap(options: MishapOptions): EngineModule {
  return { name: "mishap", module: fixture("mishap"), options };
}

export function unready(how: UnreadyOptions["how"], options: Omit<UnreadyOptions, "how"> = {}): EngineModule {
  return { name: "unready", module: fixture("unready"), options: { how, ...options } };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The messages of the sentence's audio, in order. */
export function messages(events: readonly SentenceEvent[]): string[] {
  return events.flatMap((event) => (event.type === "clip" ? [...event.messages] : []));
}

/** The code with which it fails; a test fails where it does not. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "it did not fail",
    (error: BardcastError) => error.code,
  );
}

function fixture(name: string): URL {
  return new URL(`../fixtures/engines/${name}.ts`, import.meta.url);
}
