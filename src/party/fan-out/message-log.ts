import type { WordTime } from "../../core/dsp/audio.ts";
import { once } from "../../core/once.ts";
import type { SoundCueMessage } from "../../core/protocol/sounds.ts";
import {
  type Codec,
  OPUS_PRE_SKIP,
  type SpeechFallbackMessage,
  type SpeechMessage,
  V2_SAMPLE_RATE,
  writeV2,
} from "../../core/protocol/v2.ts";
import type { headOf } from "../request/resolved-request.ts";
import type { LineKind } from "../request/wants.ts";
import type { V2Connection } from "../transport/connection.ts";
import type { Sequencer } from "../transport/sequencer.ts";

/** Sentences whose word times are kept: more than fit into what a listener can come back to. */
const MAX_TIMES = 64;

/** A message of an utterance as it is sent, kept for those who come later or come back. */
export interface LoggedMessage extends LineKind {
  offset: number;
  /** As JSON, for a listener with this codec; made once, and only where somebody wants it. */
  text: (codec: Codec) => string;
  /** Of no use to who hears nothing of the line. */
  isOfSound: boolean;
  /** `times` are only for those who want them, `sound` is of no use where there is none. */
  about: "words" | "times" | "sound";
}

/** The same message by another number, for somebody who was not there when it was told first. */
export function renumbered(message: LoggedMessage, offset: number): LoggedMessage {
  // It is in the head, before anything that somebody has written.
  const text = (codec: Codec): string =>
    message.text(codec).replace(`"offset":${message.offset}`, `"offset":${offset}`);
  return { ...message, offset, text };
}

/** Sends a message as this listener wants it; false where the connection did not take it. */
export function postLogged(connection: V2Connection, { text, about }: LoggedMessage): boolean {
  const { captions, codec, wasTooSlow } = connection.v2;
  const isTiming = about === "times";
  // Less, before nothing.
  if (isTiming && (!captions || wasTooSlow || connection.isBehind)) return true;
  return connection.post(text(codec), { canWait: isTiming, canBeLate: true });
}

/** The fields that every message of an utterance begins with. */
type MessageHead = Pick<SpeechMessage, "offset" | "utterance">;

/** Where an utterance has its numbers from. */
export interface MessageNumbers extends Pick<Sequencer, "nextHandle" | "nextOffset"> {
  /** Of a message for one listener only, which no other process knows of; default `nextOffset`. */
  nextOwnOffset?(): number;
}

/** One utterance's messages on the v2 wire, in order. */
export class MessageLog {
  readonly handle: number;
  readonly #sequencer: MessageNumbers;
  readonly utterance: string;
  #messages: LoggedMessage[] = [];
  /** The latest of those that only tell times. */
  readonly #times: LoggedMessage[] = [];
  /** The text of `speech.begin`, by codec. */
  readonly #begins = new Map<Codec, string>();
  #startAt: number | undefined;
  #frames = 0;
  #samples = 0;
  #isComplete = false;
  readonly #kind: LineKind;
  #isCancelled = false;
  #hasBrokenOff = false;

