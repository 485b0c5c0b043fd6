import { quietly } from "../core/abortable.ts";
import { cleaned, cleanText } from "../core/clean-text.ts";
import { deferred } from "../core/deferred.ts";
import { DEFAULT_CHUNK_BYTES, MIN_CHUNK_BYTES } from "../core/dm20.ts";
import { BardcastError, toWire, type WireError } from "../core/errors.ts";
import { randomId } from "../core/id.ts";
import { isBlank, noText } from "../core/passages.ts";
import type { HeardMessage } from "../core/v2.ts";
import { asRouter } from "../engines/as-router.ts";
import type { SpeechCache } from "../engines/cache/speech-cache.ts";
import type { TTSRouter } from "../engines/router.ts";
import type { Synthesizer } from "../engines/synthesizer.ts";
import type { NpcTraits } from "../voices/npc-traits.ts";
import { Casting, type Tell, type Voices } from "./casting.ts";
import type { Connection } from "./connection.ts";
import { LineLog } from "./line-log.ts";
import { isHeldUp, stateOf } from "./line-state.ts";
import type { Performance, PerformanceState } from "./performance.ts";
import { type LikelyLine, type Preparation, Preparer } from "./preparer.ts";
import { isMessageSender, type MessageSender, SenderConnections } from "./sender-connections.ts";
import type { Parts } from "./sentence.ts";
import { type Audiences, Stage } from "./stage.ts";
import { trusted } from "./trusted-router.ts";
import { type Line, priorityOf, type Utterance } from "./utterance.ts";

/** Options of the four `stream…` methods; see `Line`. */
export type StreamOptions = Omit<Line, "text" | "to" | "npc">;
/** The same for an NPC, whose name is given apart. */
export type NpcStreamOptions = Omit<StreamOptions, "speaker"> & NpcTraits;

export interface AudioStreamManagerOptions {
  /** Any object that finds voices. */
  registry: Voices;
  /** Any object that speaks sentences as a `TTSRouter` does, or at least has `synthesize(text, voice)`. */
  router: Pick<TTSRouter, "speak"> | Synthesizer;
  /** Any object that knows who listens, or at least sends to a player and to all. */
  connections: Audiences | MessageSender;
  /** What the router's engines speak through, so that lines can be prepared; by default nothing is. */
  cache?: SpeechCache | undefined;
  /** Bytes of a dm20 clip in one chunk, before base64: at least 256, default 4096. */
  chunkBytes?: number;
  /** Characters in a line; default 10,000. */
  maxChars?: number;
  /** Lines that may be speaking or waiting at once; default 64. */
  maxLines?: number;
  /** Bytes of speech kept for listeners who are behind; default 8 MiB a line. */
  retainBytes?: number;
  /** Whether NPCs nobody configured get voices of their own; default true, where the registry can. */
  cast?: boolean;
  /** bit/s of Opus, 6000 to 128,000; default 24,000. A listener who cannot keep up gets half of it. */
  opusBitrate?: number;
  /** What is kept for v2 listeners who lost the connection: ms (default 60,000), and bytes of lines that are over (8 MiB). */
  history?: { keepMs?: number; bytes?: number };
  /** ms for which a line waits for a v2 listener who lost the connection; default 15,000. */
  resumeMs?: number;
  /** Where it is told what is wrong with the registry, one sentence each; default nowhere. */
  log?: (message: string) => void;
}

const DEFAULT_OPUS_BITRATE = 24_000;
/** Troubles with the registry that one line tells of. */
const MAX_PROBLEMS = 8;
/** Every listener is sent it with every line. */
const MAX_SPEAKER_CHARS = 200;
const MEBIBYTE = 1024 * 1024;

/** Says lines: finds the voice, puts the line on stage, tells what became of it. */
export class AudioStreamManager {
  /** What was said lately. */
  readonly log: LineLog = new LineLog();
  readonly #casting: Casting;
  readonly #stage: Stage;
  readonly #preparer: Preparer;
  readonly #maxChars: number;
  readonly #log: (message: string) => void;
  #order = 0;
  #isClosing = false;

