import type { Anchor } from "./renderer.ts";
import type { RingInput } from "./ring-sink.ts";

/** What renders: it takes sound by position, and is told which position is due at which frame. */
export interface RingOutput extends RingInput {
  /** ms from here to the renderer, and into what it renders next. */
  readonly marginMs: number;
  /** Whether what it renders waits for the page's thread. */
  readonly needsPage: boolean;
  /** Positions by which it plays late, as it says itself. */
  readonly error: number;
  anchor(anchor: Anchor): void;
  /** The frame that the device renders next; wants to be told 20 times a second at least. */
  pump(frame: number): void;
  close(): void;
}
