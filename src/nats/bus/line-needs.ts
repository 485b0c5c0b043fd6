import { z } from "zod";
import { type Deferred, deferred } from "../../core/async/deferred.ts";
import type { DeliveryReport } from "../../core/protocol/api.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { NeedElsewhere, ReportStage } from "../../party/fan-out/line-parts.ts";
import { joinReports } from "../../party/speaking/delivery-report.ts";
import { ENCODINGS } from "./sound-burst.ts";

/** ms beyond the length of a line that nodes may take to say how it was heard. */
const REPORT_MS = 60_000;

const heardSchema = z.object({
  v: z.literal(1),
  node: z.string(),
  /** The line. */
  u: z.string(),
  /** What listeners there need from now on. */
  need: z
    .object({
      asked: z.number().int(),
      readers: z.number().int().nonnegative(),
      encodings: z.array(z.enum(ENCODINGS)),
      latencyMs: z.number().optional(),
    })
    .optional(),
  /** Sound is missing there from this frame on, or these clips. */
  missing: z.object({ frames: z.number().int(), clips: z.number().int() }).optional(),
  /** Somebody in step there is free to hear it from then on. */
  freeAt: z.number().optional(),
  heardMs: z.number().optional(),
  cancel: z.literal(true).optional(),
  stage: z.enum(["handed-over", "done"]).optional(),
  /** What is known of the listeners there. */
  report: z
    .looseObject({ delivered: z.boolean(), players: z.array(z.looseObject({ player: z.string() })) })
    .optional(),
});

/** What a node tells the holder of a line's listeners there. */
export type Heard = Omit<z.infer<typeof heardSchema>, "report"> & { report?: DeliveryReport | undefined };

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
}

/** What other nodes need of a line that is made here, and what its listeners there have heard. */
export class LineNeeds {
  readonly #nodes = new Map<string, Node>();
  #heardMs: number | undefined;
  #heardAt = 0;
  #news: Deferred<void> = deferred();
  #onNeed: () => void = () => undefined;

  onNeed(listener: () => void): void {
    this.#onNeed = listener;
  }

  /** Listeners there were told of it. */
  begin(node: string, need: Node["need"]): void {
    if (this.#nodes.has(node)) return;
    this.#nodes.set(node, { need, isKnown: false, report: undefined, stage: undefined });
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

  /** Nobody is there any more. */
  gone(node: string): void {
    const known = this.#nodes.get(node);
    if (!known) return;
    known.need = { asked: -1, readers: 0, encodings: [] };
    known.stage = "done";
    const players = known.report?.players.map((player) =>
      player.complete ? player : { ...player, reason: "lost" as const },
    );
    if (known.report && players) known.report = { ...known.report, players };
    this.#tell();
  }

  /** Nodes that get sound in that encoding. */
  nodesIn(encoding: Encoding): string[] {
    return [...this.#nodes].filter(([, { need }]) => need.encodings.includes(encoding)).map(([node]) => node);
  }

  encodingsAt(node: string): readonly Encoding[] {
    return this.#nodes.get(node)?.need.encodings ?? [];
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
    while (performance.now() < until && this.#isAwaited(stage)) {
      this.#news = deferred();
      const timer = setTimeout(() => this.#news.resolve(), until - performance.now());
      await this.#news.promise;
      clearTimeout(timer);
    }
    return joinReports(own, this.reports, isWhole);
  }

  #isAwaited(wanted: ReportStage): boolean {
    return [...this.#nodes.values()].some(
      ({ stage }) => stage === undefined || (wanted === "done" && stage !== "done"),
    );
  }

  #tell(): void {
    this.#news.resolve();
    this.#onNeed();
  }
}
