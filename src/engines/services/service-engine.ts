import { Lender } from "../../core/async/lender.ts";
import type { PcmPiece, WordTime } from "../../core/dsp/audio.ts";
import { BardcastError, messageOf } from "../../core/errors.ts";
import { scrub } from "../../core/scrub.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineCapabilities, TTSEngine } from "../contract/engine.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";
import { SoundCheck } from "../render/sound-check.ts";
import { Patience, type PatienceLimits } from "./net/patience.ts";
import { pause, pauseBefore } from "./net/retry.ts";
import type { ServiceNews, ServiceOrder, SpeechService } from "./net/service.ts";
import { standInFor } from "./stand-ins.ts";

/** Voices that the service did not know, kept so that each is asked for once. */
const MAX_UNKNOWN = 256;
/** Characters of a message; what a service says at length is cut. */
const MAX_MESSAGE = 240;
/** What is said to find out whether the service speaks again. */
const PROBE_TEXT = "Hello.";

export interface ServiceLimits extends PatienceLimits {
  /** Requests at once. */
  maxConcurrent: number;
}

/**
 * Makes an engine of a service. It waits so long and no longer, asks again before there is anything to hear,
 * has only so many requests under way, and says nothing that is secret.
 */
export class ServiceEngine implements TTSEngine {
  readonly name: string;
  readonly capabilities: EngineCapabilities;
  readonly #service: SpeechService;
  readonly #limits: ServiceLimits;
  readonly #turns: Lender<number>;
  readonly #unknown = new Set<string>();

  constructor(name: string, service: SpeechService, limits: ServiceLimits) {
    this.name = name;
    this.capabilities = { ...service.capabilities, network: true, maxConcurrent: limits.maxConcurrent };
    this.#service = service;
    this.#limits = limits;
    this.#turns = Lender.turns(limits.maxConcurrent);
  }

  supportedLanguages(): readonly string[] {
    return this.#service.languages;
  }

  listVoices(): readonly EngineVoice[] {
    return this.#service.listVoices?.() ?? [];
  }

  /** Whether it has its key or address. Whether the service answers shows when it is asked to speak. */
  async isAvailable(): Promise<boolean> {
    return this.#service.missing === undefined;
  }

  /** @throws BardcastError `engine-unavailable`, saying what is missing */
  async warmup(): Promise<void> {
    this.#requireAll();
    await this.#service.prepare?.();
  }

  async shutdown(): Promise<void> {}

  /** Says a word that nobody hears. @throws BardcastError as `synthesize` */
  async probe(options: { signal?: AbortSignal } = {}): Promise<void> {
    const { defaultVoice: voice, languages } = this.#service;
    const language = languages.find((tag) => tag !== "*") ?? "en";
    const order = { text: PROBE_TEXT, voice, language, speed: 1, pitch: 0, instructions: undefined };
    for await (const piece of this.#inTurn(() => order, options.signal)) {
      new SoundCheck({ text: PROBE_TEXT, voice: order }).push(piece);
      return;
    }
    throw new BardcastError("engine-silent", "the service gave no audio");
  }

  /** @throws BardcastError `engine-unavailable`, `engine-failed`, `engine-hung`, `busy`; `signal.reason` */
  synthesize(
    text: string,
    voice: VoiceConfig,
    options: { signal?: AbortSignal } = {},
  ): AsyncGenerator<PcmPiece, void, undefined> {
    return this.#inTurn(() => this.#orderOf(text, voice), options.signal);
  }

