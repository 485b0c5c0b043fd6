import { abortable } from "../core/abortable.ts";
import { deferred } from "../core/deferred.ts";
import { BardcastError, toWire, type WireError } from "../core/errors.ts";
import { BoundedQueue } from "../core/queue.ts";
import { sentencesOf, type TextSource } from "../core/sentences.ts";
import { speakable } from "../core/speakable.ts";
import type { Turnstile } from "../core/turn.ts";
import type { HeardMessage } from "../core/v2.ts";
import type { TTSRouter } from "../engines/router.ts";
import type { Encoding, OpusBitrates } from "../engines/sentence-job.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import { ClipListening } from "./clip-listening.ts";
import { type Connection, isV2, type V2Connection } from "./connection.ts";
import { reportOn } from "./delivery-report.ts";
import { FrameListening } from "./frame-listening.ts";
import type { Journal } from "./journal.ts";
import { type LineHead, LineRecord, postRecorded, type RecordedMessage } from "./line-record.ts";
import type { Listening, Rank } from "./listening.ts";
import { type Sentence, SentenceSpeaker } from "./sentence-speaker.ts";
import { SpeechLog } from "./speech-log.ts";
import type { Audience, DeliveryReport, Utterance } from "./utterance.ts";

/** A line with everything decided: who speaks, in which voice, to whom, and when. */
export interface Script {
  id: string;
  text: TextSource;
  to: Audience;
  speaker: string;
  voice: VoiceConfig;
  context: string;
  priority: number;
  /** Order of arrival. */
  order: number;
  /** Lines of lower priority make way; `drop`: for good. */
  interrupt: boolean | "drop";
  sendText: boolean;
}

export interface PerformanceLimits {
  /** Characters in a line. */
  maxChars: number;
  /** Bytes of a dm20 clip in one chunk, before base64. */
  chunkBytes: number;
  bitrates: OpusBitrates;
  /** Bytes of speech kept for listeners who are behind; beyond it they lose the oldest. */
  retainBytes: number;
  /** ms for which v2 speech is kept for listeners who come back. */
  keepMs: number;
  /** ms for which a line waits for a listener who lost the connection. */
  resumeMs: number;
}

/** What a line needs of the stage it is performed on. */
export interface Backstage {
  router: Pick<TTSRouter, "speak">;
  turns: Turnstile;
  journal: Journal;
  limits: PerformanceLimits;
}

/** `heard`: all of it was handed over, and somebody is still listening to it. */
export type PerformanceState = "waiting" | "speaking" | "heard" | "done";

