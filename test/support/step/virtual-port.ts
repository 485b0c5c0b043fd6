import type { VirtualTime } from "../virtual-time.ts";

/** One end of a channel whose messages take their time; what is sent is a copy, as between threads. */
export class VirtualPort {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  #peer: VirtualPort | undefined;
  readonly #time: VirtualTime;
  readonly #latencyMs: () => number;

  private constructor(time: VirtualTime, latencyMs: () => number) {
    this.#time = time;
    this.#latencyMs = latencyMs;
  }

  /** @param latencyMs how long a message takes that is sent now */
  static pair(time: VirtualTime, latencyMs: () => number): [VirtualPort, VirtualPort] {
    const ends: [VirtualPort, VirtualPort] = [
      new VirtualPort(time, latencyMs),
      new VirtualPort(time, latencyMs),
    ];
    ends[0].#peer = ends[1];
    ends[1].#peer = ends[0];
    return ends;
  }

  postMessage(data: unknown): void {
    // A port that is handed over stays what it is.
    const copy = (data as { port?: unknown }).port ? data : structuredClone(data);
    this.#time.in(this.#latencyMs(), () => this.#peer?.onmessage?.({ data: copy }));
  }

  close(): void {
    this.onmessage = null;
  }
}
