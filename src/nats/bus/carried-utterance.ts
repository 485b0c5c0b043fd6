import { deferred } from "../../core/async/deferred.ts";
import type { DeliveryReport } from "../../core/protocol/api.ts";
import type { Utterance } from "../../party/request/utterance.ts";
import { emptyReport } from "../../party/speaking/delivery-report.ts";

/** A line as whoever asked for it holds it, also before it is stored. */
export class CarriedUtterance implements Utterance {
  readonly id: string;
  readonly #kept = deferred<boolean>();
  readonly #handedOver = deferred<DeliveryReport>();
  readonly #done = deferred<DeliveryReport>();
  readonly kept: Promise<boolean> = this.#kept.promise;
  readonly handedOver: Promise<DeliveryReport> = this.#handedOver.promise;
  readonly done: Promise<DeliveryReport> = this.#done.promise;
  readonly #onCancel: () => void;

  constructor(id: string, onCancel: () => void) {
    this.id = id;
    this.#onCancel = onCancel;
  }

  cancel(): void {
    this.#onCancel();
  }

  /** It was stored, and goes on by itself. */
  follow(active: Utterance): void {
    this.#kept.resolve(true);
    void active.handedOver.then((report) => this.#handedOver.resolve(report));
    void active.done.then((report) => this.#done.resolve(report));
  }

  /** It was not stored before this node lost the party: nobody was told anything of it. */
  drop(): void {
    const message = "this node lost the party before the line was kept: nobody was told of it; say it again";
    const problems = [{ code: "busy" as const, message, retryable: true }];
    const report = { ...emptyReport(this.id), problems };
    this.#kept.resolve(false);
    this.#handedOver.resolve(report);
    this.#done.resolve(report);
  }
}
