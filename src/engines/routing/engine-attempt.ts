/**
 * One attempt at one engine, from the order to the last frame: what is asked of it, what its health learns, when it
 * is given up, and the first sound, after which no other engine may take over. The cache, where there is one, stands
 * between the attempt and the engine.
 * @module
 */
import { letGo, type WaitLimit, within } from "../../core/async/abortable.ts";
import { tapped } from "../../core/async/tapped.ts";
import { BardcastError, coded } from "../../core/errors.ts";
import type { Observe } from "../../core/observation.ts";
import type { SpokenForm } from "../../core/text/spoken/spoken-form.ts";
import { PLAIN_SETTINGS, type SpokenSettings } from "../../core/text/spoken/spoken-settings.ts";
import { type SpokenText, spokenText } from "../../core/text/spoken/spoken-text.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineCapabilities } from "../contract/engine.ts";
import { engineError } from "../contract/engine-error.ts";
import type { SentenceEvent, SentenceJob, SpeakingEngine } from "../contract/sentence-job.ts";
import { spokenTag } from "../contract/spoken-language.ts";
import type { EngineHealth } from "./engine-health.ts";
import type { GuardedEngine } from "./guarded-engine.ts";
import { stopwatch } from "./stopwatch.ts";
import type { VoiceLevels } from "./voice-levels.ts";

/** ms until the first sound that an engine out of order may take where there is no other. */
const LAST_RESORT_MS = 3_000;

/** Why a sentence is spoken, and what the engine and the cache may do for it. */
export interface SpeakWithOptions {
  /** Prepared, and said to nobody yet: it may wait for, and make way for, what somebody is about to hear. */
  ahead?: boolean;
  /** Not for everybody: nothing of it may outlast the process. */
  isPrivate?: boolean;
  /** The engine is out of order: only what is kept is said. */
  keptOnly?: boolean;
  signal?: AbortSignal;
}

/** The engine of one attempt, as a cache sees it. */
export type AskedEngine = Pick<SpeakingEngine, "name" | "speak">;

/**
 * Answers for an engine: by asking it, or, as a cache does, with what it said before. Its events end when
 * `options.signal` aborts.
 * @throws BardcastError `engine-unavailable` where `keptOnly` is asked for and nothing is kept, without asking the engine
 */
export type SpeakWith = (
  engine: AskedEngine,
  job: SentenceJob,
  options: SpeakWithOptions,
) => AsyncIterable<SentenceEvent>;

/** Asks the engine: where nothing is kept. */
export const askEngine: SpeakWith = (engine, job, { signal, keptOnly }) => {
  if (keptOnly) throw notKept();
  return engine.speak(job, signal ? { signal } : {});
};

/** Nothing is kept, and the engine may not be asked. */
export function notKept(): BardcastError {
  return new BardcastError("engine-unavailable", "the sentence was not said before");
}

/** One sentence being spoken: what has come and is still to come, and from which engine. */
export interface RoutedSpeech {
  engine: string;
  /** As the engine was asked for it; what is kept is found by this. */
  job?: SentenceJob;
  /** Ends with `end`. @throws BardcastError whatever the engine throws after it began */
  events: AsyncIterable<SentenceEvent>;
}

/** Turns written text into the text that an engine is asked to speak. */
export class EngineText {
  /** By the settings that were asked for last: they change rarely. */
  #form: SpokenForm | undefined;

  /** Loads the rules, for which nobody waits who never speaks. */
  async load(settings: SpokenSettings = PLAIN_SETTINGS): Promise<SpokenForm> {
    const loaded = this.#loaded(settings);
    if (loaded) return loaded;
    const { SpokenForm } = await import("../../core/text/spoken/spoken-form.ts");
    const isFirst = this.#form === undefined;
    this.#form = new SpokenForm(settings);
    // The first text of a process takes many times as long as any other.
    if (isFirst) this.#form.pieces("Take 3 maps for $5, Dr. Vane, at 8:30.", { language: "en" });
    return this.#form;
  }

  async of(
    written: string,
    voice: VoiceConfig,
    { spells, ipa }: EngineCapabilities,
    { speaker, spoken }: Pick<AttemptOptions, "speaker" | "spoken"> = {},
  ): Promise<SpokenText> {
    const form = this.#loaded(spoken) ?? (await this.load(spoken));
    const options = { language: spokenTag(voice), speaker, speller: spells, takesIpa: ipa };
    return spokenText(written, form.pieces(written, options));
  }

  #loaded(settings: SpokenSettings = PLAIN_SETTINGS): SpokenForm | undefined {
    return this.#form?.settings === settings ? this.#form : undefined;
  }
}

/** What all attempts of a router share. */
export interface AttemptContext {
  health: EngineHealth;
  levels: VoiceLevels;
  speakWith: SpeakWith;
  text: EngineText;
  observe: Observe;
}

/** How an attempt differs from others. */
export interface AttemptOptions extends SpeakWithOptions {
  /** The engine is out of order and asked all the same, as there is no other: it has less time for its first sound. */
  isLastResort?: boolean;
  /** Whose line it is: their lexicon is theirs alone. */
  speaker?: string | undefined;
  /** How texts are spoken at this table; by default there is no lexicon. */
  spoken?: SpokenSettings | undefined;
}

/**
 * Has one engine speak a sentence. Resolves with the first sound: until then another engine can take over without a
 * word being said twice, from then on a failure is final.
 * @throws BardcastError or whatever the engine throws before its first sound; `engine-hung` as the last resort
 */
