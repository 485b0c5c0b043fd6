import type { Msg } from "@nats-io/nats-core";
import { deferred } from "../../core/async/deferred.ts";
import { nextTurn } from "../../core/async/time-slicer.ts";
import { BardcastError } from "../../core/errors.ts";
import type { Answer } from "../../core/protocol/answers.ts";
import type { Audience } from "../../core/protocol/speak-request.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { LineMessage } from "../../party/fan-out/line-parts.ts";
import type { Connections } from "../connections.ts";
import type { Claim } from "../lease/leases.ts";
import { brokenOff } from "../log/broken-off.ts";
import { entryOf, jsonIn, type LogEntry, type LogPart } from "../log/log-entry.ts";
import { FencedError, type PartyLog } from "../log/party-log.ts";
import type { PartySubjects } from "../subjects.ts";
import { type Away, firstNeed, type Here } from "./away.ts";
import type { BusLine } from "./bus-line.ts";
import { catchUpFor, readAsked } from "./catch-up.ts";
import { type Heard, readHeard } from "./line-needs.ts";
import { isFor, type PartyLines, type PlacedPart, placed } from "./party-lines.ts";
import { clipBursts, frameBursts } from "./sound-out.ts";
import type { SoundThere } from "./sound-recovery.ts";

/** Parts of one entry, and characters of them (a server takes 1 MiB of one message by default); of what waits to be stored, and of
 *  what is remembered for who asks. */
const ENTRY_PARTS = 256;
const ENTRY_CHARS = 192 * 1024;
const WAITING_PARTS = 4_000;
const REMEMBERED_ENTRIES = 2_000;
/** ms that nodes may take to say how lines of the holder before were heard. */
const REPORTS_MS = 2_000;

/** What holding a party shares with following it. */
export interface BusParts {
  connections: Connections;
  subjects: PartySubjects;
  lines: PartyLines;
  away: Away;
  log: PartyLog;
  /** The name under which this node lives. */
  session: () => string;
  /** Whether this node is the holder of that epoch. */
  holdsAt: (epoch: number) => boolean;
  warn: (message: string) => void;
}

/** One node's time as holder of a party: it alone stores what is said, and tells all nodes after that. */
export class Holding {
  readonly claim: Claim;
  readonly #parts: BusParts;
  readonly #waiting: LogPart[] = [];
  #isStoring = false;
  /** Oldest first. */
  #entries: { i: number; parts: PlacedPart[] }[] = [];
  #passed: { i: number; k: number; line: BusLine; m: LineMessage }[] = [];
  /** Answers that are being stored. */
  readonly #keeping = new Map<string, (isKept: boolean) => void>();
  #stops: (() => void)[] = [];
  /** Answers requests of other nodes to the party's API. */
  readonly #serve: (message: Msg) => void;

  /** @param serve answers what the party's API is asked by way of another node */
  constructor(claim: Claim, parts: BusParts, serve: (message: Msg) => void) {
    this.claim = claim;
    this.#parts = parts;
    this.#serve = serve;
  }

