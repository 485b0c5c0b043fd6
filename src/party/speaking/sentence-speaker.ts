import type { WordTime } from "../../core/dsp/audio.ts";
import { coded, type WireError } from "../../core/errors.ts";
import type { Observe } from "../../core/observation.ts";
import { withDuration } from "../../core/protocol/dm20.ts";
import { writeFrameHeader } from "../../core/protocol/frame.ts";
import { MAX_WORDS } from "../../core/protocol/v2.ts";
import type { Encoding, SentenceFrame, SentenceJob } from "../../engines/contract/sentence-job.ts";
import type { ClipDurations } from "../fan-out/clip-durations.ts";
import type { FanOutContext } from "../fan-out/fan-out.ts";
import type { LoggedMessage, MessageLog } from "../fan-out/message-log.ts";
import type { PlayoutSchedule } from "../fan-out/playout-schedule.ts";
import type { UtteranceAudio } from "../fan-out/utterance-audio.ts";
import { isPrivate, type ResolvedRequest } from "../request/resolved-request.ts";
import { jobOf, routeOf, type Sentence } from "./sentence.ts";
import type { SpeechRouter } from "./trusted-router.ts";

/** What speaking shares with the other utterances of a party. */
export interface SpeakingContext extends FanOutContext {
  observe: Observe;
  clipDurations: ClipDurations;
  router: SpeechRouter;
}

export interface SpeakOptions {
  encodings: readonly Encoding[];
  signal: AbortSignal;
  /** Called with messages for v2 listeners; without it they hear nothing of it. */
  tell?: (message: LoggedMessage) => void;
  /** Whether no sentence follows. */
  isLast: () => boolean;
}

/** Has the sentences of one utterance spoken, one after the other, and writes them to its buffers. */
export class SentenceSpeaker {
  readonly #engines = new Set<string>();
  #durationMs = 0;
  readonly #request: ResolvedRequest;
  readonly #context: SpeakingContext;
  readonly #audio: UtteranceAudio;
  readonly #messages: MessageLog;
  readonly #schedule: PlayoutSchedule;
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
      audio: UtteranceAudio;
      messages: MessageLog;
      schedule: PlayoutSchedule;
      note: (problem: WireError) => void;
    },
  ) {
    this.#request = request;
    this.#context = context;
    this.#audio = utterance.audio;
    this.#messages = utterance.messages;
    this.#schedule = utterance.schedule;
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

  /** @throws BardcastError as `TTSRouter.speak` */
  async speak(sentence: Sentence, options: SpeakOptions): Promise<void> {
    const { observe } = this.#context;
    const which = { utterance: this.#request.id, sentence: sentence.index };
    observe({ type: "sentence.begun", ...which });
    this.#audio.beginSentence(options.encodings);
    try {
      const spoken = await this.#speak(sentence, options);
      observe({ type: "sentence.spoken", ...which, ...spoken });
    } catch (error) {
      if (!options.signal.aborted)
        observe({ type: "sentence.failed", ...which, code: coded(error, "engine-failed").code });
      throw error;
    } finally {
      this.#audio.leaveSentence();
    }
  }

  async #speak(
    sentence: Sentence,
    { encodings, signal, tell, isLast }: SpeakOptions,
  ): Promise<{ engine: string; audioMs: number; isKept: boolean }> {
    const spoken = { engine: "", audioMs: 0, isKept: false };
    const job = this.#job(sentence, encodings);
    const options = { ...routeOf(sentence, this.#request), isPrivate: isPrivate(this.#request), signal };
    // A router that can be trusted ends this, and the events, as soon as the signal says so.
    const speech = await this.#context.router.speak(job, options);
    const atMs = this.#messages.durationMs + sentence.pauseMs;
    for await (const event of speech.events) {
      if (event.type === "frame") {
        this.#addFrame(event.frame, event.frame.ends && isLast());
      } else if (event.type === "words" && tell && this.#request.sendText) {
        const words = sentence.spoken.inCaption(this.#bounded(event.words));
        this.#schedule.words(words.map(([, , , endMs]) => atMs + endMs));
        tell(this.#messages.words(sentence, { atMs, words, estimated: event.estimated }));
      } else if (event.type === "clip") {
        this.#addClip(event);
      } else if (event.type === "end") {
        spoken.engine = speech.engine;
        spoken.audioMs = event.durationMs;
        spoken.isKept = event.isKept ?? false;
        this.#engines.add(speech.engine);
        this.#durationMs += event.durationMs;
        this.#audio.endSentence();
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
    await this.speak(sentence, { encodings: ["dm20"], signal, isLast }).catch(() => undefined);
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
    const aheadMs = Math.max(0, this.#messages.durationMs - heardMs);
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
    this.#audio.addClip({ begins: true, bytes, sentence: this.#audio.sentences, durationMs, messages });
  }

  #addFrame({ begins, ends, packets, samples, bytes: messages }: SentenceFrame, last: boolean): void {
    const { samples: ptsSamples, lengthMs: fromMs, handle } = this.#messages;
    this.#noteSound();
    const sequence = this.#audio.frames.head;
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
    this.#messages.countFrame(samples);
    this.#schedule.made({ fromMs, toMs: this.#messages.lengthMs, begins, ends });
    const sentence = this.#audio.sentences;
    this.#audio.addFrame({ begins, bytes, sentence, sequence, ptsSamples, samples, messages });
  }
}
