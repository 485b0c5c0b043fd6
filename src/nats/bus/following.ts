import type { Msg } from "@nats-io/nats-core";
import { z } from "zod";
import { within } from "../../core/async/abortable.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { LineMessage } from "../../party/fan-out/line-parts.ts";
import { jsonIn } from "../log/log-entry.ts";
import type { Answer } from "./catch-up.ts";
import type { BusParts } from "./holding.ts";
import type { PlacedPart } from "./party-lines.ts";
import { decodeBurst, type SoundBurst } from "./sound-burst.ts";

/** What waits for what comes before it: messages, and bursts of sound. */
const HELD_MESSAGES = 4_000;
const HELD_BURSTS = 1_000;
/** ms between two questions that nobody answered, and ms that a server may take until what was subscribed to comes. */
const ASK_AGAIN_MS = 200;
/** ms that a holder may take to answer. */
const ANSWER_MS = 1_000;
/** ms that somebody who was let in may take to come. */
const ARRIVING_MS = 10_000;
const FRAME_ENCODINGS: readonly Encoding[] = ["opus", "opus-low", "pcm16"];
const SETTLE_MS = 500;

const toldPlace = { v: z.literal(1), e: z.number(), i: z.number() };
const toldSchema = z.union([
  z.object({ ...toldPlace, s: z.string(), parts: z.array(z.looseObject({ u: z.string(), k: z.number() })) }),
  z.object({ ...toldPlace, k: z.number(), u: z.string(), m: z.looseObject({ is: z.string() }) }),
]);

/** An entry of the log, or a message behind one that is not stored. */
type Told = { e: number; i: number } & (
  | { s: string; parts: PlacedPart[] }
  | { k: number; u: string; m: LineMessage }
);

/** What following has to know of its node. */
export interface FollowingNode {
  /** Players who are connected here. */
  players: () => readonly string[];
  isHere: (player: string) => boolean;
  /** Whether a game master is. */
  hasConsole: () => boolean;
  /** Called where nobody answers as the party's holder. */
  onNobody: () => void;
}

/** Follows what a party's holder tells: entries of its log in their order, each once, and sound behind them. */
export class Following {
  readonly #parts: BusParts;
  readonly #node: FollowingNode;
  #stops: (() => void)[] = [];
  readonly #sounds = new Map<Encoding, () => void>();
  readonly #players = new Set<string>();
  /** Those who are about to come, and when they were let in. */
  readonly #arriving = new Map<string, number>();
  /** Parts of entries that are for players here alone, until the entry comes. */
  readonly #whispers = new Map<number, PlacedPart[]>();
  /** The highest that was heard of: whoever says something with a lower one does not hold the party any more. */
  #epoch = 0;
  #holder: string | undefined;
  #held: Told[] = [];
  #bursts: SoundBurst[] = [];
  #asking: Promise<boolean> | undefined;
  #isOpen = false;