  /** @param orderOf the order by what is known of the service's voices then */
  async *#inTurn(orderOf: () => ServiceOrder, signal: AbortSignal | undefined): AsyncGenerator<PcmPiece> {
    let turn: number | undefined;
    try {
      turn = await this.#turns.borrow({ signal });
      this.#requireAll();
      yield* this.#tried(orderOf, signal);
    } catch (error) {
      throw signal?.aborted ? signal.reason : this.#told(error);
    } finally {
      if (turn !== undefined) this.#turns.add(turn);
    }
  }

  /** Asks until there is something to hear. */
  async *#tried(orderOf: () => ServiceOrder, signal: AbortSignal | undefined): AsyncGenerator<PcmPiece> {
    const endsAt = performance.now() + this.#limits.firstAudioMs;
    if (this.#service.isPrepared === false) await this.#prepareAgain(signal);
    let order = orderOf();
    for (let attempt = 0; ; ) {
      let isHeard = false;
      try {
        for await (const piece of this.#once(order, endsAt, signal)) {
          isHeard = true;
          yield piece;
        }
        return;
      } catch (error) {
        if (isHeard || signal?.aborted) throw error;
        if (error instanceof BardcastError && error.code === "voice-unknown") {
          order = this.#withoutVoice(order, orderOf, error);
          continue;
        }
        const ms = pauseBefore(error, attempt, endsAt - performance.now());
        if (ms === undefined) throw error;
        await pause(ms, signal);
        attempt += 1;
      }
    }
  }

  /** One try. Words wait for the audio that follows them, so that nothing was given out before there was sound. */
  async *#once(order: ServiceOrder, endsAt: number, signal?: AbortSignal): AsyncGenerator<PcmPiece> {
    const patience = new Patience(signal);
    const connected = patience.limit(this.#limits.connectMs, "connection");
    const news = this.#service.speak(order, { signal: patience.signal, connected })[Symbol.asyncIterator]();
    let [words, last, dueAt]: [WordTime[], PcmPiece | undefined, number] = [[], undefined, endsAt];
    try {
      for (;;) {
        const ms = Math.max(1, Math.ceil(dueAt - performance.now()));
        const arrived = patience.limit(ms, last ? "more audio" : "audio");
        const next: IteratorResult<ServiceNews> = await patience.until(news.next());
        arrived();
        if (next.done) break;
        if (next.value.words) words.push(...next.value.words);
        if (!("samples" in next.value)) continue;
        const { samples, sampleRate, mp3 } = next.value;
        if (samples.length === 0 && !mp3) continue;
        last = { samples, sampleRate, ...(words.length > 0 ? { words } : {}), ...(mp3 ? { mp3 } : {}) };
        words = [];
        yield last;
        // Counted from when it was taken: a slow reader is no silence.
        dueAt = performance.now() + this.#limits.idleMs;
      }
      if (last && words.length > 0) yield { samples: new Float32Array(), sampleRate: last.sampleRate, words };
    } finally {
      patience.close();
      // A service that hangs answers only when its connection has ended; nobody waits for that.
      void Promise.resolve(news.return?.()).catch(() => undefined);
    }
  }

  #orderOf(text: string, voice: VoiceConfig): ServiceOrder {
    const { language, speed, pitch, extra } = voice;
    const wanted = extra.instructions ?? extra.voice_design;
    const instructions = typeof wanted === "string" ? wanted : undefined;
    return { text, voice: this.#voiceOf(voice), language, speed, pitch, instructions };
  }

  #voiceOf({ voiceId, language }: VoiceConfig): string {
    const isKnown = (name: string): boolean => !this.#unknown.has(name);
    if (voiceId !== language && isKnown(voiceId) && this.#service.isVoice(voiceId)) return voiceId;
    const standIns = this.#service.standIns?.(language);
    return (standIns && standInFor(voiceId, standIns, isKnown)) ?? this.#service.defaultVoice;
  }

  /** Takes no longer than a sentence may wait; then it is the sentence that is in vain. */
  async #prepareAgain(signal: AbortSignal | undefined): Promise<void> {
    const patience = new Patience(signal);
    patience.limit(this.#limits.firstAudioMs, "audio");
    try {
      await patience.until(Promise.resolve(this.#service.prepare?.()));
    } finally {
      patience.close();
    }
  }

  /**
   * The order again, without the voice that it failed for: in the one that the next sentence will have, too.
   * @throws BardcastError `engine-unavailable`
   */
  #withoutVoice(order: ServiceOrder, orderOf: () => ServiceOrder, { message }: BardcastError): ServiceOrder {
    const voice = this.#service.defaultVoice;
    if (order.voice === voice) throw new BardcastError("engine-unavailable", message);
    if (this.#unknown.size >= MAX_UNKNOWN) return { ...order, voice };
    this.#unknown.add(order.voice);
    const again = orderOf();
    return again.voice === order.voice ? { ...order, voice } : again;
  }

  #requireAll(): void {
    const { missing } = this.#service;
    if (missing !== undefined) throw new BardcastError("engine-unavailable", missing);
  }

  /** What may be told of an error; a cause is not, because a runtime's own error may quote a URL or a header. */
  #told(error: unknown): BardcastError {
    const [code, retryable] =
      error instanceof BardcastError ? [error.code, error.retryable] : ["engine-failed" as const, false];
    const words = scrub(messageOf(error), this.#service.secrets).replace(/\s+/g, " ").trim();
    // Cut last: half a secret would not be found.
    return new BardcastError(code, words.slice(0, MAX_MESSAGE), { retryable });
  }
}
