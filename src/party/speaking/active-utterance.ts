import { abortable } from "../../core/async/abortable.ts";
import { BoundedQueue } from "../../core/async/bounded-queue.ts";
import { deferred } from "../../core/async/deferred.ts";
import type { Gate } from "../../core/async/gate.ts";
import { coded, toWire, type WireError } from "../../core/errors.ts";
import type { DeliveryReport, UtteranceState } from "../../core/protocol/api.ts";
import type { SayAgain } from "../../core/protocol/speak-request.ts";
import type { Codec, HeardMessage } from "../../core/protocol/v2.ts";
import { shownText } from "../../core/text/markup.ts";
import { readingOf } from "../../core/text/reading-options.ts";
import { FanOut } from "../fan-out/fan-out.ts";
import { type LoggedMessage, MessageLog } from "../fan-out/message-log.ts";
import type { PlayoutSchedule } from "../fan-out/playout-schedule.ts";
import type { Place, Subscription } from "../fan-out/subscription.ts";
import { UtteranceAudio } from "../fan-out/utterance-audio.ts";
import { headOf, type ResolvedRequest } from "../request/resolved-request.ts";
import type { Utterance } from "../request/utterance.ts";
import type { Connection, V2Connection } from "../transport/connection.ts";
import { reportOn } from "./delivery-report.ts";
import { type LineTexts, lineTexts } from "./line-texts.ts";
import { LostSpeech, Problems, textProblem } from "./lost-speech.ts";
import { type Sentence, sentencesOf } from "./sentence.ts";
import { SentenceSpeaker, type SpeakingContext } from "./sentence-speaker.ts";
import type { UtteranceJournal } from "./utterance-journal.ts";

/** What an utterance shares with the others of its party. */
interface UtteranceContext extends SpeakingContext {
  /** Sound waits at it. */
  gate: Gate;
  /** Where what is said is kept, if anywhere. */
  journal: UtteranceJournal | undefined;
  /** It was cancelled. */
  cancelled: () => void;
}

/** One utterance that is not over: its text goes out, its sentences are spoken one by one, its listeners follow. */
export class ActiveUtterance implements Utterance {
  readonly id: string;
  readonly #handedOver = deferred<DeliveryReport>();
  readonly #done = deferred<DeliveryReport>();
  readonly handedOver: Promise<DeliveryReport> = this.#handedOver.promise;
  readonly done: Promise<DeliveryReport> = this.#done.promise;
  /** Its messages on the v2 wire. */
  readonly messages: MessageLog;
  readonly request: ResolvedRequest;
  readonly #context: UtteranceContext;
  readonly #audio: UtteranceAudio;
  readonly #speaker: SentenceSpeaker;
  readonly #fanOut: FanOut;
  readonly #unspoken: BoundedQueue<Sentence>;
  readonly #abort = new AbortController();
  readonly #problems = new Problems();
  #silent = 0;
  readonly #told: string[] = [];
  /** The text as it is read, where all of it was there at once. */
  readonly #shown: string | undefined;
  /** The text so far, with its tags, where it is given bit by bit. */
  #written: string | undefined;
  #cancelled = false;
  #state: UtteranceState = "waiting";

  constructor(request: ResolvedRequest, context: UtteranceContext) {
    this.id = request.id;
    this.#shown = typeof request.text === "string" ? shownText(request.text) : undefined;
    this.request = request;
    this.#context = context;
    this.#audio = new UtteranceAudio(context.limits, context.timeSlicer);
    this.messages = new MessageLog(context.sequencer, headOf(request));
    // A text has fewer sentences than characters: reading never waits for speech.
    this.#unspoken = new BoundedQueue(context.limits.maxChars);
    const isLast = (): boolean => this.#unspoken.isFinished;
    this.#fanOut = new FanOut(request, context, { audio: this.#audio, messages: this.messages, isLast });
    const { messages, schedule } = this;
    const note = (problem: WireError): void => this.#problems.note(problem);
    this.#speaker = new SentenceSpeaker(request, context, { audio: this.#audio, messages, schedule, note });
  }

  get state(): UtteranceState {
    return this.#state;
  }