  /** @throws RangeError where `chunkBytes` is below 256, or `opusBitrate` out of its range */
  constructor(options: AudioStreamManagerOptions) {
    const chunkBytes = options.chunkBytes ?? DEFAULT_CHUNK_BYTES;
    if (!(chunkBytes >= MIN_CHUNK_BYTES)) throw new RangeError(`chunkBytes is at least ${MIN_CHUNK_BYTES}`);
    const opus = options.opusBitrate ?? DEFAULT_OPUS_BITRATE;
    if (!(opus >= 6000 && opus <= 128_000)) throw new RangeError("opusBitrate is 6000 to 128,000 bit/s");
    this.#log = quietly(options.log);
    this.#casting = new Casting(options.registry, options.cast ?? true);
    const router = trusted(asRouter(options.router));
    this.#maxChars = options.maxChars ?? 10_000;
    const bitrates = { opus, "opus-low": Math.max(6000, opus / 2) };
    const limits = { chunkBytes, maxChars: this.#maxChars, bitrates };
    const { connections } = options;
    const audiences = isMessageSender(connections) ? new SenderConnections(connections) : connections;
    this.#preparer = new Preparer(router, options.cache, limits);
    this.#stage = new Stage(audiences, router, {
      ...limits,
      maxLines: options.maxLines ?? 64,
      retainBytes: options.retainBytes ?? 8 * MEBIBYTE,
      keepMs: options.history?.keepMs ?? 60_000,
      historyBytes: options.history?.bytes ?? 8 * MEBIBYTE,
      resumeMs: options.resumeMs ?? 15_000,
    });
  }

  /**
   * Says a line to one player; true if they were handed every chunk of it.
   * @throws BardcastError as `speak`
   */
  streamToPlayer(player: string, text: Line["text"], options: StreamOptions = {}): Promise<boolean> {
    return this.#delivered({ ...options, text, to: [player] });
  }

  /** Says a line to everybody; true if at least one player was handed every chunk of it. */
  streamToAll(text: Line["text"], options: StreamOptions = {}): Promise<boolean> {
    return this.#delivered({ ...options, text, to: "all" });
  }

  /** Says an NPC's line to one player. */
  streamNpcToPlayer(
    player: string,
    text: Line["text"],
    name: string,
    options: NpcStreamOptions = {},
  ): Promise<boolean> {
    return this.#delivered({ ...asNpc(name, options), text, to: [player] });
  }

  /** Says an NPC's line to everybody. */
  streamNpcToAll(text: Line["text"], name: string, options: NpcStreamOptions = {}): Promise<boolean> {
    return this.#delivered({ ...asNpc(name, options), text, to: "all" });
  }

  /**
   * Says a line and returns at once. What happens to speech or to listeners is in the report, never thrown.
   * @throws BardcastError `text-empty`, `text-too-long`, `bad-request` (the voice, the speaker), `busy`, `closed`
   */
  speak(given: Line): Utterance {
    if (this.#isClosing) throw over();
    const line = cleanLine(given);
    this.#check(line.text);
    const speaker = line.speaker ?? "dm";
    if (speaker.length > MAX_SPEAKER_CHARS) {
      const message = `the speaker's name has ${speaker.length} characters; ${MAX_SPEAKER_CHARS} are allowed`;
      throw new BardcastError("bad-request", message);
    }
    const context = contextOf(line);
    const performance = this.#stage.perform({
      id: randomId(),
      text: line.text,
      to: line.to ?? "all",
      speaker,
      ...this.#parts(line),
      context,
      priority: line.priority ?? priorityOf(context),
      order: this.#order++,
      interrupt: line.interrupt ?? false,
      sendText: line.sendText ?? true,
    });
    void this.log.follow(performance);
    cancelOn(line.signal, performance);
    return performance;
  }

  /**
   * Has a line's sentences synthesised ahead, so that it starts at once should it be said. It makes way for
   * everything that is said meanwhile; nobody hears or reads any of it.
   * @throws BardcastError `text-empty`, `text-too-long`, `bad-request` (the voice), `busy`, `cancelled`, `closed`
   */
  async prepare(given: LikelyLine): Promise<Preparation> {
    if (this.#isClosing) throw over();
    const { text, to = "all", encodings = [], signal, ...line } = cleanLine(given);
    this.#check(text);
    const all = new Set([...this.#stage.encodings, "opus" as const, ...encodings]);
    const context = contextOf(line);
    const script = { text, to, ...this.#parts(line), context, encodings: [...all] };
    return this.#preparer.prepare(script, signal);
  }

  /** Lines that are speaking, waiting or still being heard, oldest first. */
  get performances(): readonly Performance[] {
    return this.#stage.performances;
  }

  /** Whether a line is speaking or waiting, as its listeners hear it. */
  stateOf(performance: Performance): PerformanceState {
    return stateOf(performance, this.performances);
  }

  /** Whether a line waits for one of higher priority, whatever it interrupts. */
  isHeldUp(utterance: string): boolean {
    const performance = this.#stage.find(utterance);
    return performance !== undefined && isHeldUp(performance, this.performances);
  }

  /** What a v2 listener says about how much of a line it heard, and how. */
  heard(connection: Connection, report: HeardMessage): void {
    this.#stage.heard(connection, report);
  }

  /** The player is somebody else from now on: what was said to them so far is not told to who comes. */
  forget(player: string): void {
    this.#stage.forget(player);
  }

  /** ms on the clock that v2 listeners follow. */
  now(): number {
    return this.#stage.journal.now();
  }

  /** Cancels a line; false where it is done or was never there. */
  cancel(utterance: string): boolean {
    const performance = this.#stage.find(utterance);
    performance?.cancel();
    return performance !== undefined;
  }

  /** Whether nothing can be said any more. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Takes no more lines; those under way have `graceMs` to end, then they are cancelled. */
  async close(graceMs = 0): Promise<void> {
    this.#isClosing = true;
    this.#preparer.close(over());
    if (graceMs > 0) await within(graceMs, Promise.all(this.performances.map(({ done }) => done)));
    this.#stage.close();
  }

  async #delivered(line: Line): Promise<boolean> {
    return (await this.speak(line).handedOver).delivered;
  }

  #parts({ speaker = "dm", ...line }: Pick<Line, "speaker" | "npc" | "voice">): Parts {
    const problems: WireError[] = [];
    const tell: Tell = (problem) => {
      this.#log(problem.message);
      const isNews = !problems.some(({ message }) => message === problem.message);
      if (isNews && problems.length < MAX_PROBLEMS) problems.push(toWire(problem));
    };
    return {
      voice: this.#casting.voiceOf(speaker, line, tell),
      voiceNamed: (name) => this.#casting.voiceNamed(name, tell),
      problems,
    };
  }

  #check(text: Line["text"]): void {
    if (typeof text !== "string") return;
    if (isBlank(text)) throw noText();
    if (text.length > this.#maxChars) {
      const message = `the text has ${text.length} characters; ${this.#maxChars} are allowed`;
      throw new BardcastError("text-too-long", message);
    }
  }
}

