import type { LineFrame } from "../../../src/client/session/table-events.ts";
import {
  type Codec,
  PACKET_SAMPLES,
  type SpeechBeginMessage,
  type WelcomeMessage,
} from "../../../src/core/protocol/v2.ts";
import { must } from "../checks/fault.ts";
import { frameMarkers, type Marker, SENTENCE_NAME, samplesOf } from "../world/sound.ts";
import type { VirtualTimer, VirtualWorld } from "../world/virtual-world.ts";
import type { Page } from "./page.ts";

/** How often ears go on. */
const TICK_MS = 500;
/** Ticks between two reports. */
const REPORT_TICKS = 2;

/** What a v2 page got of one line, and how far it heard it. */
export interface Hearing {
  utterance: string;
  line: number | undefined;
  codec: Codec;
  priority: number;
  interrupts: boolean;
  /** Names of sentences, in the order in which their texts came. */
  texts: string[];
  /** Frames that came. */
  frames: number;
  /** The last one, and where its sound ended. */
  last: { sequence: number; marker: Marker; endsAt: number } | undefined;
  /** When it began. */
  begunAt: number;
  /** Nothing of it may be missing: the table has said so. */
  isOwed: boolean;
  /** Frames missing before the last that came. */
  missing: number;
  receivedMs: number;
  heardMs: number;
  /** Frames that the line has, once that is known. */
  chunks: number | undefined;
  isCancelled: boolean;
  /** Its server ended in the middle of it, and the next one has said so. */
  isBrokenOff: boolean;
  /** The page knows that nothing more comes. */
  isTold: boolean;
  /** When the table was first told how far it is heard. */
  reportedAt: number;
  /** Nothing more is heard of it. */
  isOver: boolean;
}

/** What a v2 page got, heard as a page hears: one line after the other, in real time, what interrupts first. */
export class FrameEars {
  readonly hearings: Map<string, Hearing> = new Map();
  readonly #page: Page;
  readonly #world: VirtualWorld;
  #offset = 0;
  #ticks = 0;
  #heardUntil = 0;
  /** Those of which sound came, in the order in which they sound. */
  readonly #order: Hearing[] = [];
  #timer: VirtualTimer | undefined;
  #hasStopped = false;
  /** Whether what comes now is all that was missed. */
  #isRecovered = false;