  /** The text, as far as it is known, and as it is read. */
  get texts(): LineTexts {
    const { text } = this.request;
    return typeof text === "string" ? lineTexts(text, this.#shown) : { text: this.#told.join(" ") };
  }

  /** What says it again, as far as its text is known. */
  get again(): SayAgain | undefined {
    const { again } = this.request;
    return again && this.#written !== undefined ? { ...again, text: this.#written } : again;
  }

  /** ms of audio made so far. */
  get durationMs(): number {
    return this.#speaker.durationMs;
  }

  /** Everybody who listens or listened. */
  get subscriptions(): readonly Subscription[] {
    return this.#fanOut.all;
  }

  /** Whether anybody listens who says how far it is heard. */
  get isReported(): boolean {
    return this.#fanOut.all.some(({ connection }) => connection.v2);
  }

  /** When those who keep step hear it. */
  get schedule(): PlayoutSchedule {
    return this.#fanOut.schedule;
  }

  /** The connections that play it in step. */
  get connectionsInStep(): readonly V2Connection[] {
    return this.#fanOut.connectionsInStep;
  }

  /** Bytes of speech that are kept for those who come back. */
  get keptBytes(): number {
    return this.#audio.frames.bytes;
  }

  /** Bytes of dm20 clips that are kept for those who come while it is heard. */
  get clipBytes(): number {
    return this.#audio.clips.bytes;
  }

  forgetClips(): void {
    this.#audio.forgetClips();
  }

  /** Whether somebody who has the frames up to `sequence` can go on without a gap, in that codec. */
  reaches(sequence: number, codec: Codec): boolean {
    return this.#audio.hasFrames(sequence + 1, codec);
  }

  /** Lets a connection listen: the text so far now, the audio from the next sentence on. */
  listen(connection: Connection): Subscription {
    return this.#fanOut.add(connection).lateIf(this.messages.hasBrokenOff);
  }

  /** Lets somebody who came back go on after the frame `sequence`; where that is out of reach, with a later sentence. */
  resume(connection: V2Connection, { sequence, isTold }: Place): Subscription {
    const isReached = sequence !== undefined && this.#audio.frames.reaches(sequence + 1);
    const from = isReached ? sequence + 1 : undefined;
    return this.#fanOut.resume(connection, from, isTold).lateIf(this.messages.hasBrokenOff);
  }

  /** What a listener says about how much it heard. @returns whether there was sound of it to be heard */
  heard(connection: Connection, report: HeardMessage): boolean {
    return this.#fanOut.heard(connection, report);
  }

  /** A connection has ended that may still have been hearing it. */
  left(connection: Connection): void {
    this.#fanOut.left(connection);
  }

  cancel(): void {
    if (this.#state === "done" || this.#cancelled) return;
    this.#cancelled = true;
    this.#abort.abort();
    this.#fanOut.tell(this.messages.cancel("cancelled"));
    this.schedule.cancel();
    this.#audio.cut();
    this.#fanOut.cancelled();
    this.#context.cancelled();
  }

  /**
   * Sends the text, speaks, and resolves `done` in the end.
   * @param onMade called when everything of it was made or it was cancelled, before listeners are told of its end
   */
  async run(onMade: () => void): Promise<void> {
    this.#fanOut.begin();
    const reading = this.#read();
    this.#context.journal?.begin(this.request, this.messages, this.subscriptions);
    if (this.subscriptions.length > 0) await this.#speak();
    // Speech ends before the text only where nobody listens any more.
    if (typeof this.request.text !== "string") this.#abort.abort();
    await reading;
    this.schedule.close();
    onMade();
    this.#noteMade();
    if (this.#context.journal) await this.#context.journal.settled();
    this.#audio.end();
    await this.#fanOut.handedOver();
    this.#state = "draining";
    this.#noteMade();
    this.#handedOver.resolve(this.#report());
    await this.#fanOut.over();
    this.#state = "done";
    this.#done.resolve(this.#report());
    this.#fanOut.forget();
  }

  /** Text first: nothing here waits for speech. */
  async #read(): Promise<void> {
    const { text, voice } = this.request;
    const { signal } = this.#abort;
    const { maxChars, patience } = this.#context.limits;
    const note = (error: unknown): void => this.#problems.note(toWire(error));
    const written = (part: string): void => {
      if (typeof text !== "string") this.#written = `${this.#written ?? ""}${part}`;
    };
    const reading = { ...readingOf(this.request), maxChars, patience, written, signal };
    const options = { language: voice.language, voices: this.request, note, ...reading };
    if (this.#shown !== undefined) this.#fanOut.tellWhole(this.#shown);
    try {
      for await (const sentence of abortable(sentencesOf(text, options), signal)) {
        if (typeof text !== "string") this.#fanOut.tellText(sentence.shown, true);
        this.#tellSentence(sentence);
      }
    } catch (error) {
      if (signal.aborted) this.messages.breakOff();
      else {
        this.#silent += 1;
        this.#problems.note(textProblem(error));
      }
    }
    this.#unspoken.close();
  }

  #tellSentence(sentence: Sentence): void {
    const { index, shown, isSpoken } = sentence;
    if (shown !== "") this.#told.push(shown);
    const message = shown !== "" && this.request.sendText ? this.messages.text(index, shown) : undefined;
    if (message) this.#fanOut.tell(message);
    if (shown !== "")
      this.#context.journal?.told({ id: this.id, sentence: index, text: shown, offset: message?.offset });
    if (isSpoken && this.request.speech) this.#unspoken.offer(sentence);
  }

  async #speak(): Promise<void> {
    const lost = new LostSpeech();
    for await (const sentence of this.#unspoken) {
      if (lost.isHopeless) {
        this.#fallBack(sentence, "browser-voice");
        continue;
      }
      await this.#context.gate.passed(this.#abort.signal);
      if (!(await this.#audio.wanted())) return;
      const { encodings } = this.#fanOut;
      if (encodings.length === 0) continue;
      this.#state = "speaking";
      const samplesBefore = this.messages.samples;
      const options = {
        encodings,
        signal: this.#abort.signal,
        tell: (message: LoggedMessage) => this.#fanOut.tell(message),
        isLast: () => this.#unspoken.isFinished,
      };
      try {
        await this.#speaker.speak(sentence, options);
        lost.spoke();
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        const isHeard = this.messages.samples > samplesBefore;
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
  #fallBack({ index, shown }: Sentence, mode: "browser-voice" | "caption"): void {
    this.#silent += 1;
    if (shown === "") return;
    this.#fanOut.tell(
      this.messages.fallback(index, mode, this.#problems.all.at(-1)?.code ?? "engine-failed"),
    );
  }

  /** Should the process end now, this is what is known of it. */
  #noteMade(): void {
    if (this.#cancelled || this.messages.hasBrokenOff) return;
    this.#context.journal?.made(this.#report(), this.subscriptions, this.#silent);
  }

  #report(): DeliveryReport {
    return reportOn(this.subscriptions, {
      utterance: this.id,
      cancelled: this.#cancelled,
      sentences: this.#told.length,
      durationMs: this.#speaker.durationMs,
      engines: [...this.#speaker.engines],
      problems: [...this.request.problems, ...this.#problems.all],
      silent: this.#silent,
    });
  }
}