  constructor(parts: BusParts, node: FollowingNode) {
    this.#parts = parts;
    this.#node = node;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The session of the holder, as far as one was heard of. */
  get holder(): string | undefined {
    return this.#holder;
  }

  /** Encodings of sound for all that come to this node. */
  get sounds(): ReadonlySet<Encoding> {
    return new Set(this.#sounds.keys());
  }

  /** This node's own entries count as heard of. */
  holds(session: string, epoch: number): void {
    this.#holder = session;
    this.#epoch = Math.max(this.#epoch, epoch);
  }

  /** Begins to follow, and resolves when all is here that was said so far, or nobody knows it. Never rejects. */
  async open(): Promise<void> {
    if (this.#isOpen) {
      await this.#asking;
      return;
    }
    this.#isOpen = true;
    const { connections, subjects } = this.#parts;
    const { text, sound, node } = connections;
    this.#stops.push(
      text.listen(subjects.told, (message) => this.#take(message, false)),
      text.listen(subjects.inbox(node), (message) => this.#take(message, true)),
      sound.listen(subjects.inboxSound(node), (message) => this.#takeSound(message)),
    );
    await this.#settle();
    await this.ask();
  }

  /** Has sound for all come to this node in these encodings. */
  hear(encodings: readonly Encoding[]): void {
    const { connections, subjects } = this.#parts;
    if (!this.#isOpen) return;
    for (const encoding of encodings) {
      if (this.#sounds.has(encoding)) continue;
      const stop = connections.sound.listen(subjects.sound(encoding), (message) => this.#takeSound(message));
      this.#sounds.set(encoding, stop);
    }
  }

  /** Nothing more comes to this node than is needed here. @param encodings undefined: nobody is here */
  rest(encodings: ReadonlySet<Encoding> | undefined): void {
    this.noteArrivals();
    if (!this.#isOpen || this.#asking || this.#arriving.size > 0) return;
    if (!encodings) this.close();
    for (const [encoding, stop] of this.#sounds) {
      if (encodings?.has(encoding)) continue;
      stop();
      this.#sounds.delete(encoding);
    }
  }

  /** Somebody is about to listen here: resolves when all is here that they may hear. Never rejects. */
  async admit(player: string, isV2: boolean): Promise<void> {
    this.#arriving.set(player, performance.now());
    // Which codec a client of v2 wants is not known before its hello: until it is here it gets what there is.
    const encodings: readonly Encoding[] = isV2 ? FRAME_ENCODINGS : ["dm20"];
    const opening = this.open();
    this.hear(encodings);
    await opening;
    await this.#settle();
    // The holder has to know that they come, and what was said to them while they were not here is asked for.
    await this.ask([player]);
    await this.#soundOf(player, encodings);
  }

  /** Somebody was connected, or is not any more. */
  noteArrivals(): void {
    const since = performance.now() - ARRIVING_MS;
    for (const [player, at] of this.#arriving)
      if (at < since || this.#node.isHere(player)) this.#arriving.delete(player);
  }

  /** Players who were let in a moment ago and are not here yet. */
  get arriving(): string[] {
    this.noteArrivals();
    return [...this.#arriving.keys()].filter((player) => player !== "");
  }

  /** Asks the holder for what is missing. @param fresh players of whom nothing is known yet */
  async ask(fresh: readonly string[] = []): Promise<void> {
    while (this.#asking) await this.#asking;
    const present = new Set([...this.#node.players(), ...this.arriving, ...fresh]);
    for (const player of this.#players) if (!present.has(player)) this.#players.delete(player);
    // Who came while this node held the party, or was here before it followed, was not asked for either.
    const all = [...present].filter((player) => fresh.includes(player) || !this.#players.has(player));
    for (const player of all) this.#players.add(player);
    this.#asking = this.#ask(all);
    const isAnswered = await this.#asking;
    this.#asking = undefined;
    this.#passBursts();
    // Whoever tells more meanwhile, or holds the party next, has it asked for again.
    if (!isAnswered) return;
    const held = this.#held;
    this.#held = [];
    for (const told of held) this.#tell(told);
    this.#passBursts();
  }

  close(): void {
    this.#isOpen = false;
    for (const stop of [...this.#stops.splice(0), ...this.#sounds.values()]) stop();
    this.#sounds.clear();
    this.#players.clear();
    this.#whispers.clear();
    this.#held = [];
    this.#bursts = [];
  }

  /** @returns whether somebody answered */
  async #ask(fresh: readonly string[]): Promise<boolean> {
    const { connections, subjects, lines } = this.#parts;
    for (let isMore = true; isMore; ) {
      const players = [...this.#players];
      const console = this.#node.hasConsole();
      const question = { v: 1, node: connections.node, have: lines.entry, players, fresh, console };
      try {
        const message = await connections.text.request(subjects.ask, JSON.stringify(question), {
          ms: ANSWER_MS,
        });
        isMore = this.#catchUp(jsonIn(message.data) as Answer);
      } catch (error) {
        // Whoever takes the party tells all nodes so, and those ask then. A holder that is alive but slow keeps it.
        if (connections.text.isUp) this.#node.onNobody();
        if ((error as { code?: unknown }).code !== "not-found")
          setTimeout(() => this.#isOpen && void this.ask(), ASK_AGAIN_MS);
        return false;
      }
    }
    return true;
  }

  /** @returns whether there is more to be asked for */
  #catchUp({ v, e, s, entries, passed, lines: open, more }: Answer): boolean {
    const { lines } = this.#parts;
    if (v !== 1 || e < this.#epoch) return false;
    this.#epoch = e;
    this.#holder = s;
    lines.catchUp(entries, passed);
    for (const { u, heardMs } of open) lines.get(u)?.hint(heardMs);
    for (const line of lines.all) {
      if (!more && !open.some(({ u }) => u === line.id)) line.end();
      line.forgetTold();
      line.tellNeed();
    }
    return more;
  }

  /** Sound of what is being said, so that somebody who comes back goes on where they were. */
  async #soundOf(player: string, encodings: readonly Encoding[]): Promise<void> {
    const open = [...this.#parts.lines.all].filter(
      (line) => line.isOpen && !line.made && (line.to === "all" || line.to.includes(player)),
    );
    await Promise.all(open.map((line) => line.fetch(encodings)));
  }

  /** What was subscribed to comes from here on. */
  async #settle(): Promise<void> {
    const { text, sound } = this.#parts.connections;
    const late = (): Error => new Error("the server does not answer");
    const settled = Promise.all([text.client.flush(), sound.client.flush()]);
    settled.catch(() => undefined);
    if (text.isUp && sound.isUp) await within(settled, { ms: SETTLE_MS, late }).catch(() => undefined);
  }

  #take(message: Msg, isWhisper: boolean): void {
    const told = toldSchema.safeParse(jsonIn(message.data)).data as Told | undefined;
    // This node's own come back to it, too.
    if (!told || told.e < this.#epoch || this.#parts.holdsAt(told.e)) return;
    if (isWhisper && "parts" in told) this.#whispers.set(told.i, told.parts);
    else if (this.#asking) this.#hold(told);
    else this.#tell(told);
  }

  #hold(told: Told): void {
    if (this.#held.length < HELD_MESSAGES) this.#held.push(told);
  }

  #tell(told: Told): void {
    const { lines } = this.#parts;
    // Of lines of the holder before nobody says any more that they are over.
    if (told.e > this.#epoch && this.#epoch > 0) void this.ask();
    this.#epoch = Math.max(this.#epoch, told.e);
    if ("parts" in told) {
      this.#holder = told.s;
      const whispers = this.#whispers.get(told.i) ?? [];
      this.#whispers.delete(told.i);
      if (told.i <= lines.entry) return;
      if (told.i > lines.entry + 1) {
        if (whispers.length > 0) this.#whispers.set(told.i, whispers);
        this.#hold(told);
        void this.ask();
        return;
      }
      const parts = [...told.parts, ...whispers].sort((a, b) => a.k - b.k);
      lines.tell(told.i, parts);
      this.#passBursts();
    } else if (told.i > lines.entry) {
      this.#hold(told);
      void this.ask();
    } else lines.passIfNew(told.i, told.k, told);
  }

  #takeSound(message: Msg): void {
    const burst = decodeBurst(message.data);
    if (!burst || burst.head.e < this.#epoch || this.#parts.holdsAt(burst.head.e)) return;
    if (burst.head.i <= this.#parts.lines.entry && !this.#asking)
      this.#parts.lines.get(burst.head.u)?.take(burst);
    else if (this.#bursts.length < HELD_BURSTS) this.#bursts.push(burst);
  }

  #passBursts(): void {
    const bursts = this.#bursts;
    this.#bursts = [];
    for (const burst of bursts) {
      if (burst.head.i <= this.#parts.lines.entry) this.#parts.lines.get(burst.head.u)?.take(burst);
      else this.#bursts.push(burst);
    }
  }
}
