import type { AudioSink } from "../../../../src/client/output/audio-sink.ts";
import { Spans } from "../../../../src/client/output/in-step/spans.ts";
import { V2_SAMPLE_RATE } from "../../../../src/core/protocol/v2.ts";

/** A sink that keeps the table's time, which passes by hand; what was placed lies where it is to be heard. */
export class TableSink implements AudioSink {
  readonly isLoud = true;
  /** ms on the server's clock. */
  nowMs = 0;
  /** ms between what is placed at the earliest and what is heard. */
  aheadMs = 20;
  #sound: Float32Array<ArrayBuffer> = new Float32Array(60 * V2_SAMPLE_RATE);
  readonly #owners = new Map<object, Spans>();

  get playhead(): number {
    return this.positionOf(this.nowMs);
  }

  get now(): number {
    return this.positionOf(this.nowMs + this.aheadMs);
  }

  positionOf(at: number): number {
    return Math.round((at * V2_SAMPLE_RATE) / 1000);
  }

  place(samples: Float32Array<ArrayBuffer>, at: number, owner: object): void {
    const missed = Math.max(0, this.now - at);
    if (missed < samples.length) this.#sound.set(samples.subarray(missed), at + missed);
    for (const spans of this.#owners.values()) spans.remove(at, at + samples.length);
    const spans = this.#owners.get(owner) ?? new Spans();
    spans.add(at, at + samples.length);
    this.#owners.set(owner, spans);
  }

  fade(owner: object, at: number): void {
    this.erase(owner, at, Number.POSITIVE_INFINITY);
  }

  erase(owner: object, from: number, to: number): void {
    const start = Math.max(from, this.now);
    const spans = this.#owners.get(owner);
    for (const span of spans?.all ?? []) {
      if (span.to > start) this.#sound.fill(0, Math.max(start, span.from), Math.min(to, span.to));
    }
    spans?.remove(start, to);
  }

  /** What is, or was, to be heard from one moment to another: ms on the server's clock. */
  heard(fromMs: number, toMs: number): Float32Array {
    return this.#sound.slice(this.positionOf(fromMs), this.positionOf(toMs));
  }
}
