import fc from "fast-check";
import type { PcmPiece } from "../../src/core/dsp/audio.ts";
import type { ListenerState } from "../../src/core/protocol/presence.ts";
import type { Utterance, UtteranceRequest } from "../../src/party/request/utterance.ts";
import type { Connection } from "../../src/party/transport/connection.ts";
import { Seat } from "./seat.ts";
import { type Table, until } from "./table.ts";
import { ToneEngine } from "./tone-engine.ts";
import type { Hello } from "./v2-client.ts";

const HELLOS = {
  ann: undefined,
  bob: { codecs: ["pcm16"] },
  cid: { codecs: ["opus"], sync: true },
  dan: { codecs: ["opus"] },
} as const;
const PLAYERS = Object.keys(HELLOS) as Player[];

/** Late with sentences that begin with "Slow", silent on "Bad", breaks off in "Ah". */
export class Moody extends ToneEngine {
  override async *synthesize(
    ...args: Parameters<ToneEngine["synthesize"]>
  ): AsyncGenerator<PcmPiece, void, undefined> {
    const [mood] = args[0].split(" ");
    if (mood === "Slow") await Bun.sleep(4);
    if (mood === "Bad") throw new Error("it cannot");
    for await (const piece of super.synthesize(...args)) {
      yield piece;
      if (mood === "Ah") throw new Error("it broke off");
    }
  }
}

type Player = keyof typeof HELLOS;

interface Speak {
  act: "speak";
  to: "all" | Player[];
  moods: string[];
  length: number;
  priority: number;
  interrupt: boolean | "drop";
  isWritten: boolean;
  /** So many ticks after another line was handed over. */
  after: { line: number; ticks: number } | null;
}

type Act =
  | Speak
  | { act: "cancel"; line: number }
  | { act: "cut"; who: Player; share: number }
  | { act: "come"; who: Player }
  | { act: "read"; who: Player; on: boolean }
  | { act: "settings"; who: Player; muted: boolean; sync: boolean; captions: boolean }
  | { act: "heard"; who: Player; line: number; ended: boolean; state: ListenerState };

/** What is done, how long it takes until the next is, and who is here before. */
interface Plan {
  acts: [Act, string, number][];
  queueBytes: number;
  here: Player[];
}

const who = fc.constantFrom(...PLAYERS);
const nth = fc.nat(7);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant("speak" as const),
      to: fc.oneof(fc.constant("all" as const), fc.subarray(PLAYERS, { minLength: 1 })),
      moods: fc.array(fc.constantFrom("Say", "Say", "Slow", "Bad", "Ah"), { minLength: 1, maxLength: 3 }),
      length: fc.constantFrom(0, 20, 60),
      priority: fc.integer({ min: 0, max: 2 }),
      interrupt: fc.constantFrom(false, true, "drop" as const),
      isWritten: fc.boolean(),
      after: fc.option(fc.record({ line: nth, ticks: fc.nat(6) })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("cancel" as const), line: nth }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant("cut" as const),
      who,
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("come" as const), who }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("read" as const), who, on: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("settings" as const),
      who,
      muted: fc.boolean(),
      sync: fc.boolean(),
      captions: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("heard" as const),
      who,
      line: nth,
      ended: fc.boolean(),
      state: fc.constantFrom<ListenerState[]>("playing", "muted", "lagging", "text-only"),
    }),
  },
);

export const evenings: fc.Arbitrary<Plan> = fc.record({
  acts: fc.array(fc.tuple(act, fc.constantFrom("ticks", "turns", "ms"), fc.nat(9)), { maxLength: 25 }),
  queueBytes: fc.constantFrom(16 * 1024, 1024 * 1024),
  here: fc.subarray(PLAYERS),
});

/** A line, and what is to be known of it. */
export interface Said {
  line: Utterance;
  to: UtteranceRequest["to"];
  texts: string[];
  isWritten: boolean;
  isCancelled: boolean;
  priority: number;
  drops: boolean;
  /** Who could hear it at once. */
  listeners: Map<string, Connection>;
}

