import { abortable } from "../core/abortable.ts";
import { deferred } from "../core/deferred.ts";
import { coded, toWire, type WireError } from "../core/errors.ts";
import { shownText } from "../core/markup.ts";
import { BoundedQueue } from "../core/queue.ts";
import { piecesOf } from "../core/sentences.ts";
import type { HeardMessage } from "../core/v2.ts";
import type { Backstage } from "./backstage.ts";
import type { Connection, V2Connection } from "./connection.ts";
import type { Cue } from "./cue.ts";
import { reportOn } from "./delivery-report.ts";
import { LineRecord, type RecordedMessage } from "./line-record.ts";
import { Listeners } from "./listeners.ts";
import type { Listening, Place } from "./listening.ts";
import { headOf, type Script } from "./script.ts";
import { type Sentence, sentencesOf } from "./sentence.ts";
import { SentenceSpeaker } from "./sentence-speaker.ts";
import { SpeechLog } from "./speech-log.ts";
import type { DeliveryReport, Utterance } from "./utterance.ts";

/**
 * `heard`: all of it was handed over, and somebody is still listening to it; `interrupted`: it has begun, and goes
 * on when another line is over.
 */
export type PerformanceState = "waiting" | "speaking" | "interrupted" | "heard" | "done";

/** After so many sentences in a row that no engine could speak, the rest of the line stays text. */
const GIVE_UP_AFTER = 2;

/** Characters of a text in one dm20 message. */
const MAX_TEXT_CHARS = 16_384;
/** Problems in one report, and characters of each. */
const MAX_PROBLEMS = 100;
const MAX_PROBLEM_CHARS = 500;

/** One line on stage: its text goes out, its sentences are spoken one by one, its listeners follow. */
export class Performance implements Utterance {
  readonly id: string;
  readonly handedOver: Promise<DeliveryReport>;
  readonly done: Promise<DeliveryReport>;
  /** What is said of the line on the v2 wire. */
  readonly record: LineRecord;
  readonly #script: Script;
  readonly #backstage: Backstage;
  readonly #log: SpeechLog;
  readonly #speaker: SentenceSpeaker;
  readonly #listeners: Listeners;
  readonly #unspoken: BoundedQueue<Sentence>;
  readonly #abort = new AbortController();
  readonly #handedOver = deferred<DeliveryReport>();
  readonly #done = deferred<DeliveryReport>();
  readonly #problems: WireError[] = [];
  #silent = 0;
  readonly #told: string[] = [];
  #cancelled = false;
  #onMade: (() => void) | undefined;
  #state: PerformanceState = "waiting";

  constructor(script: Script, backstage: Backstage) {
    this.id = script.id;
    this.handedOver = this.#handedOver.promise;
    this.done = this.#done.promise;
    this.#script = script;
    this.#backstage = backstage;
    this.#log = new SpeechLog(backstage.limits, backstage.turns);
    this.record = new LineRecord(backstage.journal, headOf(script));
    // A text has fewer sentences than characters: reading never waits for speech.
    this.#unspoken = new BoundedQueue(backstage.limits.maxChars);
    const isLast = (): boolean => this.#unspoken.isFinished;
    this.#listeners = new Listeners(script, backstage, { log: this.#log, record: this.record, isLast });
    const { record, cue } = this;
    const note = (problem: WireError): void => this.#note(problem);
    this.#speaker = new SentenceSpeaker(script, backstage, { log: this.#log, record, cue, note });
  }

  get script(): Script {
    return this.#script;
  }

  get state(): PerformanceState {
    return this.#state;
  }

  /** The text, as far as it is known. */
  get text(): string {
    return typeof this.#script.text === "string" ? this.#script.text : this.#told.join(" ");
  }

  /** Of all the audio so far. */
  get durationMs(): number {
    return this.#speaker.durationMs;
  }

  /** Everybody who listens or listened. */
  get listenings(): readonly Listening[] {
    return this.#listeners.all;
  }

  /** Whether anybody listens who says how far it is heard. */
  get isReported(): boolean {
    return this.#listeners.all.some(({ connection }) => connection.v2);
  }

  /** When those who keep step hear it. */
  get cue(): Cue {
    return this.#listeners.cue;
  }

  /** Who keeps step with it. */
  get connectionsInStep(): readonly V2Connection[] {
    return this.#listeners.connectionsInStep;
  }

  /** Bytes of speech that are kept for those who come back. */
  get keptBytes(): number {
    return this.#log.frames.bytes;
  }

  /** Bytes of dm20 clips that are kept for those who come while it is heard. */
  get clipBytes(): number {
    return this.#log.clips.bytes;
  }

  forgetClips(): void {
    this.#log.forgetClips();
  }

  /** Whether somebody who has the frames up to `sequence` can go on without a gap. */
  reaches(sequence: number): boolean {
    return this.#log.frames.reaches(sequence + 1);
  }

  /** Lets a connection listen: the text so far now, the audio from the next sentence on. */
  listen(connection: Connection): Listening {
    return this.#listeners.add(connection);
  }

  /**
   * Lets somebody who came back go on after the frame `sequence`; without one, or where it is out of reach,
   * with the next sentence. The text they have missed is not sent here.
   */
  resume(connection: V2Connection, { sequence, isTold }: Place): Listening {
    const isReached = sequence !== undefined && this.reaches(sequence);
    return this.#listeners.resume(connection, isReached ? sequence + 1 : undefined, isTold);
  }

