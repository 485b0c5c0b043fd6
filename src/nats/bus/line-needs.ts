import { z } from "zod";
import { deferred } from "../../core/async/deferred.ts";
import type { DeliveryReport, PlayerDelivery } from "../../core/protocol/api.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { NeedElsewhere, ReportStage } from "../../party/fan-out/line-parts.ts";
import { emptyReport, joinReports } from "../../party/speaking/delivery-report.ts";
import { ENCODINGS } from "./sound-burst.ts";

/** ms beyond the length of a line that nodes may take to say how it was heard. */
const REPORT_MS = 60_000;
/** ms that nodes may take to say what they need of a line that begins. */
const FIRST_MS = 250;
/** ms after which one that has said nothing of a line is not asked after it; ms between two looks. */
const SILENT_MS = 5_000;
const LOOK_MS = 1_000;
/** ms for which sound is made on for listeners whose node is gone: as long as for who loses a connection. */
const RETURN_MS = 15_000;
/** ms from hearing that all of them are at other nodes to what they need being asked of those alone. */
const SETTLE_MS = 1_000;

/** Sound that a node lacks: from this frame and this clip on, in these encodings. */
export interface MissingSound {
  frames: number;
  clips: number;
  in: Encoding[];
}

/** What a node tells the holder of a line's listeners there. */
export interface Heard {
  v: 1;
  node: string;
  /** The line. */
  u: string;
  /** What listeners there need from now on. */
  need?:
    | { asked: number; readers: number; encodings: Encoding[]; latencyMs?: number | undefined }
    | undefined;
  missing?: MissingSound | undefined;
  /** Somebody in step there is free to hear it from then on. */
  freeAt?: number | undefined;
  heardMs?: number | undefined;
  cancel?: true | undefined;
  stage?: ReportStage | undefined;
  /** What is known of the listeners there. */
  report?: DeliveryReport | undefined;
}

const encodings = z.array(z.enum(ENCODINGS));
const heardSchema = z.object({
  v: z.literal(1),
  node: z.string(),
  u: z.string(),
  need: z
    .object({
      asked: z.number().int(),
      readers: z.number().int().nonnegative(),
      encodings,
      latencyMs: z.number().optional(),
    })
    .optional(),
  missing: z.object({ frames: z.number().int(), clips: z.number().int(), in: encodings }).optional(),
  freeAt: z.number().optional(),
  heardMs: z.number().optional(),
  cancel: z.literal(true).optional(),
  stage: z.enum(["handed-over", "done"]).optional(),
  report: z
    .looseObject({ delivered: z.boolean(), players: z.array(z.looseObject({ player: z.string() })) })
    .optional(),
});

export function readHeard(value: unknown): Heard | undefined {
  return heardSchema.safeParse(value).data as Heard | undefined;
}

interface Node {
  need: { asked: number; readers: number; encodings: readonly Encoding[]; latencyMs?: number | undefined };
  /** It has said something itself. */
  isKnown: boolean;
  /** What it has said last of how the line was heard there, and up to which stage. */
  report: DeliveryReport | undefined;
  stage: ReportStage | undefined;
  /** It is gone; who of its listeners is not at another one yet, and what ends waiting for them. */
  absent?: { players: Set<string>; timer: ReturnType<typeof setTimeout> } | undefined;
}

/** Who listened at a node that is gone. */
export interface Absentees {
  players: readonly string[];
  /** Those who have no seat. */
  observers: number;
}

/** What other nodes need of a line that is made here, and what its listeners there have heard. */
export class LineNeeds {
  readonly #nodes = new Map<string, Node>();
  #heardMs: number | undefined;
  #heardAt = 0;
  readonly #waiting = new Set<() => void>();
  readonly #begunAt = performance.now();
  #onNeed: () => void = () => undefined;

  onNeed(listener: () => void): void {
    this.#onNeed = listener;
  }

