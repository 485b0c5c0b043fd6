import { BardcastError } from "../../core/errors.ts";
import type { Answer } from "../../core/protocol/answers.ts";
import type { Audience } from "../../core/protocol/speak-request.ts";
import type { ResolvedRequest } from "../../party/request/resolved-request.ts";
import type { Utterance } from "../../party/request/utterance.ts";
import { begunOf } from "../../party/speaking/line/begun-line.ts";
import type { CarriedTable, LineCarrier } from "../../party/speaking/line/line-carrier.ts";
import type { LogPart } from "../log/log-entry.ts";
import { BusLine, type LineHost } from "./bus-line.ts";

/** Numbers on the wire from one entry of the log to the next, and from one message in it to the next: nodes number what they
 *  tell single listeners between two of those. */
const ENTRY_NUMBERS = 2 ** 20;
const MESSAGE_NUMBERS = 2 ** 10;
/** Lines that are over and are still known, so that none is said twice. */
const REMEMBERED = 1_000;

/** The part of a log's entry that a node is told, and its place among all of that entry. */
export type PlacedPart = LogPart & { k: number };

/** All of an entry. */
export function placed(parts: readonly LogPart[]): PlacedPart[] {
  return parts.map((part, k) => ({ ...part, k }));
}

/** Whether somebody among those players may be told a line. */
export function isFor(to: Audience, players: Iterable<string>): boolean {
  if (to === "all") return true;
  for (const player of players) if (to.includes(player)) return true;
  return false;
}

/** Lines of the party, as far as this node knows them, in the order of the log. */
export class PartyLines implements LineCarrier {
  readonly epoch: string;
  readonly now: () => number;
  readonly #lines = new Map<string, BusLine>();
  /** Has a line that begins here stored; throws where this node does not hold the party. */
  readonly #begin: (line: BusLine) => void;
  readonly #host: Omit<LineHost, "sequencer">;
  readonly #answered: (answer: Answer) => void;
  #table: CarriedTable | undefined;
  /** The last entry that was told here, and messages told since its beginning. */
  #entry = 0;
  #messages = 0;

  /** @param options.begin has a line stored that begins here @throws BardcastError `busy` where this node does not hold the party */
  constructor(options: {
    epoch: string;
    now: () => number;
    begin: (line: BusLine) => void;
    host: Omit<LineHost, "sequencer">;
    /** A player has told something. */
    answered: (answer: Answer) => void;
  }) {
    this.epoch = options.epoch;
    this.now = options.now;
    this.#begin = options.begin;
    this.#host = options.host;
    this.#answered = options.answered;
  }

  /** The last entry of the log that was told here. */
  get entry(): number {
    return this.#entry;
  }

  get all(): Iterable<BusLine> {
    return this.#lines.values();
  }

  get(id: string): BusLine | undefined {
    return this.#lines.get(id);
  }

  attach(table: CarriedTable): void {
    this.#table = table;
  }

  say(request: ResolvedRequest): Utterance {
    const table = this.#open;
    const known = this.#lines.get(request.id);
    const said = known?.made?.utterance ?? known?.active;
    if (said) return said;
    const begun = begunOf(request, table.sequencer.nextHandle());
    const line = new BusLine(begun, { ...this.#host, sequencer: table.sequencer }, request);
    this.#begin(line);
    this.#lines.set(request.id, line);
    return line.made?.utterance as Utterance;
  }

  /** This node does not hold the party any more: whoever does says what becomes of its lines. */
  lose(): void {
    for (const line of this.#lines.values()) {
      line.lose();
      // Whoever asked for it may do so again.
      if (!line.active) this.#lines.delete(line.id);
    }
  }

  /** Nobody says any more that lines of those who held the party before are over. */
  endOthers(): void {
    for (const line of this.#lines.values()) line.end();
  }

  /** Tells the listeners here an entry of the log, or some of it. */
  tell(entry: number, parts: readonly PlacedPart[]): void {
    if (entry > this.#entry) {
      this.#entry = entry;
      this.#messages = 0;
    }
    for (const part of parts) this.#tellPart(part, this.#reach(entry, part.k));
  }

  /** Tells them entries of which some may have been told before, each message of a line once. */
  catchUp(
    entries: readonly { i: number; parts: readonly PlacedPart[] }[],
    passed: readonly ({ i: number; k: number } & Pick<LogPart, "u" | "m">)[] = [],
  ): void {
    const left = [...passed];
    const passTo = (entry: number): void => {
      while (left[0] && left[0].i <= entry)
        for (const { i, k, u, m } of left.splice(0, 1)) this.passIfNew(i, k, { u, m });
    };
    const before = this.#entry;
    const isNew = (i: number, { u, k }: PlacedPart): boolean =>
      offsetOf(i, k) > (this.#lines.get(u)?.toldTo ?? -1);
    for (const { i, parts } of entries) {
      passTo(i - 1);
      this.tell(i, i <= before ? parts.filter((part) => isNew(i, part)) : parts);
    }
    passTo(this.#entry);
  }

  /** Tells them what is not stored. @param k its place behind the entry */
  pass(entry: number, k: number, { u, m }: Pick<LogPart, "u" | "m">): void {
    const line = this.#lines.get(u);
    const offset = this.#reach(entry, k);
    if (line?.active && m) line.message(m, offset);
  }

  /** The same where it may have been told before. */
  passIfNew(entry: number, k: number, part: Pick<LogPart, "u" | "m">): void {
    const line = this.#lines.get(part.u);
    if (line && offsetOf(entry, k) > line.toldTo) this.pass(entry, k, part);
  }

  /** The place of the next message behind the entry. */
  nextPlace(): number {
    return this.#messages;
  }

  get #open(): CarriedTable {
    if (this.#table) return this.#table;
    throw new BardcastError("busy", "the table is not open yet", { retryable: true });
  }

  #tellPart({ u, b, m, a }: LogPart, offset: number): void {
    if (a) this.#answered(a);
    const known = this.#lines.get(u);
    if (b && !known?.active) this.#start(known ?? this.#followed(b), offset);
    else if (m && known?.active) known.stored(m, offset);
  }

  #followed(begun: NonNullable<LogPart["b"]>): BusLine {
    const line = new BusLine(begun, { ...this.#host, sequencer: this.#open.sequencer });
    this.#lines.set(begun.id, line);
    return line;
  }

  #start(line: BusLine, offset: number): void {
    const table = this.#open;
    const request = line.made?.request;
    if (!request) table.sequencer.reachedHandle(line.begun.handle);
    line.begin(offset, () => (request ? table.begin(request, line) : table.follow(line.begun, line)));
    void line.active?.done.then(() => this.#bound());
  }

  /** The number on the wire of a message. */
  #reach(entry: number, k: number): number {
    const offset = offsetOf(entry, k);
    this.#open.sequencer.reached(offset);
    if (entry === this.#entry) this.#messages = Math.max(this.#messages, k + 1);
    return offset;
  }

  #bound(): void {
    if (this.#lines.size <= REMEMBERED) return;
    for (const [id, { active }] of this.#lines) {
      if (active?.state !== "done") continue;
      this.#lines.delete(id);
      if (this.#lines.size <= REMEMBERED) return;
    }
  }
}

/** The number on the wire of a message: the entry it was told with or behind, and its place there. */
function offsetOf(entry: number, k: number): number {
  return entry * ENTRY_NUMBERS + Math.min(k, ENTRY_NUMBERS / MESSAGE_NUMBERS - 1) * MESSAGE_NUMBERS;
}
