import type { DeliveryReport } from "../../core/protocol/api.ts";
import type { LineNeed, ReportStage } from "../../party/fan-out/line-parts.ts";
import type { ActiveUtterance } from "../../party/speaking/active-utterance.ts";
import type { Heard } from "./line-needs.ts";

/** Something about a line's listeners at one node. */
export type News = Omit<Heard, "v" | "node" | "u">;

/** What the holder of a line has been told of its listeners at this node. */
export class ToldHolder {
  readonly #tell: (news: News) => void;
  /** What is needed here, as it was told last. */
  #need = "";
  /** What the holder has not taken yet. */
  #reported: { stage: ReportStage; report: DeliveryReport } | undefined;
  #hasLeft = false;

  constructor(tell: (news: News) => void) {
    this.#tell = tell;
  }

  /** Nothing is told of what is needed: those who listened here may go on elsewhere. */
  leave(): void {
    this.#hasLeft = true;
  }

  /** So much is needed here from now on. */
  need(need: LineNeed, { connectionsInStep }: Pick<ActiveUtterance, "connectionsInStep">): void {
    const latencies = connectionsInStep.flatMap(({ v2 }) => v2.latencyMs ?? []);
    const latencyMs = latencies.length === 0 ? {} : { latencyMs: Math.max(...latencies) };
    const said = { need: { ...need, encodings: [...need.encodings], ...latencyMs } };
    const text = JSON.stringify(said);
    if (this.#hasLeft || text === this.#need) return;
    this.#need = text;
    this.#tell(said);
  }

  /** Another node holds the party: what the one before it was told has to be told to it, too. */
  forget(): void {
    this.#need = "";
  }

  /** How the line was heard here. @param own of this node's listeners */
  report(stage: ReportStage, own: DeliveryReport): void {
    if (this.#hasLeft) this.#tell({ report: own });
    else if (own.players.length > 0 || this.#need !== "") {
      this.#reported = { stage, report: own };
      this.#tell(this.#reported);
    }
  }

  /** The holder has taken what is known here of that stage. */
  taken(stage: ReportStage): void {
    if (this.#reported?.stage === stage) this.#reported = undefined;
  }

  /** How it is heard by now; what was reported already, where the holder has not taken that. @param heard while it is heard */
  progress(heard: Pick<ActiveUtterance, "subscriptions" | "report"> | undefined): void {
    if (this.#hasLeft) return;
    if (this.#reported) this.#tell(this.#reported);
    else if (heard) {
      const places = heard.subscriptions.flatMap(({ placeMs }) => placeMs ?? []);
      const heardMs = places.length === 0 ? {} : { heardMs: Math.max(...places) };
      this.#tell({ ...heardMs, report: heard.report() });
    }
  }
}
