import fc from "fast-check";
import type { ScriptedSentence } from "./world/actor.ts";
import type { Trouble } from "./world/disk.ts";
import type { CutKind } from "./world/network.ts";

/** Everybody who has a seat, and how their pages listen. */
export const SEATS = {
  ann: { codecs: ["opus"], sync: false, reports: true },
  bob: { codecs: ["opus", "pcm16"], sync: true, reports: true },
  cid: { codecs: undefined, sync: false, reports: false },
  dan: { codecs: ["pcm16"], sync: false, reports: false },
} as const;
export type Player = keyof typeof SEATS;
export const PLAYERS = Object.keys(SEATS) as Player[];

export type Way = "party" | "http" | "http-async";

export interface SpeakAct {
  act: "speak";
  to: "all" | Player[];
  sentences: ScriptedSentence[];
  way: Way;
  priority: number;
  interrupt: boolean | "drop";
  /** ms between its sentences, where it is still being written; it may break off. */
  written: { gapMs: number; breaks: boolean } | null;
}

export type Act =
  | SpeakAct
  /** @param moment now, or so many ticks after a worker's next answer, in the same turn */
  | { act: "cancel"; line: number; way: "handle" | "http" | "signal"; moment: number | null }
  | { act: "prepare"; packets: number }
  | { act: "cut"; who: Player; kind: CutKind }
  | { act: "stall"; who: Player; ms: number }
  | { act: "slow"; who: Player; bytesPerMs: number; ms: number }
  | { act: "away"; who: Player; ms: number }
  | { act: "open"; who: Player }
  /** @param line after so many ms of a long line that everybody hears */
  | { act: "leave"; who: Player; code: 1005 | 1001; line: { packets: number; ms: number } | null }
  | { act: "reload"; who: Player }
  | { act: "settings"; who: Player; muted: boolean; sync: boolean; captions: boolean }
  | { act: "reinvite"; who: Player }
  | { act: "unseat"; who: Player }
  | { act: "crash"; worker: number }
  | { act: "freeze"; worker: number; ms: number }
  | { act: "sleep"; who: Player | "server"; ms: number }
  | { act: "clock"; who: Player | "server"; ms: number }
  | { act: "status" }
  | { act: "disk"; trouble: Trouble | "deleted"; ms: number }
  | PileAct
  | RestartAct;

export interface RestartAct {
  act: "restart";
  /** The server is closed, its process is killed, or the machine loses its power. */
  how: "close" | "kill" | "power";
  /**
   * In the middle of the disk's so many next operation, or right after somebody was told that something is done (a line
   * handed over, a link given out), if that comes before the next act; null: at once.
   */
  moment: number | "told" | null;
  /** What becomes of a file before the next server starts. */
  damage: { file: "journal.jsonl" | "state.json"; how: "cut" | "changed" } | null;
  /** What the disk has when the next server starts; null: one that hangs is waited for. */
  trouble: { trouble: Trouble; ms: number } | null;
  /** Whose network is away for longer than anybody waits for them. */
  away: Player | null;
  /** Of so many packets is a line that is said right before. */
  line: number | null;
}

/** Three lines, each of which interrupts the one before; one of them is cancelled while the last is said. */
export interface PileAct {
  act: "pile";
  gapMs: number;
  packets: number;
  cancelled: number;
}

/** One evening: who is there at the beginning, and what happens when. */
export interface Plan {
  seed: number;
  here: Player[];
  hasSilentDeaths: boolean;
  queueBytes: number;
  /** Of speech that a line keeps. */
  retainBytes: number;
  /** Whether those who can keep step do. */
  inStep: boolean;
  /** Whether pages that can say how far they hear do. */
  reports: boolean;
  /** Where what outlasts the process is kept, if anywhere. */
  store: { hasSecret: boolean; maxChars: number | undefined; isSlow: boolean; hasVoices: boolean } | null;
  acts: { act: Act; thenMs: number }[];
}

/** Bytes of speech with which a line does not get far: who is behind goes on later in it. */
export const LITTLE_BYTES: number = 128 * 1024;

const who = fc.constantFrom(...PLAYERS);
const someone = fc.constantFrom<(Player | "server")[]>(...PLAYERS, "server");
const line = fc.nat(9);
const kind = <const Kind extends string>(act: Kind): fc.Arbitrary<Kind> => fc.constant(act);

const moods = fc.array(
  fc.constantFrom(
    "ok",
    "ok",
    "ok",
    "late",
    "slow",
    "fail",
    "fail",
    "break",
    "hang",
    "stick",
    "die",
    "die-late",
  ),
  { maxLength: 2 },
) as fc.Arbitrary<ScriptedSentence["moods"][string][number][]>;

const sentence: fc.Arbitrary<ScriptedSentence> = fc.record({
  packets: fc.integer({ min: 5, max: 160 }),
  moods: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: fc.record({ alpha: moods, beta: moods, gamma: moods }) },
  ),
});