  /**
   * Reads what holders before have stored, and says in the log that this node is the holder now; lines that those did not
   * live to finish have the rest of their texts told, and are broken off.
   * @throws FencedError where somebody else was quicker; BardcastError `busy` where the log cannot be read
   */
  async open(): Promise<void> {
    const { log, lines, subjects, connections } = this.#parts;
    const entries = await log.read();
    const last = entries.at(-1)?.i ?? 0;
    const first = this.#entry(last + 1, []);
    await log.append(first, this.claim.lost);
    const left = await brokenOff(entries);
    for (const entry of [...entries, first]) this.#remember(entry);
    lines.catchUp(this.#entries);
    const ending = setTimeout(() => lines.endOthers(), REPORTS_MS);
    const { text } = connections;
    this.#stops.push(
      () => clearTimeout(ending),
      text.listen(subjects.ask, (message) => this.#answer(message)),
      text.listen(subjects.heard, (message) => this.#hear(message)),
      text.listen(subjects.do, this.#serve),
    );
    this.#tell(first);
    for (const part of left) this.#store(part);
  }

  /** Has a line stored that begins here. @throws BardcastError `busy` where too much waits for being stored */
  begin(line: BusLine): void {
    if (this.#waiting.length >= WAITING_PARTS) {
      const message = "NATS takes nothing at the moment, and no more is kept back for it: try again later";
      throw new BardcastError("busy", message, { retryable: true });
    }
    for (const here of this.#parts.away.nodesOf(line.to)) line.others.begin(here.node, firstNeed(here));
    this.#store({ u: line.id, to: line.to, b: line.begun });
  }

  store(line: BusLine, m: LineMessage): void {
    this.#store({ u: line.id, to: line.to, m });
  }

  /** Keeps what a player has told; resolves with false where this node loses the party before. */
  keep(answer: Answer): Promise<boolean> {
    const { promise, resolve } = deferred<boolean>();
    this.#keeping.set(answer.id, resolve);
    this.#store({ u: "", to: answer.private ? [answer.player] : "all", a: answer });
    return promise;
  }

  pass(line: BusLine, m: LineMessage): void {
    const { lines, subjects, connections } = this.#parts;
    const [i, k] = [lines.entry, lines.nextPlace()];
    lines.pass(i, k, { u: line.id, m });
    this.#passed.push({ i, k, line, m });
    const text = JSON.stringify({ v: 1, e: this.claim.epoch, i, k, u: line.id, m });
    if (line.to === "all") connections.text.publish(subjects.told, text);
    else
      for (const node of this.#nodesOf(line.id, line.to))
        connections.text.publish(subjects.inbox(node), text);
  }

  publish(line: BusLine, encoding: Encoding, bytes: Uint8Array): void {
    const { connections, subjects } = this.#parts;
    // Sound that comes late is of no use to anybody.
    if (connections.sound.isBehind) return;
    if (line.to === "all") connections.sound.publish(subjects.sound(encoding), bytes);
    else
      for (const node of line.others.nodesIn(encoding))
        connections.sound.publish(subjects.inboxSound(node), bytes);
  }

  /** A node is gone, and with it the connections of those who listened there. */
  gone({ node, players, observers }: Pick<Here, "node" | "players" | "observers">): void {
    for (const line of this.#parts.lines.all) {
      const theirs = players.filter(({ id }) => isFor(line.to, [id])).map(({ id }) => id);
      line.others.gone(node, { players: theirs, observers: line.to === "all" ? observers : 0 });
    }
  }

  /** Players are connected at some node. */
  came(players: readonly string[]): void {
    for (const line of this.#parts.lines.all) line.others.came(players);
  }

  /** Texts and ends of lines that are not stored yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    for (const id of [...this.#keeping.keys()]) this.#kept(id, false);
    this.#parts.lines.lose();
  }

  #entry(i: number, parts: readonly LogPart[]): LogEntry {
    return entryOf({ e: this.claim.epoch, i, s: this.#parts.session(), parts });
  }

  #store(part: LogPart): void {
    this.#waiting.push(part);
    if (!this.#isStoring) void this.#storeAll();
  }

  async #storeAll(): Promise<void> {
    const { log, lines } = this.#parts;
    this.#isStoring = true;
    // What comes in one turn is stored together.
    await nextTurn();
    while (this.#waiting.length > 0 && !this.claim.lost.aborted) {
      const entry = this.#entry(lines.entry + 1, this.#nextParts());
      try {
        await log.append(entry, this.claim.lost);
      } catch (error) {
        if (!(error instanceof FencedError)) throw error;
        this.claim.fence();
        break;
      }
      // Whoever took the party meanwhile tells it.
      if (this.claim.lost.aborted) break;
      this.#remember(entry);
      lines.tell(entry.i, placed(entry.parts));
      this.#tell(entry);
      for (const { a } of entry.parts) if (a) this.#kept(a.id, true);
    }
    this.#isStoring = false;
  }

  #kept(answer: string, isKept: boolean): void {
    this.#keeping.get(answer)?.(isKept);
    this.#keeping.delete(answer);
  }

  /** What waits to be stored, as much as one entry takes. */
  #nextParts(): LogPart[] {
    let chars = 0;
    const end = this.#waiting.findIndex((part, at) => {
      chars += JSON.stringify(part).length;
      return at > 0 && (at >= ENTRY_PARTS || chars > ENTRY_CHARS);
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }

  #remember({ i, parts }: LogEntry): void {
    this.#entries.push({ i, parts: placed(parts) });
    if (this.#entries.length > REMEMBERED_ENTRIES) this.#entries.shift();
    this.#passed = this.#passed.filter(({ line }) => line.active?.state !== "done");
  }

  /** Whispers first: a node that has the entry has all of it that is for somebody there. */
  #tell({ e, i, s, parts }: LogEntry): void {
    const { connections, subjects } = this.#parts;
    const all = placed(parts);
    const text = (some: readonly PlacedPart[]): string => JSON.stringify({ v: 1, e, i, s, parts: some });
    const whispers = new Map<string, PlacedPart[]>();
    for (const part of all)
      for (const node of part.to === "all" ? [] : this.#nodesFor(part))
        whispers.set(node, [...(whispers.get(node) ?? []), part]);
    for (const [node, theirs] of whispers) connections.text.publish(subjects.inbox(node), text(theirs));
    connections.text.publish(subjects.told, text(all.filter(({ to }) => to === "all")));
  }

  /** A game master is told what players tell. */
  #nodesFor({ u, to, a }: LogPart): Set<string> {
    return new Set([...this.#nodesOf(u, to), ...(a ? this.#parts.away.nodesWithConsole : [])]);
  }

  /** Where somebody is whom a whisper is for, or was who may come back to it. */
  #nodesOf(line: string, to: Audience): Set<string> {
    const { away, lines } = this.#parts;
    const readers = lines.get(line)?.others.nodesWithReaders ?? [];
    return new Set([...away.nodesOf(to).map(({ node }) => node), ...readers]);
  }

  #answer(message: Msg): void {
    const asked = readAsked(message.data);
    if (!asked || this.claim.lost.aborted) return;
    this.#parts.away.expect(asked.node, asked.players);
    const { epoch } = this.claim;
    const state = { v: 1 as const, e: epoch, s: this.#parts.session() };
    const known = { entries: this.#entries, passed: this.#passed, lines: this.#parts.lines.all };
    message.respond(JSON.stringify({ ...state, ...catchUpFor(asked, known) }));
  }

  #hear(message: Msg): void {
    const heard = readHeard(jsonIn(message.data));
    const line = heard && this.#parts.lines.get(heard.u);
    if (!heard || !line || this.claim.lost.aborted) return;
    const { frames, clips } = line.active?.sound ?? {};
    const there: SoundThere = {
      frames: frames?.head ?? 0,
      clips: clips?.head ?? 0,
      keptFrames: frames?.tail ?? 0,
    };
    message.respond(JSON.stringify(there));
    if (heard.cancel) line.active?.cancel();
    if (heard.freeAt !== undefined) line.active?.schedule.start(heard.freeAt);
    line.others.take(heard);
    if (heard.missing) this.#sendAgain(line, heard.node, heard.missing);
  }

  /** What is kept of a line's sound, to one node. */
  #sendAgain(line: BusLine, node: string, from: NonNullable<Heard["missing"]>): void {
    const { connections, subjects, lines } = this.#parts;
    const { sound } = line.active ?? {};
    // Whoever asks will ask again.
    if (!sound || connections.sound.isBehind) return;
    const state = line.sound?.state ?? { inside: false, done: 0 };
    const head = { e: this.claim.epoch, i: lines.entry, u: line.id, ...state };
    const send = (burst: Uint8Array): unknown => connections.sound.publish(subjects.inboxSound(node), burst);
    const frames = sound.frames.from(from.frames);
    const clips = sound.clips.from(from.clips);
    const wanted = from.in.filter((encoding) => encoding !== "dm20");
    // Where a sentence was made in none of them it is sent in another, so that there is no hole.
    const others = frames
      .filter(({ messages }) => !wanted.some((encoding) => messages.has(encoding)))
      .flatMap(({ messages }) => [...messages.keys()].slice(0, 1));
    const encodings = [...new Set([...wanted, ...others])];
    for (const { bytes } of frameBursts(head, frames, encodings, sound.frames.head)) send(bytes);
    if (!from.in.includes("dm20")) return;
    for (const [at, clip] of clips.entries())
      for (const burst of clipBursts(head, clip, sound.clips.head - clips.length + at)) send(burst);
  }
}
