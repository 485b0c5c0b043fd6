import type { Gate } from "../../core/async/gate.ts";
import type { WordTime } from "../../core/dsp/audio.ts";
import { coded, type WireError } from "../../core/errors.ts";
import type { Observe } from "../../core/observation.ts";
import { withDuration } from "../../core/protocol/dm20.ts";
import { writeFrameHeader } from "../../core/protocol/frame.ts";
import { MAX_WORDS, V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { Encoding, SentenceFrame, SentenceJob } from "../../engines/contract/sentence-job.ts";
import type { ClipDurations } from "../fan-out/clip-durations.ts";
import type { FanOutContext } from "../fan-out/fan-out.ts";
import type { LineSink } from "../fan-out/line-parts.ts";
import type { PlayoutSchedule } from "../fan-out/playout-schedule.ts";
import { isPrivate, type ResolvedRequest } from "../request/resolved-request.ts";
import type { FindSound, LineSounds } from "./line/line-sounds.ts";
import { jobOf, routeOf, type Sentence } from "./sentence.ts";
import type { SpeechRouter } from "./trusted-router.ts";

/** What speaking shares with the other utterances of a party. */
export interface SpeakingContext extends FanOutContext {
  observe: Observe;
  clipDurations: ClipDurations;
  router: SpeechRouter;
  /** Sound waits at it. */
  gate: Gate;
  /** Finds the sounds of the place that a text calls; left out: there are none. */
  findSound?: FindSound | undefined;
}

export interface SpeakOptions {
  encodings: readonly Encoding[];
  signal: AbortSignal;
  /** False: those on v2 are told nothing of it. */
  isToldTimes: boolean;
  /** Whether no sentence follows. */
  isLast: () => boolean;
}

/** Has the sentences of one utterance spoken, one after the other. */
export class SentenceSpeaker {
  readonly #engines = new Set<string>();
  #durationMs = 0;
  readonly #request: ResolvedRequest;
  readonly #context: SpeakingContext;
  readonly #sink: LineSink;
  readonly #sounds: LineSounds | undefined;
  readonly #schedule: PlayoutSchedule;
  readonly #handle: number;
  /** What was made so far; sentences that are complete. */
  readonly #made = { frames: 0, samples: 0, clips: 0 };
  #sentences = 0;
  readonly #note: (problem: WireError) => void;
  #hasNoted = false;
  #begunAt: number | undefined;
  readonly #askedAt: number;
  #hasSound = false;

  /** @param utterance.note takes what could not be sent as it was made */
  constructor(
    request: ResolvedRequest,
    context: SpeakingContext,
    utterance: {
      sink: LineSink;
      sounds: LineSounds | undefined;
      schedule: PlayoutSchedule;
      handle: number;
      note: (problem: WireError) => void;
    },
  ) {
    this.#request = request;
    this.#context = context;
    this.#sink = utterance.sink;
    this.#sounds = utterance.sounds;
    this.#schedule = utterance.schedule;
    this.#handle = utterance.handle;
    this.#note = utterance.note;
    this.#askedAt = context.sequencer.now();
  }

  /** Engines that spoke, in order of first use. */
  get engines(): readonly string[] {
    return [...this.#engines];
  }

  /** ms of all the audio that was made. */
  get durationMs(): number {
    return this.#durationMs;
  }

  /** All that was made so far: frames, their samples, clips. */
  get made(): { readonly frames: number; readonly samples: number; readonly clips: number } {
    return this.#made;
  }

  /** ms of frames so far, to the sample. */
  get lengthMs(): number {
    return (this.#made.samples * 1000) / V2_SAMPLE_RATE;
  }

  /** @throws BardcastError as `TTSRouter.speak` */
  async speak(sentence: Sentence, options: SpeakOptions): Promise<void> {
    const { observe } = this.#context;
    const which = { utterance: this.#request.id, sentence: sentence.index };
    observe({ type: "sentence.begun", ...which });
    this.#sink.beginSentence(options.encodings);
    try {
      const spoken = await this.#speak(sentence, options);
      observe({ type: "sentence.spoken", ...which, ...spoken });
    } catch (error) {
      if (!options.signal.aborted)
        observe({ type: "sentence.failed", ...which, code: coded(error, "engine-failed").code });
      throw error;
    } finally {
      this.#sink.leaveSentence();
    }
  }

  async #speak(
    sentence: Sentence,
    { encodings, signal, isToldTimes, isLast }: SpeakOptions,
  ): Promise<{ engine: string; audioMs: number; isKept: boolean }> {
    const spoken = { engine: "", audioMs: 0, isKept: false };
    const job = this.#job(sentence, encodings);
    const options = { ...routeOf(sentence, this.#request), isPrivate: isPrivate(this.#request), signal };
    // A router that can be trusted ends this, and the events, as soon as the signal says so.
    const speech = await this.#context.router.speak(job, options);
    const atMs = Math.round(this.lengthMs) + sentence.pauseMs;
    // Silence has no words.
    if (sentence.spoken.text === "" && isToldTimes)
      this.#sounds?.timed(sentence, [], atMs - sentence.pauseMs);
    for await (const event of speech.events) {
      if (event.type === "frame") {
        this.#addFrame(event.frame, event.frame.ends && isLast());
      } else if (event.type === "words" && isToldTimes) {
        const words = sentence.spoken.inCaption(this.#bounded(event.words));
        this.#sounds?.timed(sentence, words, atMs);
        if (!this.#request.sendText) continue;
        this.#schedule.words(words.map(([, , , endMs]) => atMs + endMs));
        const { index, shown: text } = sentence;
        const { estimated } = event;
        this.#sink.message({ is: "times", sentence: index, text, atMs, words, estimated });
      } else if (event.type === "clip") {
        this.#addClip(event);
      } else if (event.type === "end") {
        spoken.engine = speech.engine;
        spoken.audioMs = event.durationMs;
        spoken.isKept = event.isKept ?? false;
        this.#engines.add(speech.engine);
        this.#durationMs += event.durationMs;
        this.#sentences += 1;
        this.#sink.endSentence();
      }
    }
    return spoken;
  }

  /**
   * After an engine broke off while it was heard: those who get whole sentences or none still get this one, from
   * another engine. Never rejects.
   */
  async makeUp(sentence: Sentence, { encodings, signal, isLast }: SpeakOptions): Promise<void> {
    if (!encodings.includes("dm20") || signal.aborted) return;
    await this.speak(sentence, { encodings: ["dm20"], signal, isToldTimes: false, isLast }).catch(
      () => undefined,
    );
  }

  /** As many times of words as one message takes. */
  #bounded(words: readonly WordTime[]): readonly WordTime[] {
    if (words.length <= MAX_WORDS) return words;
    const message = `an engine gave ${words.length} word times for one sentence; the first ${MAX_WORDS} are used`;
    if (!this.#hasNoted) this.#note({ code: "engine-failed", message, retryable: false });
    this.#hasNoted = true;
    return words.slice(0, MAX_WORDS);
  }

  #job(sentence: Sentence, encodings: readonly Encoding[]): SentenceJob {
    // The audio made so far, minus what has been heard since it began.
    const heardMs = this.#begunAt === undefined ? 0 : this.#context.sequencer.now() - this.#begunAt;
    const aheadMs = Math.max(0, Math.round(this.lengthMs) - heardMs);
    const { chunkBytes, bitrates } = this.#context.limits;
    return jobOf(sentence, this.#request, { chunkBytes, bitrates, encodings, aheadMs });
  }

  #noteSound(): void {
    if (this.#hasSound) return;
    this.#hasSound = true;
    const { observe, sequencer } = this.#context;
    const afterMs = sequencer.now() - this.#askedAt;
    observe({ type: "utterance.first-audio", utterance: this.#request.id, afterMs });
  }

  #addClip(clip: { messages: readonly string[]; durationMs: number }): void {
    this.#noteSound();
    const { durationMs } = clip;
    const told = this.#context.clipDurations.tell(clip.messages.length, durationMs);
    const messages = told === durationMs ? clip.messages : withDuration(clip.messages, told);
    const bytes = messages.reduce((sum, { length }) => sum + length, 0);
    this.#made.clips += 1;
    this.#sink.clip({ begins: true, bytes, sentence: this.#sentences, durationMs, messages });
  }

  #addFrame({ begins, ends, packets, samples, bytes: messages }: SentenceFrame, last: boolean): void {
    const { samples: ptsSamples, frames: sequence } = this.#made;
    const { lengthMs: fromMs } = this;
    const handle = this.#handle;
    this.#noteSound();
    this.#begunAt ??= this.#context.sequencer.now();
    let bytes = 0;
    for (const message of messages.values()) {
      writeFrameHeader(message, {
        first: sequence === 0,
        last,
        discontinuity: begins,
        handle,
        sequence,
        ptsSamples,
        packets,
      });
      bytes += message.length;
    }
    this.#made.frames += 1;
    this.#made.samples += samples;
    this.#schedule.made({ fromMs, toMs: this.lengthMs, begins, ends });
    const sentence = this.#sentences;
    this.#sink.frame({ begins, bytes, sentence, sequence, ptsSamples, samples, messages });
  }
}
