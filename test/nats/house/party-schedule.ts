import { seeded } from "../../support/random.ts";
import { eventually, type HouseNode } from "./house.ts";
import type { TableAtNode } from "./table-at-node.ts";
import type { Choose } from "./wanderer.ts";
import { Dm20Wanderer, WanderingListener } from "./wandering-listener.ts";

const PLAYERS = ["thorin", "elara", "pip"];
/** Sentences of a line that is long enough to be cut in its middle, and of the others. */
const LONG = 6;
const SHORT = 2;
/** Of the last line, in whose middle a listener loses the connection. */
const LAST = 12;
/** ms that what was said may take to come to its end. */
const SETTLE_MS = 60_000;
const LOOK_MS = 200;
/** ms within which something happens that was decided. */
const SOON_MS = 600;

/** A line that was asked for, and was answered. */
interface SaidLine {
  id: string;
  /** A text that is in it alone. */
  word: string;
  /** Whose ears it is for; undefined: everybody's. */
  to: string | undefined;
  sentences: number;
}

/** What is private, by which it is found wherever it is. */
export interface Secret {
  table: number;
  player: string;
}

/** What is said at one table of a house, and who listens there, by a seed of its own, whatever happens to the nodes. */
export class PartySchedule {
  readonly table: number;
  readonly listeners: readonly WanderingListener[];
  readonly onDm20: Dm20Wanderer;
  /** By what is in a whisper's text, and by its name. */
  readonly secrets: Map<string, Secret> = new Map();
  readonly #said: SaidLine[] = [];
  readonly #saying: Promise<void>[] = [];
  readonly #nodes: () => readonly TableAtNode[];
  readonly #choose: Choose;
  readonly #chooseAgain: Choose;

  constructor(table: number, seed: number, house: () => readonly HouseNode[]) {
    this.table = table;
    this.#nodes = () => house().flatMap(({ tables }) => tables[table] ?? []);
    // Who comes when depends on the machine, what is said does not.
    const chooser = (stream: number): Choose => {
      const random = seeded(seed * 100 + stream);
      return (count) => Math.floor(random() * count);
    };
    this.#choose = chooser(0);
    this.#chooseAgain = chooser(1);
    this.listeners = PLAYERS.map((player, at) => new WanderingListener(player, this.#nodes, chooser(2 + at)));
    this.onDm20 = new Dm20Wanderer(PLAYERS[this.#choose(3)] ?? "", this.#nodes, chooser(9));
  }

  async begin(): Promise<void> {
    await Promise.all([...this.listeners, this.onDm20].map((listener) => listener.come()));
  }

  /** Something happens, soon. */
  async step(): Promise<void> {
    const kind = this.#choose(6);
    const player = this.#choose(PLAYERS.length);
    await Bun.sleep(this.#choose(SOON_MS));
    if (kind === 0) this.#say(undefined, SHORT);
    else if (kind === 1 || kind === 2) this.#say(undefined, LONG);
    else if (kind === 3) this.#say(PLAYERS[player], this.#choose(2) === 0 ? SHORT : LONG);
    else if (kind === 4) this.listeners[player]?.cut();
    else this.onDm20.cut();
  }

  /** Resolves when all that was asked for is told to everybody, and over; or is not for long. */
  async settle(): Promise<void> {
    await Promise.all(this.#saying);
    const { id } = this.#say(undefined, LAST);
    const until = performance.now() + SETTLE_MS;
    const cut = this.#listenerToCut;
    const hasBegun = (): boolean => (cut.clients.at(-1)?.framesOf(id).length ?? 0) > 0;
    await eventually(async () => performance.now() > until || hasBegun());
    cut.cut();
    await Promise.all(this.#saying);
    const isOver = (listener: WanderingListener): boolean =>
      listener.texts.length >= this.#textsFor(listener).length && this.#openFor(listener).length === 0;
    while (performance.now() < until && !this.listeners.every(isOver)) await Bun.sleep(LOOK_MS);
  }

  goHome(): void {
    for (const listener of [...this.listeners, this.onDm20]) listener.goHome();
  }

  /** Whether the sound of the last line went on where it was for the one who lost the connection in its middle. */
  get isResumed(): boolean {
    const heard = this.#listenerToCut.soundOf(this.#lastLine);
    const isGapless = heard.every(({ frame }, at) => frame.sequence === at);
    return isGapless && new Set(heard.map(({ client }) => client)).size > 1;
  }

  /** What was told otherwise than it is to be. */
  get faults(): string[] {
    const sounds = new Map<string, string>();
    return [
      ...this.listeners.flatMap((listener) => [
        ...this.#textFaults(listener),
        ...this.#soundFaults(listener, sounds),
        ...this.#leaks(listener),
      ]),
      ...this.#leaks(this.onDm20),
    ];
  }

  get #lastLine(): string {
    return this.#said.at(-1)?.id ?? "";
  }

  get #listenerToCut(): WanderingListener {
    return this.listeners[this.table % this.listeners.length] as WanderingListener;
  }

  #for({ player }: { player: string }): SaidLine[] {
    return this.#said.filter(({ to }) => to === undefined || to === player);
  }

  #textsFor(listener: { player: string }): string[] {
    return this.#for(listener).flatMap(({ id, sentences }) =>
      Array.from({ length: sentences }, (_, sentence) => `${id} ${sentence}`),
    );
  }

  #openFor(listener: WanderingListener): SaidLine[] {
    return this.#for(listener).filter(({ id }) => listener.endOf(id) === undefined);
  }

  #textFaults(listener: WanderingListener): string[] {
    const counts = new Map(this.#textsFor(listener).map((text) => [text, 0]));
    for (const text of listener.texts) counts.set(text, (counts.get(text) ?? Number.NaN) + 1);
    return [
      ...[...counts]
        .filter(([, count]) => count !== 1)
        .map(([text, count]) => `${listener.player} was told ${text} ${count} times`),
      ...this.#openFor(listener).map(({ id }) => `${listener.player} was not told the end of ${id}`),
    ];
  }

  /** @param sounds of other listeners, by line and frame */
  #soundFaults(listener: WanderingListener, sounds: Map<string, string>): string[] {
    const faults: string[] = [];
    const { lines } = listener;
    for (const [handle, heard] of listener.sound) {
      const line = lines.get(handle);
      const fault = (what: string): void => void faults.push(`${listener.player}, ${line}: ${what}`);
      if (line === undefined) fault(`sound of a line that they were not told of (${handle})`);
      let next = 0;
      for (const { frame } of heard) {
        const { sequence, discontinuity, payload } = frame;
        if (sequence < next) fault(`frame ${sequence} after ${next - 1}`);
        if (sequence > next && !discontinuity) fault(`frame ${sequence} after ${next - 1} in mid-sentence`);
        next = sequence + 1;
        const bytes = Buffer.from(payload).toString("latin1");
        const place = `${handle} ${sequence}`;
        if ((sounds.get(place) ?? bytes) !== bytes) fault(`frame ${sequence} is another one than for others`);
        sounds.set(place, bytes);
      }
    }
    const last = this.#lastLine;
    const heard = listener.soundOf(last);
    const { chunks } = listener.endOf(last) ?? {};
    // What a killed node had made and nobody had asked it for is gone; now all of them are well.
    if (heard.length !== chunks)
      faults.push(`${listener.player}, ${last}: ${heard.length} frames of ${chunks}`);
    return faults;
  }

