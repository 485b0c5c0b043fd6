import { LinePlayer } from "./line-player.ts";
import type { LineSound, Lines } from "./lines.ts";
import type { StepSource } from "./player-options.ts";
import { Sound } from "./sound.ts";

/** Lines that are played on the page's own thread. */
export class LocalLines extends LinePlayer implements Lines {
  #sound: Sound | undefined;
  #table: StepSource | undefined;
  #trimMs = 0;

  /** Keeps step with that client's table from now on. */
  keepStepWith(table: StepSource): void {
    this.#table = table;
    void this.#sound?.keepStep(table);
  }

  override moveTo(sound: LineSound | undefined): void {
    this.#sound = sound instanceof Sound ? sound : undefined;
    if (this.#table) void this.#sound?.keepStep(this.#table);
    this.trim(this.#trimMs);
    super.moveTo(sound);
  }

  trim(ms: number): void {
    this.#trimMs = ms;
    this.#sound?.trim(ms);
  }
}