  /** Listeners there were told of it. */
  begin(node: string, need: Node["need"]): void {
    if (this.#nodes.has(node)) return;
    this.#nodes.set(node, { need, isKnown: false, report: undefined, stage: undefined });
  }

  /** Resolves when all who were told of the line have said what they need, or have had the time to. */
  async known(): Promise<void> {
    const isAwaited = (): boolean => [...this.#nodes.values()].some(({ isKnown }) => !isKnown);
    while (isAwaited() && performance.now() - this.#begunAt < FIRST_MS) await this.#next(FIRST_MS);
  }

  take({ node, need, heardMs, stage, report }: Heard): void {
    const known = this.#nodes.get(node);
    const own = known ?? {
      need: { asked: -1, readers: 0, encodings: [] },
      isKnown: true,
      report: undefined,
      stage: undefined,
    };
    own.isKnown = true;
    if (own.absent) {
      // It was only taken for gone.
      clearTimeout(own.absent.timer);
      own.absent = undefined;
      own.stage = undefined;
    }
    if (need) own.need = need;
    own.report = report ?? own.report;
    own.stage = stage ?? own.stage;
    this.#nodes.set(node, own);
    if (heardMs !== undefined && heardMs >= (this.heardMs ?? 0)) {
      this.#heardMs = heardMs;
      this.#heardAt = performance.now();
    }
    this.#tell();
  }

  /**
   * A node is gone: its listeners may come back at another one, and until then speech is made on for them.
   * @param who of them the line is for
   */
  gone(node: string, { players, observers }: Absentees): void {
    const known = this.#nodes.get(node);
    if (!known || known.absent) return;
    known.report = lostAt(known.report, players);
    if (known.stage === "done" || known.need.readers === 0) {
      this.#forget(known);
      return;
    }
    // Nothing that is made for them can be sent, but who comes back goes on in the same encoding.
    known.need = { ...known.need, latencyMs: undefined };
    const waitMs = known.isKnown || players.length + observers > 0 ? RETURN_MS : 0;
    known.isKnown = true;
    const timer = setTimeout(() => this.#forget(known), waitMs);
    known.absent = { players: new Set(players), timer };
    this.#tell();
  }

  /** Players are connected somewhere: nobody waits for them any more. */
  came(players: Iterable<string>): void {
    const here = new Set(players);
    for (const known of this.#nodes.values()) {
      const { absent } = known;
      if (!absent || absent.players.size === 0) continue;
      for (const player of absent.players) if (here.has(player)) absent.players.delete(player);
      if (absent.players.size > 0) continue;
      clearTimeout(absent.timer);
      absent.timer = setTimeout(() => this.#forget(known), SETTLE_MS);
    }
  }

  /** Nobody comes back who was there. */
  #forget(node: Node): void {
    clearTimeout(node.absent?.timer);
    node.need = { asked: -1, readers: 0, encodings: [] };
    node.stage = "done";
    this.#tell();
  }

  /** The line is over. */
  close(): void {
    for (const { absent } of this.#nodes.values()) clearTimeout(absent?.timer);
  }

  /** Nodes that get sound in that encoding. */
  nodesIn(encoding: Encoding): string[] {
    return [...this.#nodes]
      .filter(([, { need, absent }]) => !absent && need.encodings.includes(encoding))
      .map(([node]) => node);
  }

  /** Nodes that have said that somebody there listens. */
  get nodesWithReaders(): string[] {
    return [...this.#nodes].flatMap(([node, { isKnown, need, absent }]) =>
      isKnown && !absent && need.readers > 0 ? [node] : [],
    );
  }

  get need(): NeedElsewhere {
    const needs = [...this.#nodes.values()].map(({ need }) => need);
    const latencies = needs.flatMap(({ latencyMs }) => latencyMs ?? []);
    return {
      asked: Math.max(-1, ...needs.map(({ asked }) => asked)),
      readers: needs.reduce((sum, { readers }) => sum + readers, 0),
      encodings: [...new Set(needs.flatMap(({ encodings }) => encodings))],
      latencyMs: latencies.length === 0 ? undefined : Math.max(...latencies),
    };
  }

  /** How far it was heard elsewhere, by now. */
  get heardMs(): number | undefined {
    return this.#heardMs === undefined ? undefined : this.#heardMs + performance.now() - this.#heardAt;
  }

  /** What nodes have said so far. */
  get reports(): DeliveryReport[] {
    return [...this.#nodes.values()].flatMap(({ report }) => report ?? []);
  }

  /** One report of all, when every node that has listeners has said what is known there at that stage. */
  async joined(stage: ReportStage, own: DeliveryReport, isWhole: boolean): Promise<DeliveryReport> {
    const until = performance.now() + own.durationMs + REPORT_MS;
    while (performance.now() < until && this.#isAwaited(stage)) await this.#next(LOOK_MS);
    return joinReports(own, this.reports, isWhole);
  }

  /** Resolves with the next that a node says, or after so many ms. */
  async #next(ms: number): Promise<void> {
    const { promise, resolve } = deferred();
    this.#waiting.add(resolve);
    const timer = setTimeout(resolve, ms);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }

  /** A node that says nothing at all has nobody who listens. */
  #isAwaited(wanted: ReportStage): boolean {
    const mayBeSlow = performance.now() - this.#begunAt < SILENT_MS;
    return [...this.#nodes.values()].some(({ stage, isKnown }) => {
      const isMissing = stage === undefined || (wanted === "done" && stage !== "done");
      return isMissing && (isKnown || mayBeSlow);
    });
  }

  #tell(): void {
    for (const wake of this.#waiting) wake();
    this.#onNeed();
  }
}

/** What is known of listeners whose node is gone: none of them has all of the line, unless it was said before. */
function lostAt(report: DeliveryReport | undefined, players: readonly string[]): DeliveryReport | undefined {
  if (!report && players.length === 0) return undefined;
  const known = (report?.players ?? []).map(
    (player): PlayerDelivery => (player.complete ? player : { ...player, reason: "lost" }),
  );
  const isNew = (player: string): boolean => !known.some((other) => other.player === player);
  const unknown = players.filter(isNew).map((player): PlayerDelivery => {
    const nothing = { complete: false, textOnly: false, muted: false, heardMs: 0, underruns: 0 };
    return { player, reason: "lost", ...nothing };
  });
  return { ...(report ?? emptyReport("")), players: [...known, ...unknown] };
}