  /** Others' whispers on a listener's wire. */
  #leaks({ player, all }: { player: string; all: string }): string[] {
    return [...this.secrets]
      .filter(([mark, secret]) => secret.player !== player && all.includes(mark))
      .map(([mark, secret]) => `${player} was told ${mark}, which is for ${secret.player}`);
  }

  #say(to: string | undefined, sentences: number): SaidLine {
    const number = this.#saying.length;
    const word = `${to === undefined ? "word" : "whisper"}${this.table}x${number}y`;
    const rest = Array.from({ length: 16 }, () => "0123456789abcdef"[this.#choose(16)]).join("");
    const digits = `${this.table}`.padStart(5, "0") + `${number}`.padStart(5, "0");
    const id = (to === undefined ? "a11a11" : "5ec2e7") + digits + rest;
    const said = { id, word, to, sentences };
    if (to !== undefined)
      for (const mark of [word, id]) this.secrets.set(mark, { table: this.table, player: to });
    this.#saying.push(this.#ask(said).then(() => void this.#said.push(said)));
    return said;
  }

  /** A caller who gets no answer asks another node, by the same name. */
  async #ask({ id, word, to, sentences }: SaidLine): Promise<void> {
    const text = Array.from(
      { length: sentences },
      (_, at) => `This is sentence ${at + 1} of ${word}, and goes on for as long as that.`,
    ).join(" ");
    const line = { text, ...(to === undefined ? {} : { to: [to] }) };
    for (;;) {
      const nodes = this.#nodes();
      const asked = nodes[this.#chooseAgain(nodes.length)];
      const answer = await asked?.beginAs(id, line).catch(() => undefined);
      if (answer?.ok) return;
      await Bun.sleep(100);
    }
  }
}