const speak: fc.Arbitrary<SpeakAct> = fc.record({
  act: kind("speak"),
  to: fc.oneof(fc.constant("all" as const), fc.subarray(PLAYERS, { minLength: 1, maxLength: 2 })),
  sentences: fc.array(sentence, { minLength: 1, maxLength: 4 }),
  way: fc.constantFrom<Way[]>("party", "party", "http", "http-async"),
  priority: fc.integer({ min: 0, max: 2 }),
  interrupt: fc.constantFrom(false, false, true, "drop" as const),
  written: fc.option(fc.record({ gapMs: fc.constantFrom(0, 20, 1_500, 12_000), breaks: fc.boolean() }), {
    freq: 3,
  }),
});

const restart: fc.Arbitrary<RestartAct> = fc.record({
  act: kind("restart"),
  how: fc.constantFrom<RestartAct["how"][]>("close", "kill", "kill", "power", "power"),
  moment: fc.oneof(fc.constant(null), fc.nat(12), fc.constant("told" as const)),
  damage: fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        file: fc.constantFrom<("journal.jsonl" | "state.json")[]>("journal.jsonl", "state.json"),
        how: fc.constantFrom<("cut" | "changed")[]>("cut", "changed"),
      }),
    },
  ),
  trouble: fc.option(
    fc.record({
      trouble: fc.constantFrom<Trouble[]>("hung", "full", "read-only"),
      ms: fc.constantFrom(3_000, 20_000),
    }),
    { freq: 3 },
  ),
  away: fc.option(who, { freq: 2 }),
  line: fc.option(fc.integer({ min: 5, max: 400 }), { freq: 2 }),
});

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: speak },
  {
    weight: 3,
    arbitrary: fc.record({
      act: kind("cancel"),
      line,
      way: fc.constantFrom<("handle" | "http" | "signal")[]>("handle", "http", "signal"),
      moment: fc.option(fc.nat(8), { freq: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: kind("prepare"), packets: fc.integer({ min: 5, max: 80 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      act: kind("cut"),
      who,
      kind: fc.constantFrom<CutKind[]>("both", "client", "server"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: kind("stall"), who, ms: fc.constantFrom(300, 5_000, 15_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: kind("slow"),
      who,
      bytesPerMs: fc.constantFrom(0.3, 2, 20),
      ms: fc.constantFrom(3_000, 20_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: kind("away"), who, ms: fc.constantFrom(3_000, 30_000, 120_000) }),
  },
  { weight: 3, arbitrary: fc.record({ act: kind("open"), who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: kind("leave"),
      who,
      code: fc.constantFrom<(1001 | 1005)[]>(1001, 1005),
      line: fc.option(
        fc.record({ packets: fc.integer({ min: 400, max: 1_000 }), ms: fc.constantFrom(300, 1_500, 4_000) }),
        { freq: 2 },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: kind("reload"), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: kind("settings"),
      who,
      muted: fc.boolean(),
      sync: fc.boolean(),
      captions: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: kind("reinvite"), who }) },
  { weight: 1, arbitrary: fc.record({ act: kind("unseat"), who }) },
  { weight: 1, arbitrary: fc.record({ act: kind("crash"), worker: fc.nat(1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: kind("freeze"), worker: fc.nat(1), ms: fc.constantFrom(2_000, 20_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: kind("sleep"), who: someone, ms: fc.constantFrom(1_000, 40_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: kind("clock"),
      who: someone,
      ms: fc.constantFrom(-3_600_000, -5_000, 86_400_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: kind("status") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: kind("disk"),
      trouble: fc.constantFrom<(Trouble | "deleted")[]>("full", "read-only", "hung", "deleted"),
      ms: fc.constantFrom(300, 3_000, 20_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: kind("pile"),
      gapMs: fc.constantFrom(0, 5, 40, 300, 1_500),
      packets: fc.integer({ min: 100, max: 400 }),
      cancelled: fc.nat(2),
    }),
  },
  { weight: 3, arbitrary: restart },
);

/** Evenings, each of its own seed, which also draws what networks and the product draw. */
export function plans(seed: number): fc.Arbitrary<Plan> {
  return fc.record({
    seed: fc.constant(seed),
    here: fc.subarray(PLAYERS),
    hasSilentDeaths: fc.boolean(),
    queueBytes: fc.constantFrom(16 * 1024, 1024 * 1024),
    retainBytes: fc.constantFrom(8 * 1024 * 1024, 8 * 1024 * 1024, 8 * 1024 * 1024, LITTLE_BYTES),
    inStep: fc.boolean(),
    reports: fc.constantFrom(true, true, false),
    store: fc.option(
      fc.record({
        hasSecret: fc.boolean(),
        maxChars: fc.constantFrom(undefined, undefined, 3_000),
        isSlow: fc.boolean(),
        hasVoices: fc.constantFrom(false, false, true),
      }),
      { freq: 4 },
    ),
    acts: fc.array(
      fc.record({ act, thenMs: fc.constantFrom(0, 0, 1, 5, 40, 300, 1_500, 4_000, 15_000, 70_000) }),
      { maxLength: 22, size: "max" },
    ),
  });
}
