import type { Msg } from "@nats-io/nats-core";
import { z } from "zod";
import { nextTurn } from "../../core/async/time-slicer.ts";
import { BardcastError } from "../../core/errors.ts";
import type { Audience } from "../../core/protocol/speak-request.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { LineMessage } from "../../party/fan-out/line-parts.ts";
import type { Connections } from "../connections.ts";
import type { Claim } from "../lease/leases.ts";
import { brokenOff } from "../log/broken-off.ts";
import { entryOf, jsonIn, type LogEntry, type LogPart } from "../log/log-entry.ts";
import { FencedError, type PartyLog } from "../log/party-log.ts";
import type { PartySubjects } from "../subjects.ts";
import { type Away, firstNeed } from "./away.ts";
import type { BusLine } from "./bus-line.ts";
import { type Heard, readHeard } from "./line-needs.ts";
import { isFor, type PartyLines, type PlacedPart, placed } from "./party-lines.ts";
import { clipBursts, frameBursts } from "./sound-out.ts";

/** Parts of one entry, and characters of them; of what waits to be stored, and of what is remembered for who asks. */
const ENTRY_PARTS = 256;
const WAITING_PARTS = 4_000;
const REMEMBERED_ENTRIES = 2_000;
/** Bytes of one answer; a server takes 1 MiB of one message by default. */
const ANSWER_CHARS = 384 * 1024;

const askSchema = z.object({
  v: z.literal(1),
  node: z.string(),
  /** The last entry that was told there. */
  have: z.number().int().nonnegative(),
  /** Players who are there, or are about to come. */
  players: z.array(z.string()),
  /** Those among them of whom the node knows nothing yet. */
  fresh: z.array(z.string()),
});

/** What a node is told that asks. */
export interface Answer {
  v: 1;
  e: number;
  /** The session of the holder. */
  s: string;
  /** With the parts that are for somebody there; those of earlier entries are for the fresh ones. */
  entries: { i: number; parts: PlacedPart[] }[];
  /** What was told behind an entry, of lines that are not over. */
  passed: { i: number; k: number; u: string; m: LineMessage }[];
  /** Lines that are not over: how much sound of them there is, and how far it was heard. */
  lines: { u: string; frames: number; clips: number; heardMs?: number }[];
  /** More follows behind the last of these entries. */
  more: boolean;
}

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
   * live to finish are broken off.
   * @throws FencedError where somebody else was quicker; BardcastError `busy` where the log cannot be read
   */
  async open(): Promise<void> {
    const { log, lines, subjects, connections } = this.#parts;
    const entries = await log.read();
    const last = entries.at(-1)?.i ?? 0;
    const first = this.#entry(last + 1, brokenOff(entries));
    await log.append(first, this.claim.lost);
    for (const entry of [...entries, first]) this.#remember(entry);
    lines.catchUp(this.#entries);
    lines.endOthers();
    const { text } = connections;
    this.#stops.push(
      text.listen(subjects.ask, (message) => this.#answer(message)),
      text.listen(subjects.heard, (message) => this.#hear(message)),
      text.listen(subjects.do, this.#serve),
    );
    this.#tell(first);
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

  gone(nodes: readonly string[]): void {
    for (const line of this.#parts.lines.all) for (const node of nodes) line.others.gone(node);
  }

  /** Texts and ends of lines that are not stored yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
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
      const entry = this.#entry(lines.entry + 1, this.#waiting.splice(0, ENTRY_PARTS));
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
    }
    this.#isStoring = false;
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
      for (const node of part.to === "all" ? [] : this.#nodesOf(part.u, part.to))
        whispers.set(node, [...(whispers.get(node) ?? []), part]);
    for (const [node, theirs] of whispers) connections.text.publish(subjects.inbox(node), text(theirs));
    connections.text.publish(subjects.told, text(all.filter(({ to }) => to === "all")));
  }

  /** Where somebody is whom a whisper is for, or was who may come back to it. */
  #nodesOf(line: string, to: Audience): Set<string> {
    const { away, lines } = this.#parts;
    const readers = lines.get(line)?.others.nodesWithReaders ?? [];
    return new Set([...away.nodesOf(to).map(({ node }) => node), ...readers]);
  }

  #answer(message: Msg): void {
    const asked = askSchema.safeParse(jsonIn(message.data)).data;
    if (!asked || this.claim.lost.aborted) return;
    const { lines, away } = this.#parts;
    away.expect(asked.node, asked.players);
    const entries: Answer["entries"] = [];
    let chars = 0;
    let more = false;
    for (const { i, parts } of this.#entries) {
      const theirs =
        i > asked.have
          ? parts.filter(({ to }) => isFor(to, asked.players))
          : parts.filter(({ to }) => to !== "all" && isFor(to, asked.fresh));
      if (i <= asked.have && theirs.length === 0) continue;
      more = chars > ANSWER_CHARS;
      if (more) break;
      entries.push({ i, parts: theirs });
      chars += JSON.stringify(theirs).length;
    }
    const isTheirs = (line: BusLine): boolean => isFor(line.to, asked.players);
    const passed = this.#passed.filter(({ line }) => isTheirs(line));
    const open = [...lines.all].filter((line) => isTheirs(line) && line.made && line.isOpen);
    const answer: Answer = {
      v: 1,
      e: this.claim.epoch,
      s: this.#parts.session(),
      entries,
      passed: more ? [] : passed.map(({ line, ...rest }) => ({ ...rest, u: line.id })),
      lines: more ? [] : open.map(soundOf),
      more,
    };
    message.respond(JSON.stringify(answer));
  }

  #hear(message: Msg): void {
    const heard = readHeard(jsonIn(message.data));
    const line = heard && this.#parts.lines.get(heard.u);
    if (!heard || !line || this.claim.lost.aborted) return;
    const { frames, clips } = line.active?.sound ?? {};
    message.respond(JSON.stringify({ frames: frames?.head ?? 0, clips: clips?.head ?? 0 }));
    if (heard.cancel) line.active?.cancel();
    if (heard.freeAt !== undefined) line.active?.schedule.start(heard.freeAt);
    line.others.take(heard);
    if (heard.missing) this.#sendAgain(line, heard.node, heard.missing);
  }

  /** What is kept of a line's sound, to one node. */
  #sendAgain(line: BusLine, node: string, from: NonNullable<Heard["missing"]>): void {
    const { connections, subjects, lines } = this.#parts;
    const { sound } = line.active ?? {};
    if (!sound) return;
    const state = line.sound?.state ?? { inside: false, done: 0 };
    const head = { e: this.claim.epoch, i: lines.entry, u: line.id, ...state };
    const send = (burst: Uint8Array): unknown => connections.sound.publish(subjects.inboxSound(node), burst);
    const frames = sound.frames.from(from.frames);
    const clips = sound.clips.from(from.clips);
    for (const encoding of from.in) {
      if (encoding !== "dm20")
        for (const burst of frameBursts(head, frames, encoding, sound.frames.head)) send(burst);
      else
        for (const [at, clip] of clips.entries())
          for (const burst of clipBursts(head, clip, sound.clips.head - clips.length + at)) send(burst);
    }
  }
}

function soundOf(line: BusLine): Answer["lines"][number] {
  const { sound, subscriptions = [] } = line.active ?? {};
  const places = [...subscriptions.flatMap(({ placeMs }) => placeMs ?? []), line.heardMs ?? []].flat();
  const heardMs = places.length === 0 ? {} : { heardMs: Math.max(...places) };
  return { u: line.id, frames: sound?.frames.head ?? 0, clips: sound?.clips.head ?? 0, ...heardMs };
}
