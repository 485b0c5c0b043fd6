import { abortable } from "../core/abortable.ts";
import { deferred } from "../core/deferred.ts";
import { BardcastError, toWire, type WireError } from "../core/errors.ts";
import { BoundedQueue } from "../core/queue.ts";
import { isSpeakable, sentencesOf, type TextSource } from "../core/sentences.ts";
import type { Turnstile } from "../core/turn.ts";
import type { TTSRouter } from "../engines/router.ts";
import type { Encoding } from "../engines/sentence-job.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import type { Connection } from "./connection.ts";
import { reportOn } from "./delivery-report.ts";
import { Listening } from "./listening.ts";
import { SentenceLog } from "./sentence-log.ts";
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
  sendText: boolean;
}

export interface PerformanceLimits {
  /** Characters in a line. */
  maxChars: number;
  /** Bytes of a dm20 clip in one chunk, before base64. */
  chunkBytes: number;
  /** Bytes of spoken sentences kept for listeners who are behind; beyond it they lose the oldest. */
  retainBytes: number;
}

/** Speech is made this many sentences ahead of the fastest listener. */
const SENTENCES_AHEAD = 1;
/** After so many sentences in a row that no engine could speak, the rest of the line stays text. */
const GIVE_UP_AFTER = 2;

/** One line on stage: its text goes out, its sentences are spoken one by one, its listeners follow. */
export class Performance implements Utterance {
  readonly id: string;
  readonly done: Promise<DeliveryReport>;
  readonly #script: Script;
  readonly #router: Pick<TTSRouter, "speak">;
  readonly #turns: Turnstile;
  readonly #limits: PerformanceLimits;
  readonly #log: SentenceLog;
  readonly #listenings: Listening[] = [];
  readonly #told: string[] = [];
  readonly #unspoken: BoundedQueue<string>;
  readonly #abort = new AbortController();
  readonly #finished = deferred<DeliveryReport>();
  readonly #problems: WireError[] = [];
  readonly #engines = new Set<string>();
  #cancelled = false;
  #sentences = 0;
  #durationMs = 0;
  #state: "waiting" | "speaking" | "done" = "waiting";

  constructor(
    script: Script,
    stage: { router: Pick<TTSRouter, "speak">; turns: Turnstile; limits: PerformanceLimits },
  ) {
    this.id = script.id;
    this.done = this.#finished.promise;
    this.#script = script;
    this.#router = stage.router;
    this.#turns = stage.turns;
    this.#limits = stage.limits;
    this.#log = new SentenceLog(stage.limits.retainBytes);
    // A text has fewer sentences than characters: reading never waits for speech.
    this.#unspoken = new BoundedQueue(stage.limits.maxChars);
  }

  get script(): Script {
    return this.#script;
  }

  get state(): "waiting" | "speaking" | "done" {
    return this.#state;
  }

  /** The text, as far as it is known. */
  get text(): string {
    return typeof this.#script.text === "string" ? this.#script.text : this.#told.join(" ");
  }

  /** Lets a connection listen: the text so far now, the audio from the next sentence on. */
  listen(connection: Connection): Listening {
    const listening = new Listening(connection, this.#log.open(), this.#turns, this.#script);
    this.#listenings.push(listening);
    for (const [index, text] of this.#told.entries()) this.#post([listening], text, index);
    return listening;
  }

  cancel(): void {
    if (this.#state === "done") return;
    this.#cancelled = true;
    this.#abort.abort();
    this.#log.cut();
  }

  /** Sends the text, speaks, and resolves `done` in the end. */
  async run(): Promise<void> {
    const reading = this.#read();
    if (this.#listenings.length > 0) await this.#speak();
    // Speech ends before the text only where nobody is left to read it to.
    if (typeof this.#script.text !== "string") this.#abort.abort();
    await reading;
    this.#state = "done";
    this.#log.end();
    await Promise.all(this.#listenings.map((listening) => listening.settled));
    this.#finished.resolve(this.#report());
  }

  /** Text first: nothing here waits for speech. */
  async #read(): Promise<void> {
    const { text, voice } = this.#script;
    if (typeof text === "string") this.#tell(text);
    try {
      const options = { language: voice.language, maxChars: this.#limits.maxChars };
      for await (const sentence of abortable(sentencesOf(text, options), this.#abort.signal)) {
        this.#sentences += 1;
        if (typeof text !== "string") this.#tell(sentence);
        this.#unspoken.offer(sentence);
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#problems.push(textProblem(error));
    }
    this.#unspoken.close();
  }

  #tell(text: string): void {
    this.#told.push(text);
    this.#post(this.#listenings, text, this.#told.length - 1);
  }

  #post(listenings: readonly Listening[], text: string, index: number): void {
    if (!this.#script.sendText) return;
    const message = this.#textMessage(text, index);
    for (const listening of listenings) listening.tell(message);
  }

  async #speak(): Promise<void> {
    let failures = 0;
    for await (const sentence of this.#unspoken) {
      if (!isSpeakable(sentence) || failures >= GIVE_UP_AFTER) continue;
      if (!(await this.#log.wanted(SENTENCES_AHEAD))) return;
      this.#state = "speaking";
      try {
        await this.#speakSentence(sentence);
        failures = 0;
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        failures += 1;
        this.#problems.push(toWire(error));
      }
    }
  }

  async #speakSentence(text: string): Promise<void> {
    const { voice, context } = this.#script;
    const encodings = [...new Set(this.#listenings.map(({ connection }) => connection.encoding))];
    const { chunkBytes } = this.#limits;
    const bitrates = { opus: 24_000, "opus-low": 12_000 };
    const job = { text, voice, encodings, chunkBytes, bitrates, aheadMs: 0 };
    const speech = await this.#router.speak(job, { context, signal: this.#abort.signal });
    const messages = new Map<Encoding, readonly string[]>();
    for await (const event of speech.events) {
      if (event.type === "clip") messages.set("dm20", event.messages);
      else if (event.type === "end") {
        this.#engines.add(speech.engine);
        this.#durationMs += event.durationMs;
        this.#log.append({ messages, durationMs: event.durationMs });
      }
    }
  }

  /** The line's text as its listeners' wire has it; a text that arrives in pieces has an id for each. */
  #textMessage(content: string, index: number): string {
    const { id, to, speaker, text } = this.#script;
    const timestamp = new Date().toISOString();
    const head = { id: typeof text === "string" ? id : `${id}.${index}`, timestamp, content };
    return JSON.stringify(
      to === "all" ? { type: "narrative", ...head } : { type: "private", ...head, from: speaker },
    );
  }

  #report(): DeliveryReport {
    return reportOn(this.#listenings, {
      utterance: this.id,
      cancelled: this.#cancelled,
      sentences: this.#sentences,
      spoken: this.#log.head,
      durationMs: this.#durationMs,
      engines: [...this.#engines],
      problems: this.#problems,
    });
  }
}

function textProblem(error: unknown): WireError {
  if (error instanceof BardcastError) return toWire(error);
  return { code: "text-failed", message: "the text broke off before its end", retryable: true };
}
