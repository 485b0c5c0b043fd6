import type { Msg } from "@nats-io/nats-core";
import { z } from "zod";
import { within } from "../../core/async/abortable.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { LineMessage } from "../../party/fan-out/line-parts.ts";
import { jsonIn } from "../log/log-entry.ts";
import type { Answer, BusParts } from "./holding.ts";
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

/** Follows what a party's holder tells: entries of its log in their order, each once, and sound behind them. */
export class Following {
  readonly #parts: BusParts;
  /** Called where nobody answers as the party's holder. */
  readonly #onNobody: () => void;
  #stops: (() => void)[] = [];
  /** What ends each of them. */
  readonly #sounds = new Map<Encoding, () => void>();
  /** Players here of whom everything that was said to them is known. */
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
  #asking: Promise<void> | undefined;
  #isOpen = false;

  constructor(parts: BusParts, onNobody: () => void) {
    this.#parts = parts;
    this.#onNobody = onNobody;
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
    if (this.#isOpen) return this.#asking;
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
    for (const encoding of encodings) {
      if (this.#sounds.has(encoding)) continue;
      const stop = connections.sound.listen(subjects.sound(encoding), (message) => this.#takeSound(message));
      this.#sounds.set(encoding, stop);
    }
  }

  /** Somebody is about to listen here: resolves when all is here that they may hear. Never rejects. */
  async admit(player: string, encodings: readonly Encoding[]): Promise<void> {
    this.#arriving.set(player, performance.now());
    this.hear(encodings);
    await this.open();
    await this.#settle();
    // The holder has to know that they come, and what was said to them while they were not here is asked for.
    await this.ask([player]);
    await this.#soundOf(player, encodings);
  }

  /** Players who were let in a moment ago and may not be here yet, beside those who are. */
  arriving(here: readonly string[]): string[] {
    const since = performance.now() - ARRIVING_MS;
    for (const [player, at] of this.#arriving)
      if (at < since || here.includes(player)) this.#arriving.delete(player);
    return [...this.#arriving.keys()].filter((player) => player !== "");
  }

  /** Asks the holder for what is missing. @param fresh players of whom nothing is known yet */
  async ask(fresh: readonly string[] = []): Promise<void> {
    while (this.#asking) await this.#asking;
    for (const player of fresh) this.#players.add(player);
    this.#asking = this.#ask(fresh);
    await this.#asking;
    this.#asking = undefined;
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
  }

  async #ask(fresh: readonly string[]): Promise<void> {
    const { connections, subjects, lines } = this.#parts;
    for (let isMore = true; isMore; ) {
      const players = [...this.#players];
      const question = { v: 1, node: connections.node, have: lines.entry, players, fresh };
      try {
        const message = await connections.text.request(subjects.ask, JSON.stringify(question), {
          ms: ANSWER_MS,
        });
        isMore = this.#catchUp(jsonIn(message.data) as Answer);
      } catch (error) {
        // Whoever takes the party tells all nodes so, and those ask then. A holder that is alive but slow keeps it.
        if (connections.text.isUp) this.#onNobody();
        if ((error as { code?: unknown }).code !== "not-found")
          setTimeout(() => this.#isOpen && void this.ask(), ASK_AGAIN_MS);
        return;
      }
    }
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
    // Which codec a client of v2 wants is not known before its hello: it gets what there is.
    const all = encodings.includes("dm20") ? encodings : FRAME_ENCODINGS;
    await Promise.all(open.map((line) => line.fetch(all)));
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