/** After so many sentences in a row that no engine could speak, the rest of the line stays text. */
const GIVE_UP_AFTER = 2;

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
  readonly #clipListenings: ClipListening[] = [];
  readonly #frameListenings: FrameListening[] = [];
  readonly #dm20Texts: string[] = [];
  readonly #unspoken: BoundedQueue<Sentence>;
  readonly #abort = new AbortController();
  readonly #handedOver = deferred<DeliveryReport>();
  readonly #done = deferred<DeliveryReport>();
  readonly #problems: WireError[] = [];
  readonly #told: string[] = [];
  #cancelled = false;
  #state: PerformanceState = "waiting";

  constructor(script: Script, backstage: Backstage) {
    const { limits, journal } = backstage;
    this.id = script.id;
    this.handedOver = this.#handedOver.promise;
    this.done = this.#done.promise;
    this.#script = script;
    this.#backstage = backstage;
    this.#log = new SpeechLog(limits.retainBytes, limits.keepMs);
    this.record = new LineRecord(journal, headOf(script));
    // A text has fewer sentences than characters: reading never waits for speech.
    this.#unspoken = new BoundedQueue(limits.maxChars);
    this.#speaker = new SentenceSpeaker(script, backstage, this.#log, this.record);
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
    return [...this.#clipListenings, ...this.#frameListenings];
  }

  /** Bytes of speech that are kept for those who come back. */
  get keptBytes(): number {
    return this.#log.frames.bytes;
  }

  /** Whether somebody who has the frames up to `sequence` can go on without a gap. */
  reaches(sequence: number): boolean {
    return this.#log.frames.reaches(sequence + 1);
  }

  /** Lets a connection listen: the text so far now, the audio from the next sentence on. */
  listen(connection: Connection): Listening {
    if (isV2(connection)) {
      for (const message of this.record.after(0)) postRecorded(connection, message);
      return this.#listenToFrames(connection);
    }
    const listening = new ClipListening(connection, this.#log, this.#backstage.turns, this.#rank);
    this.#clipListenings.push(listening);
    for (const text of this.#dm20Texts) listening.tell(text);
    return listening;
  }

  /**
   * Lets a connection go on after the frame `sequence`, in the place of one of the same player that was
   * lost; the text it has missed is not sent here.
   * @param sequence undefined, or what is out of reach, means the next sentence
   */
  resume(connection: V2Connection, sequence: number | undefined): Listening {
    const next = sequence !== undefined && this.reaches(sequence) ? sequence + 1 : undefined;
    const lost = this.#frameListenings.find(
      (other) => other.isAbsent && other.connection.player === connection.player,
    );
    lost?.moveTo(connection, next);
    return lost ?? this.#listenToFrames(connection, next);
  }

  /** What a listener says about how much it heard. */
  heard(connection: Connection, report: HeardMessage): void {
    this.#frameListenings.find((listening) => listening.connection === connection)?.heard(report);
  }

  cancel(): void {
    if (this.#state === "done" || this.#cancelled) return;
    this.#cancelled = true;
    this.#abort.abort();
    this.#tellFrames(this.record.cancel("cancelled"));
    this.#log.cut();
    for (const listening of this.#frameListenings) listening.cancelled();
  }

  /** Sends the text, speaks, and resolves `done` in the end. */
  async run(): Promise<void> {
    const reading = this.#read();
    if (this.listenings.length > 0) await this.#speak();
    // Speech ends before the text only where nobody is left to read it to.
    if (typeof this.#script.text !== "string") this.#abort.abort();
    await reading;
    this.#log.end();
    await Promise.all(this.listenings.map((listening) => listening.handedOver));
    this.#state = "heard";
    this.#handedOver.resolve(this.#report());
    await Promise.all(this.listenings.map((listening) => listening.over));
    this.#state = "done";
    this.#done.resolve(this.#report());
  }

  /** Text first: nothing here waits for speech. */
  async #read(): Promise<void> {
    const { text, voice } = this.#script;
    if (typeof text === "string") this.#tellClips(text);
    try {
      const options = { language: voice.language, maxChars: this.#backstage.limits.maxChars };
      for await (const sentence of abortable(sentencesOf(text, options), this.#abort.signal)) {
        if (typeof text !== "string") this.#tellClips(sentence);
        this.#tellSentence(sentence);
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#problems.push(textProblem(error));
    }
    this.#unspoken.close();
  }

  #tellSentence(shown: string): void {
    const index = this.#told.push(shown) - 1;
    if (this.#script.sendText) this.#tellFrames(this.record.text(index, shown));
    const spoken = speakable(shown);
    if (spoken.text !== "") this.#unspoken.offer({ index, shown, spoken });
  }

  #tellClips(text: string): void {
    if (!this.#script.sendText) return;
    const message = dm20Text(this.#script, text, this.#dm20Texts.length);
    this.#dm20Texts.push(message);
    for (const listening of this.#clipListenings) listening.tell(message);
  }

  #tellFrames(message: RecordedMessage): void {
    for (const listening of this.#frameListenings) listening.tellRecorded(message);
  }

  async #speak(): Promise<void> {
    let failures = 0;
    for await (const sentence of this.#unspoken) {
      if (failures >= GIVE_UP_AFTER) {
        this.#fallBack(sentence, "browser-voice");
        continue;
      }
      if (!(await this.#log.wanted())) return;
      const encodings = this.#encodings;
      if (encodings.length === 0) continue;
      this.#state = "speaking";
      const samplesBefore = this.record.samples;
      try {
        await this.#speaker.speak(sentence, {
          encodings,
          signal: this.#abort.signal,
          tell: (message) => this.#tellFrames(message),
          isLast: () => this.#unspoken.isFinished,
        });
        failures = 0;
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        failures += 1;
        this.#problems.push(toWire(error));
        this.#fallBack(sentence, this.record.samples > samplesBefore ? "caption" : "browser-voice");
      }
    }
  }

  /** No sound for a sentence: who can speaks it by other means. */
  #fallBack({ index }: Sentence, mode: "browser-voice" | "caption"): void {
    const reason = this.#problems.at(-1)?.code ?? "engine-failed";
    this.#tellFrames(this.record.fallback(index, mode, reason));
  }

  get #encodings(): Encoding[] {
    const wanted = this.#frameListenings.flatMap(({ connection }) => connection.v2.ladder.encoding ?? []);
    return [...(this.#clipListenings.length > 0 ? ["dm20" as const] : []), ...new Set(wanted)];
  }

  get #rank(): Rank {
    const { priority, order, interrupt } = this.#script;
    return { priority, order, interrupts: interrupt !== false };
  }

  #listenToFrames(connection: V2Connection, sequence?: number): FrameListening {
    const { turns, limits } = this.#backstage;
    const line = { log: this.#log, record: this.record, turns, rank: this.#rank, resumeMs: limits.resumeMs };
    const listening = new FrameListening(connection, line, sequence);
    // What is over has its report; who comes back to it changes nothing there.
    if (this.#state !== "done") this.#frameListenings.push(listening);
    return listening;
  }

  #report(): DeliveryReport {
    return reportOn(this.listenings, {
      utterance: this.id,
      cancelled: this.#cancelled,
      sentences: this.#told.length,
      durationMs: this.#speaker.durationMs,
      engines: [...this.#speaker.engines],
      problems: this.#problems,
    });
  }
}

function headOf({ id, to, speaker, voice, priority, interrupt }: Script): LineHead {
  const { language, speed, pitch } = voice;
  const isPrivate = to !== "all";
  return {
    utterance: id,
    speaker,
    private: isPrivate,
    priority,
    language,
    speed,
    pitch,
    interrupt: interrupt !== false,
  };
}

/** The line's text as dm20 has it; a text that arrives in pieces has an id for each. */
function dm20Text({ id, to, speaker, text }: Script, content: string, index: number): string {
  const timestamp = new Date().toISOString();
  const head = { id: typeof text === "string" ? id : `${id}.${index}`, timestamp, content };
  return JSON.stringify(
    to === "all" ? { type: "narrative", ...head } : { type: "private", ...head, from: speaker },
  );
}

function textProblem(error: unknown): WireError {
  if (error instanceof BardcastError) return toWire(error);
  return { code: "text-failed", message: "the text broke off before its end", retryable: true };
}