  constructor(sequencer: MessageNumbers, { interrupt, ...head }: ReturnType<typeof headOf>) {
    this.#sequencer = sequencer;
    this.utterance = head.utterance;
    this.handle = sequencer.nextHandle();
    const offset = sequencer.nextOffset();
    const begin = (codec: Codec): string =>
      writeV2({
        type: "speech.begin",
        offset,
        ...head,
        handle: this.handle,
        codec,
        sampleRate: V2_SAMPLE_RATE,
        channels: 1,
        preSkip: codec === "opus" ? OPUS_PRE_SKIP : 0,
        ...(this.#startAt === undefined ? {} : { startAt: this.#startAt }),
        ...(interrupt ? { interrupt } : {}),
      });
    const text = (codec: Codec): string => {
      const made = this.#begins.get(codec) ?? begin(codec);
      this.#begins.set(codec, made);
      return made;
    };
    this.#kind = { isNarration: head.name === undefined, isPrivate: head.private };
    this.#messages.push({ offset, text, about: "words", isOfSound: false, ...this.#kind });
  }

  /** Samples of sound so far, and where the next one stands in the utterance. */
  get samples(): number {
    return this.#samples;
  }

  /** ms of sound so far, to the sample… */
  get lengthMs(): number {
    return (this.#samples * 1000) / V2_SAMPLE_RATE;
  }

  /** …and in whole ms. */
  get durationMs(): number {
    return Math.round(this.lengthMs);
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Nothing more of its text is read; see `breakOff`. */
  get hasBrokenOff(): boolean {
    return this.#hasBrokenOff;
  }

  /** Of the first message. */
  get firstOffset(): number {
    return this.#messages[0]?.offset ?? 0;
  }

  /** Of the last message. */
  get lastOffset(): number {
    return Math.max(this.#messages.at(-1)?.offset ?? 0, this.#times.at(-1)?.offset ?? 0);
  }

  /** Of the last message that is of use to who only reads. */
  get lastWordsOffset(): number {
    return this.#messages.findLast(({ about }) => about === "words")?.offset ?? 0;
  }

  /** Keeps what was said and nothing of how it was heard. @returns the bytes that this takes, about */
  forgetSound(): number {
    this.#times.length = 0;
    this.#messages = this.#messages.filter(({ about }) => about === "words");
    return this.#messages.reduce((sum, { text }) => sum + text("opus").length, 0);
  }

  /** Messages after `offset`, in order. */
  after(offset: number): readonly LoggedMessage[] {
    const times = this.#times.filter((message) => message.offset > offset);
    const messages = this.#messages.filter((message) => message.offset > offset);
    return times.length === 0 ? messages : [...messages, ...times].sort((a, b) => a.offset - b.offset);
  }

  text(sentence: number, text: string): LoggedMessage {
    return this.#add("words", (head) => ({ type: "speech.text", ...head, sentence, text }));
  }

  /** The same with the times of its words, which count from the sentence's beginning at `atMs` of the utterance. */
  words(
    { index: sentence, shown: text }: { index: number; shown: string },
    { atMs, words, estimated }: { atMs: number; words: readonly WordTime[]; estimated: boolean },
  ): LoggedMessage {
    const inUtterance = words.map(
      ([start, length, from, to]): WordTime => [start, length, atMs + from, atMs + to],
    );
    const times = { atMs, words: inUtterance, ...(estimated ? { estimated } : {}) };
    return this.#add("times", (head) => ({ type: "speech.text", ...head, sentence, text, ...times }));
  }

  /** @param atMs where in the utterance */
  fallback(
    sentence: number,
    mode: SpeechFallbackMessage["mode"],
    { reason, atMs }: { reason: string; atMs: number },
  ): LoggedMessage {
    return this.#add("sound", (head) => ({ type: "speech.fallback", ...head, sentence, mode, atMs, reason }));
  }

  /** A sound of the place belongs to that place of it. */
  sound({
    sound,
    gain,
    seed,
    atMs,
  }: Pick<SoundCueMessage, "sound" | "gain" | "seed" | "atMs">): LoggedMessage {
    const head = this.#nextHead();
    const startAt = () => (this.#startAt === undefined ? {} : { startAt: this.#startAt });
    return this.#log("sound", head, () =>
      writeV2({ type: "sound.cue", ...head, atMs, ...startAt(), sound, gain, seed }),
    );
  }

  /** From that place on the utterance is heard from that time on. Who comes later is told with the beginning, too. */
  move(fromMs: number, startAt: number): LoggedMessage {
    if (fromMs === 0) {
      this.#startAt = startAt;
      this.#begins.clear();
    }
    return this.#add("sound", (head) => ({ type: "speech.move", ...head, fromMs, startAt }));
  }

  cancel(reason: string): LoggedMessage {
    this.#isCancelled = true;
    return this.#add("words", (head) => ({ type: "speech.cancel", ...head, atMs: 0, reason }));
  }

  /** Its text ends before what was written does: nobody listened any more, or the process that said it ended. */
  breakOff(): void {
    this.#hasBrokenOff = true;
  }

  /** For one listener only, whom the utterance goes on without. */
  cancelMessage(reason: string): string {
    return writeV2({ type: "speech.cancel", ...this.#ownHead(), atMs: 0, reason });
  }

  /** A frame was made of so many samples. */
  countFrame(samples: number): void {
    if (this.#isComplete) return;
    this.#frames += 1;
    this.#samples += samples;
  }

  /** So much of it was made elsewhere and does not come here. */
  passOver(frames: number, samples: number): void {
    if (this.#isComplete) return;
    this.#frames = frames;
    this.#samples = samples;
  }

  /** All of it was made elsewhere, though not all of it has come here. */
  complete(frames: number, samples: number): void {
    this.passOver(frames, samples);
    this.#isComplete = true;
  }

  /** For one listener, behind its last frame: numbered when it is sent, so that its offsets rise. */
  endMessage(): string {
    const { durationMs } = this;
    const broken = this.#hasBrokenOff && !this.#isCancelled ? ({ brokenOff: true } as const) : {};
    return writeV2({ type: "speech.end", ...this.#ownHead(), chunks: this.#frames, durationMs, ...broken });
  }

  #add(about: LoggedMessage["about"], message: (head: MessageHead) => SpeechMessage): LoggedMessage {
    const head = this.#nextHead();
    return this.#log(
      about,
      head,
      once(() => writeV2(message(head))),
    );
  }

  #log(about: LoggedMessage["about"], { offset }: MessageHead, text: () => string): LoggedMessage {
    const logged = { offset, text, about, isOfSound: about === "sound", ...this.#kind };
    if (about !== "times") this.#messages.push(logged);
    else if (this.#times.push(logged) > MAX_TIMES) this.#times.shift();
    return logged;
  }

  #nextHead(): MessageHead {
    return { offset: this.#sequencer.nextOffset(), utterance: this.utterance };
  }

  #ownHead(): MessageHead {
    const numbers = this.#sequencer;
    return { offset: numbers.nextOwnOffset?.() ?? numbers.nextOffset(), utterance: this.utterance };
  }
}