  constructor(page: Page, world: VirtualWorld) {
    this.#page = page;
    this.#world = world;
    page.listen("connected", () => this.#goOn());
    page.listen("begin", (message) => this.#begin(message));
    page.listen("sentence", ({ offset, utterance, sentence, text, words }) => {
      this.#count(offset);
      const hearing = this.#of(utterance);
      const [name] = SENTENCE_NAME.exec(text) ?? [text];
      if (hearing.line === undefined) hearing.line = Number(SENTENCE_NAME.exec(text)?.[1]);
      if (words) {
        must(
          hearing.texts[sentence] === name,
          () => `${page.name} was told when ${name} is said, but not what`,
        );
        return;
      }
      must(!hearing.texts.includes(name), () => `${page.name} was told ${name} twice`);
      must(sentence === hearing.texts.length, () => `${page.name} was told ${name} after ${hearing.texts}`);
      hearing.texts.push(name);
    });
    page.listen("frame", (frame) => this.#hear(frame));
    page.listen("fallback", ({ offset }) => this.#count(offset));
    page.listen("move", ({ offset }) => this.#count(offset));
    page.listen("end", ({ utterance, chunks, brokenOff = false }) => {
      const hearing = this.#of(utterance);
      hearing.chunks = chunks;
      hearing.isBrokenOff = brokenOff;
      this.#goOn();
    });
    page.listen("cancel", ({ utterance }) => {
      this.#hearOn();
      this.#of(utterance).isCancelled = true;
      this.#goOn();
    });
    page.listen("told", ({ id }) => {
      const hearing = this.hearings.get(id);
      // On dm20, which it falls back to where upgrades break off, a line only has a text.
      if (!hearing) return;
      must(!hearing.isTold, () => `${page.name} was told twice that line ${hearing.line} is over`);
      hearing.isTold = true;
    });
    page.listen("forgotten", ({ utterance }) => this.#finish(this.#of(utterance)));
  }

  /** The table says whether all that was missed follows. @param isAnother whether the server was started anew */
  welcome({ recovered, offset }: WelcomeMessage, isAnother: boolean): void {
    if (isAnother) this.#offset = offset;
    this.#isRecovered = recovered;
    for (const hearing of this.#open) hearing.isOwed = recovered && hearing.missing === 0;
  }

  stop(): void {
    this.#hearOn();
    this.#hasStopped = true;
    this.#world.clearTimer(this.#timer, this.#page.realm);
  }

  #begin({ offset, utterance, codec, priority, interrupt }: SpeechBeginMessage): void {
    this.#count(offset);
    const { name } = this.#page;
    this.#hearOn();
    must(!this.hearings.has(utterance), () => `${name} was told twice that a line begins`);
    this.hearings.set(utterance, {
      utterance,
      line: undefined,
      codec,
      priority,
      interrupts: interrupt === true,
      texts: [],
      begunAt: this.#world.time.now,
      isOwed: this.#isRecovered,
      frames: 0,
      last: undefined,
      missing: 0,
      receivedMs: 0,
      heardMs: 0,
      chunks: undefined,
      isCancelled: false,
      isBrokenOff: false,
      isTold: false,
      reportedAt: Number.POSITIVE_INFINITY,
      isOver: false,
    });
    this.#goOn();
  }

  #count(offset: number): void {
    must(offset > this.#offset, () => `${this.#page.name} got message ${offset} after ${this.#offset}`);
    this.#offset = offset;
  }

  #of(utterance: string): Hearing {
    const hearing = this.hearings.get(utterance);
    must(hearing !== undefined, () => `${this.#page.name} was told of a line that has not begun`);
    return hearing;
  }

  #hear(frame: LineFrame): void {
    const { name } = this.#page;
    const hearing = this.#of(frame.utterance);
    const { last } = hearing;
    const { sequence, ptsSamples, discontinuity, packets } = frame;
    const markers = frameMarkers(frame.payload, hearing.codec === "opus", discontinuity);
    const [first] = markers;
    const what = (): string =>
      `${name}, frame ${sequence} (${JSON.stringify(first)}) after ${JSON.stringify(last)}`;
    must(
      first !== undefined && markers.length === packets,
      () => `${what()}: its packets are not what it says`,
    );
    must(first.line === hearing.line, () => `${what()}: of another line than ${hearing.line}`);
    must(!hearing.isCancelled, () => `${what()}: after the line was cancelled`);
    must(sequence > (last?.sequence ?? -1), () => `${what()}: twice, or late`);
    must((first.packet === 0) === discontinuity, () => `${what()}: a sentence begins, or not`);
    markers.forEach((marker, at) => {
      must(marker.packet === first.packet + at && marker.attempt === first.attempt, () => `${what()}: torn`);
    });
    const follows = sequence === (last?.sequence ?? -1) + 1;
    if (last && follows) {
      must(ptsSamples === last.endsAt, () => `${what()}: at ${ptsSamples} instead of ${last.endsAt}`);
      const goesOn = first.sentence === last.marker.sentence && first.attempt === last.marker.attempt;
      must(!goesOn || first.packet === last.marker.packet + 1, () => `${what()}: out of place`);
      must(goesOn || first.sentence > last.marker.sentence, () => `${what()}: the sentence once more`);
      must(goesOn || first.packet === 0, () => `${what()}: begins in the middle`);
    }
    must(
      follows || !hearing.isOwed || this.#page.wasSlow,
      () => `${what()}: although all that was missed was to follow`,
    );
    must(follows || discontinuity, () => `${what()}: goes on in the middle of a sentence`);
    must(first.sentence >= (last?.marker.sentence ?? 0), () => `${what()}: an earlier sentence`);
    this.#hearOn();
    if (!last) this.#queue(hearing);
    hearing.frames += 1;
    hearing.missing = sequence + 1 - hearing.frames;
    const samples = samplesOf(first.packet, first.packet + packets);
    const marker = markers.at(-1) as Marker;
    hearing.last = { sequence, marker, endsAt: ptsSamples + samples };
    hearing.receivedMs += (samples * 20) / PACKET_SAMPLES;
    this.#goOn();
  }

  #goOn(): void {
    if (this.#timer?.isPending || this.#hasStopped) return;
    if (this.#open.length > 0) {
      this.#world.as(this.#page.realm, () => {
        this.#timer = this.#world.setTimer(() => this.#tick(), TICK_MS);
      });
    }
  }

  #tick(): void {
    this.#hearOn();
    const open = this.#open;
    for (const hearing of open) {
      if (hearing.isCancelled || isHeard(hearing)) this.#finish(hearing);
    }
    const now = this.#audible;
    if (now && ++this.#ticks % REPORT_TICKS === 0) this.#report(now, false);
    this.#goOn();
  }

  get #open(): Hearing[] {
    return [...this.hearings.values()].filter(({ isOver }) => !isOver);
  }

  /** The first that has sound left. */
  get #audible(): Hearing | undefined {
    return this.#order.find(({ heardMs, receivedMs, isOver, isCancelled }) => {
      return heardMs < receivedMs && !isOver && !isCancelled;
    });
  }

  /** ms that are here and still to be heard. */
  get leftMs(): number {
    const own = this.#order.filter(({ isOver, isCancelled }) => !isOver && !isCancelled);
    return own.reduce((ms, { heardMs, receivedMs }) => ms + receivedMs - heardMs, 0);
  }

  /** It sounds after those that came before, unless they make way for it, and have not interrupted it meanwhile. */
  #queue(hearing: Hearing): void {
    const { interrupts, priority } = hearing;
    const since = [...this.hearings.values()].indexOf(hearing);
    const later = [...this.hearings.values()].slice(since);
    const makesWay = (other: Hearing): boolean =>
      !other.isOver &&
      !isHeard(other) &&
      (other.priority < priority ||
        (other.priority === priority && !(other.interrupts && later.includes(other))));
    const at = interrupts ? this.#order.findIndex(makesWay) : -1;
    this.#order.splice(at < 0 ? this.#order.length : at, 0, hearing);
  }

  /** Hears until now, before anything changes. */
  #hearOn(): void {
    const { now } = this.#world.time;
    let ms = now - this.#heardUntil;
    this.#heardUntil = now;
    for (let next = this.#audible; next && ms > 0; next = this.#audible) {
      const step = Math.min(ms, next.receivedMs - next.heardMs);
      next.heardMs += step;
      ms -= step;
    }
  }

  #finish(hearing: Hearing): void {
    hearing.isOver = true;
    this.#report(hearing, true);
  }

  #report(hearing: Hearing, ended: boolean): void {
    const { client, options, isMuted } = this.#page;
    if (!options.reports) return;
    hearing.reportedAt = Math.min(hearing.reportedAt, this.#world.time.now);
    const { utterance, heardMs } = hearing;
    client.heard({
      utterance,
      heardMs,
      state: isMuted ? "muted" : "playing",
      underruns: 0,
      leftMs: this.leftMs,
      ...(ended ? { ended } : {}),
    });
  }
}

/** Whether all of it was heard. */
function isHeard({ chunks, heardMs, receivedMs }: Hearing): boolean {
  return chunks !== undefined && heardMs >= receivedMs;
}