function over(): BardcastError {
  return new BardcastError("closed", "the party is over");
}

/** The same with clean text; a text that is still being written is cleaned as it comes. */
function cleanLine<L extends Pick<Line, "text" | "speaker" | "npc" | "context">>(line: L): L {
  const { text, speaker, npc, context } = line;
  const words = cleaned({ speaker, npc, context }) as Pick<Line, "speaker" | "npc" | "context">;
  return {
    ...line,
    text: typeof text === "string" ? cleanText(text) : text,
    ...Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined)),
  };
}

function contextOf({ context, npc }: Pick<Line, "context" | "npc">): string {
  return context ?? (npc ? "dialogue" : "default");
}

function asNpc(name: string, { race, gender, ...options }: NpcStreamOptions): Omit<Line, "text" | "to"> {
  const npc = { ...(race === undefined ? {} : { race }), ...(gender === undefined ? {} : { gender }) };
  return { ...options, speaker: name, npc };
}

function cancelOn(signal: AbortSignal | undefined, performance: Performance): void {
  if (!signal) return;
  const cancel = (): void => performance.cancel();
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel, { once: true });
  void performance.done.then(() => signal.removeEventListener("abort", cancel));
}

/** Resolves with the promise, or after `ms`. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = deferred();
  const timer = setTimeout(resolve, ms);
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
