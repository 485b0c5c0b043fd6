import { abortable } from "../../../core/async/abortable.ts";
import { BoundedQueue } from "../../../core/async/bounded-queue.ts";
import { coded, toWire, type WireError } from "../../../core/errors.ts";
import { readingOf } from "../../../core/text/reading-options.ts";
import type { LineDemand, LineSink } from "../../fan-out/line-parts.ts";
import type { PlayoutSchedule } from "../../fan-out/playout-schedule.ts";
import type { ResolvedRequest } from "../../request/resolved-request.ts";
import { LostSpeech, Problems, textProblem } from "../lost-speech.ts";
import { type Sentence, sentencesOf } from "../sentence.ts";
import { SentenceSpeaker, type SpeakingContext } from "../sentence-speaker.ts";
import { LineSounds } from "./line-sounds.ts";

/** What a maker is told of its line. */
export interface MadeLine {
  sink: LineSink;
  demand: LineDemand;
  schedule: PlayoutSchedule;
  /** In the headers of its frames. */
  handle: number;
  /** The text as it is read, where all of it was there at once. */
  shown: string | undefined;
  /** Called when the text is read no further, though there is more of it. */
  broken: () => void;
}

/** Makes one line: its text goes out, then its sentences are spoken one by one. */
export class LineMaker {
  readonly #request: ResolvedRequest;
  readonly #context: SpeakingContext;
  readonly #line: MadeLine;
  readonly #speaker: SentenceSpeaker;
  readonly #sounds: LineSounds | undefined;
  readonly #unspoken: BoundedQueue<Sentence>;
  readonly #abort = new AbortController();
  readonly #problems = new Problems();
  #silent = 0;
  /** The text so far, with its tags, where it is given bit by bit. */
  #written: string | undefined;
  #isSpeaking = false;

  constructor(request: ResolvedRequest, context: SpeakingContext, line: MadeLine) {
    this.#request = request;
    this.#context = context;
    this.#line = line;
    // A text has fewer sentences than characters: reading never waits for speech.
    this.#unspoken = new BoundedQueue(context.limits.maxChars);
    const { sink, schedule, handle } = line;
    const note = (problem: WireError): void => this.#problems.note(problem);
    const { findSound } = context;
    const sounds = findSound && new LineSounds(findSound, sink, note);
    this.#sounds = sounds;
    this.#speaker = new SentenceSpeaker(request, context, { sink, sounds, schedule, handle, note });
  }

  /** Whether a sentence of it was begun. */
  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  /** Whether no sentence follows those that have sound. */
  get isLast(): boolean {
    return this.#unspoken.isFinished;
  }

  get written(): string | undefined {
    return this.#written;
  }

  get problems(): readonly WireError[] {
    return this.#problems.all;
  }

  /** Sentences that should have been heard and are not. */
  get silent(): number {
    return this.#silent;
  }

  get engines(): readonly string[] {
    return this.#speaker.engines;
  }

  /** ms of audio made so far. */
  get durationMs(): number {
    return this.#speaker.durationMs;
  }

  /** All that was made of it. */
  get made(): { frames: number; samples: number; clips: number } {
    return this.#speaker.made;
  }

  /** Nothing more of it is wanted. */
  abort(): void {
    this.#abort.abort();
  }

  /** Sends the text, and speaks; resolves when all of it was made, or it was aborted. Never rejects. */
  async make(): Promise<void> {
    const reading = this.#read();
    // Whoever keeps what is said notes in the same turn who listens.
    await this.#speakIfHeard();
    // Speech ends before the text only where nobody listens any more.
    if (typeof this.#request.text !== "string") this.#abort.abort();
    await reading;
  }

  async #speakIfHeard(): Promise<void> {
    if (this.#line.demand.hasListeners) await this.#speak();
  }

  /** Text first: nothing here waits for speech. */
  async #read(): Promise<void> {
    const { text, voice } = this.#request;
    const { sink, shown } = this.#line;
    const { signal } = this.#abort;
    const { maxChars, patience } = this.#context.limits;
    const note = (error: unknown): void => this.#problems.note(toWire(error));
    const written = (part: string): void => {
      if (typeof text !== "string") this.#written = `${this.#written ?? ""}${part}`;
    };
    const reading = { ...readingOf(this.#request), maxChars, patience, written, signal };
    const options = { language: voice.language, voices: this.#request, note, ...reading };
    if (shown !== undefined) sink.message({ is: "whole", text: shown, at: Date.now() });
    try {
      for await (const sentence of abortable(sentencesOf(text, options), signal)) this.#tell(sentence);
    } catch (error) {
      if (signal.aborted) this.#line.broken();
      else {
        this.#silent += 1;
        this.#problems.note(textProblem(error));
      }
    }
    this.#unspoken.close();
  }

  #tell(sentence: Sentence): void {
    const { index, shown, isSpoken } = sentence;
    if (shown !== "")
      this.#line.sink.message({ is: "sentence", sentence: index, text: shown, at: Date.now() });
    this.#sounds?.read(sentence);
    if (isSpoken && this.#request.speech) this.#unspoken.offer(sentence);
  }

  async #speak(): Promise<void> {
    const { demand } = this.#line;
    const lost = new LostSpeech();
    for await (const sentence of this.#unspoken) {
      if (lost.isHopeless) {
        this.#fallBack(sentence, "browser-voice");
        continue;
      }
      await this.#context.gate.passed(this.#abort.signal);
      if (!(await demand.wanted())) return;
      const { encodings } = demand;
      if (encodings.length === 0) continue;
      this.#isSpeaking = true;
      const samplesBefore = this.#speaker.made.samples;
      const options = {
        encodings,
        signal: this.#abort.signal,
        isToldTimes: true,
        isLast: () => this.#unspoken.isFinished,
      };
      try {
        await this.#speaker.speak(sentence, options);
        lost.spoke();
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        const isHeard = this.#speaker.made.samples > samplesBefore;
        const problem = coded(error, "engine-failed");
        if (isHeard) lost.spoke();
        else lost.failed(problem);
        this.#problems.note(toWire(problem));
        this.#fallBack(sentence, isHeard ? "caption" : "browser-voice");
        if (isHeard) await this.#speaker.makeUp(sentence, options);
      }
    }
  }

  /** No sound for a sentence: who can speaks it by other means. */
  #fallBack({ index: sentence, shown }: Sentence, mode: "browser-voice" | "caption"): void {
    this.#silent += 1;
    if (shown === "") return;
    const reason = this.#problems.all.at(-1)?.code ?? "engine-failed";
    const atMs = Math.round(this.#speaker.lengthMs);
    this.#line.sink.message({ is: "fallback", sentence, mode, reason, atMs });
  }
}