export async function attempt(
  engine: GuardedEngine,
  job: SentenceJob,
  options: AttemptOptions,
  { health, levels, speakWith, text, observe }: AttemptContext,
): Promise<RoutedSpeech> {
  const limit = options.isLastResort ? lastResort(engine.name) : undefined;
  const givenUp = limit && new AbortController();
  const asking: SpeakWithOptions = givenUp
    ? { ...options, signal: anyOf(givenUp.signal, options.signal) }
    : options;
  let source: AsyncIterator<SentenceEvent> | undefined;
  try {
    const said = await text.of(job.text, job.voice, engine.capabilities, options);
    const order = orderFor(engine, job, said, levels);
    const asked = speakWith(watched(engine, health, observe), order, asking);
    source = asked[Symbol.asyncIterator]();
    const begun = untilHeard(source);
    // Without a limit of ours it ends when the signal says so.
    const first = limit ? await within(begun, limit, asking.signal) : await begun;
    const events = new CommittedSpeech(first, source, {
      said,
      remember: (end) => {
        if (end.level) levels.remember(engine.name, job.voice, end.level, end);
      },
      signal: options.signal,
    });
    return { engine: engine.name, job: order, events };
  } catch (error) {
    // That it was given up here, nobody else knows.
    if (limit && !options.signal?.aborted) health.failed(engine, job, error);
    givenUp?.abort();
    letGo(() => source?.return?.());
    throw error;
  }
}

type EndEvent = Extract<SentenceEvent, { type: "end" }>;

/**
 * The sentence as this engine is asked for it: here, and nowhere else, an order is fitted to an engine. What is kept is
 * found by this, not by what the caller gave.
 */
function orderFor(
  { name }: GuardedEngine,
  job: SentenceJob,
  { text, ipa }: SpokenText,
  levels: VoiceLevels,
): SentenceJob {
  const order: SentenceJob = { ...job, text };
  const level = levels.of(name, job.voice);
  if (ipa.length > 0) order.ipa = ipa;
  if (level) order.level = level;
  return order;
}

/**
 * The engine, whose health hears how each sentence went: once, however many share it or say it again. So does whoever
 * observes; how long one took that somebody runs for us, they know better, as it may have had to wait for its turn.
 */
function watched(engine: GuardedEngine, health: EngineHealth, observe: Observe): AskedEngine {
  return {
    name: engine.name,
    speak(job, options = {}) {
      let isHeard = false;
      const note = engine.own.isSupervised ? undefined : stopwatch(engine.name, job, observe);
      return tapped(() => engine.speak(job, options), {
        item(event) {
          isHeard ||= event.type === "frame";
          note?.(event);
        },
        // For silence the engine was not asked.
        end: () => job.text !== "" && health.succeeded(engine, job),
        fail(error) {
          if (!options.signal?.aborted) {
            health.failed(engine, job, error, { isHeard });
            observe({ type: "engine.failed", engine: engine.name, code: coded(error, "engine-failed").code });
          }
          return engineError(error, options.signal);
        },
      });
    },
  };
}

/** Events up to the first that somebody hears, or all of them where nobody hears any. */
async function untilHeard(source: AsyncIterator<SentenceEvent>): Promise<SentenceEvent[]> {
  const events: SentenceEvent[] = [];
  for (;;) {
    const { done, value: event } = await source.next();
    if (done) return events;
    if (event.type === "progress") continue;
    events.push(event);
    if (event.type === "frame" || event.type === "clip") return events;
  }
}

/** The events before the first sound and all that follow, without `progress`; word times refer to the written text. */
class CommittedSpeech implements AsyncIterableIterator<SentenceEvent> {
  readonly #begun: SentenceEvent[];
  readonly #source: AsyncIterator<SentenceEvent>;
  readonly #said: SpokenText;
  readonly #remember: (end: EndEvent) => void;
  readonly #signal: AbortSignal | undefined;

  constructor(
    begun: SentenceEvent[],
    source: AsyncIterator<SentenceEvent>,
    sentence: {
      said: SpokenText;
      remember: (end: EndEvent) => void;
      signal: AbortSignal | undefined;
    },
  ) {
    this.#begun = begun;
    this.#source = source;
    this.#said = sentence.said;
    this.#remember = sentence.remember;
    this.#signal = sentence.signal;
  }

  async next(): Promise<IteratorResult<SentenceEvent>> {
    const begun = this.#begun.shift();
    try {
      if (begun) return { done: false, value: this.#placed(begun) };
      for (;;) {
        const result = await this.#source.next();
        if (result.done) return result;
        if (result.value.type !== "progress") return { done: false, value: this.#placed(result.value) };
      }
    } catch (error) {
      this.#letGo();
      throw engineError(error, this.#signal);
    }
  }

  async return(): Promise<IteratorResult<SentenceEvent>> {
    this.#letGo();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #placed(event: SentenceEvent): SentenceEvent {
    if (event.type === "end") this.#remember(event);
    return event.type === "words" ? { ...event, words: this.#said.inWritten(event.words) } : event;
  }

  #letGo(): void {
    letGo(() => this.#source.return?.());
  }
}

function lastResort(engine: string): WaitLimit {
  const message = `the engine "${engine}" is out of order and gave no sound within ${LAST_RESORT_MS} ms`;
  return { ms: LAST_RESORT_MS, late: () => new BardcastError("engine-hung", message, { retryable: true }) };
}

function anyOf(own: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other ? AbortSignal.any([own, other]) : own;
}