  /** Calls back once, when everything of it was made or it was cancelled, before listeners are told of its end. */
  whenMade(callback: () => void): void {
    this.#onMade = callback;
  }

  /** What a listener says about how much it heard. @returns whether there was sound of it to be heard */
  heard(connection: Connection, report: HeardMessage): boolean {
    return this.#listeners.heard(connection, report);
  }

  /** A connection has ended that may still have been hearing it. */
  left(connection: Connection): void {
    this.#listeners.left(connection);
  }

  cancel(): void {
    if (this.#state === "done" || this.#cancelled) return;
    this.#cancelled = true;
    this.#abort.abort();
    this.#listeners.tell(this.record.cancel("cancelled"));
    this.cue.cancel();
    this.#log.cut();
    this.#listeners.cancelled();
    this.#backstage.cancelled();
  }

  /** Sends the text, speaks, and resolves `done` in the end. */
  async run(): Promise<void> {
    this.#listeners.begin();
    const reading = this.#read();
    if (this.listenings.length > 0) await this.#speak();
    // Speech ends before the text only where nobody is left to read it to.
    if (typeof this.#script.text !== "string") this.#abort.abort();
    await reading;
    this.cue.close();
    this.#onMade?.();
    this.#log.end();
    await this.#listeners.handedOver();
    this.#state = "heard";
    this.#handedOver.resolve(this.#report());
    await this.#listeners.over();
    this.#state = "done";
    this.#done.resolve(this.#report());
    this.#listeners.forget();
  }

  /** Text first: nothing here waits for speech. */
  async #read(): Promise<void> {
    const { text, voice } = this.#script;
    const { signal } = this.#abort;
    const options = { language: voice.language, maxChars: this.#backstage.limits.maxChars, signal };
    if (typeof text === "string") this.#tellWhole(shownText(text));
    try {
      for await (const sentence of abortable(sentencesOf(text, options), signal)) {
        if (typeof text !== "string") this.#tellText(sentence.shown, true);
        this.#tellSentence(sentence);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#silent += 1;
        this.#note(textProblem(error));
      }
    }
    this.#unspoken.close();
  }

  #tellSentence(sentence: Sentence): void {
    const { index, shown, isSpoken } = sentence;
    if (shown !== "") this.#told.push(shown);
    if (shown !== "" && this.#script.sendText) this.#listeners.tell(this.record.text(index, shown));
    if (isSpoken) this.#unspoken.offer(sentence);
  }

  #tellWhole(text: string): void {
    const pieces = piecesOf(text, MAX_TEXT_CHARS);
    for (const piece of pieces) this.#tellText(piece, pieces.length > 1);
  }

  #tellText(text: string, isPiece: boolean): void {
    if (this.#script.sendText && text !== "") this.#listeners.tellText(text, isPiece);
  }

  /** A report is no larger where everything fails. */
  #note(problem: WireError): void {
    if (this.#problems.length >= MAX_PROBLEMS) return;
    this.#problems.push({ ...problem, message: problem.message.slice(0, MAX_PROBLEM_CHARS) });
  }

  async #speak(): Promise<void> {
    let failures = 0;
    for await (const sentence of this.#unspoken) {
      if (failures >= GIVE_UP_AFTER) {
        this.#fallBack(sentence, "browser-voice");
        continue;
      }
      if (!(await this.#log.wanted())) return;
      const { encodings } = this.#listeners;
      if (encodings.length === 0) continue;
      this.#state = "speaking";
      const samplesBefore = this.record.samples;
      const options = {
        encodings,
        signal: this.#abort.signal,
        tell: (message: RecordedMessage) => this.#listeners.tell(message),
        isLast: () => this.#unspoken.isFinished,
      };
      try {
        await this.#speaker.speak(sentence, options);
        failures = 0;
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        const isHeard = this.record.samples > samplesBefore;
        const problem = coded(error, "engine-failed");
        // A router that has been waited for in vain is not waited for again.
        failures = isHeard ? 0 : problem.code === "engine-hung" ? GIVE_UP_AFTER : failures + 1;
        this.#note(toWire(problem));
        this.#fallBack(sentence, isHeard ? "caption" : "browser-voice");
        if (isHeard) await this.#speaker.makeUp(sentence, options);
      }
    }
  }

  /** No sound for a sentence: who can speaks it by other means. */
  #fallBack({ index, shown }: Sentence, mode: "browser-voice" | "caption"): void {
    this.#silent += 1;
    if (shown === "") return;
    this.#listeners.tell(this.record.fallback(index, mode, this.#problems.at(-1)?.code ?? "engine-failed"));
  }

  #report(): DeliveryReport {
    const report = reportOn(this.listenings, {
      utterance: this.id,
      cancelled: this.#cancelled,
      sentences: this.#told.length,
      durationMs: this.#speaker.durationMs,
      engines: [...this.#speaker.engines],
      problems: this.#problems,
      silent: this.#silent,
    });
    // What is no sentence's fault takes nothing from what was heard.
    return { ...report, problems: [...this.#script.problems, ...report.problems] };
  }
}

function textProblem(error: unknown): WireError {
  const problem = coded(error, "text-failed", "the text broke off before its end");
  return { ...toWire(problem), retryable: problem.code === "text-failed" || problem.retryable };
}