/** A party at which everything happens at once. */
export class Evening {
  readonly said: Said[] = [];
  readonly seats: Map<string, Seat>;
  readonly #table: Table;
  readonly #promised: Promise<void>[] = [];

  constructor(table: Table) {
    this.#table = table;
    this.seats = new Map(PLAYERS.map((player) => [player, new Seat(table, player, asHello(player))]));
  }

  do(action: Act): void {
    const seat = "who" in action ? this.seats.get(action.who) : undefined;
    const said = "line" in action ? this.said[action.line] : undefined;
    if (action.act === "speak") this.#speakAfter(action);
    else if (action.act === "come") seat?.come();
    else if (action.act === "cut") seat?.cut(action.share);
    else if (action.act === "read") seat?.socket?.read(action.on);
    else if (action.act === "settings") seat?.connection?.v2?.change({ ...action, type: "settings" });
    else if (action.act === "heard" && said) this.#report(seat, said, action);
    else if (action.act === "cancel" && said) {
      said.isCancelled = true;
      said.line.cancel();
    }
  }

  /** Everybody comes back and reads, until nothing is left to hear. */
  async end(): Promise<void> {
    for (let lines = -1; lines < this.said.length; ) {
      lines = this.said.length;
      for (const seat of this.seats.values()) {
        seat.socket?.read(true);
        seat.come();
      }
      await Promise.all([...this.#promised, ...this.said.map(({ line }) => line.handedOver)]);
    }
    for (const seat of this.seats.values()) {
      for (const said of this.said) this.#report(seat, said, { state: "playing", ended: true });
    }
    await Promise.all(this.said.map(({ line }) => line.done));
    await until(() => [...this.seats.values()].every(({ hasHeardAll }) => hasHeardAll));
    await this.#table.streams.close();
    this.#table.connections.closeAll();
    for (const { connection } of this.seats.values()) connection?.ended();
  }

  #speakAfter(action: Speak): void {
    const before = action.after && this.said[action.after.line];
    const { ticks } = action.after ?? { ticks: 0 };
    const later = async (): Promise<void> => {
      await before?.line.handedOver;
      for (let tick = 0; tick < ticks; tick++) await undefined;
      this.#speak(action);
    };
    if (before) this.#promised.push(later());
    else this.#speak(action);
  }

  #speak({ to, moods, length, priority, interrupt, isWritten }: Speak): void {
    const texts = moods.map(
      (mood, at) => `${mood} ${this.said.length} and ${at}${" and on".repeat(length / 7)}.`,
    );
    const present = [...this.seats.values()].filter(
      ({ player, connection }) => connection?.isOpen && isFor(player, to),
    );
    const listeners = new Map(present.map(({ player, connection }) => [player, connection as Connection]));
    const text = isWritten ? slowly(texts) : texts.join(" ");
    const line = this.#table.streams.speak({ text, to, priority, interrupt });
    const drops = interrupt === "drop";
    this.said.push({ line, to, texts, isWritten, isCancelled: false, priority, drops, listeners });
  }

  #report(seat: Seat | undefined, { line }: Said, how: { state: ListenerState; ended: boolean }): void {
    if (!seat?.isV2 || !seat.connection) return;
    const report = { type: "heard", utterance: line.id, heardMs: 5, underruns: 0 } as const;
    this.#table.streams.heard(seat.connection, { ...report, state: how.state, ended: how.ended });
  }
}

function asHello(player: Player): Hello | undefined {
  const hello = HELLOS[player];
  return hello && { ...hello, codecs: [...hello.codecs] };
}

export function isFor(player: string, to: UtteranceRequest["to"] = "all"): boolean {
  return to === "all" || to.includes(player);
}

async function* slowly(texts: readonly string[]): AsyncGenerator<string> {
  for (const text of texts) {
    await Bun.sleep(1);
    yield `${text} `;
  }
}
