import type { LineSound } from "./line-output.ts";
import { LinePlayer } from "./line-player.ts";
import type { Lines } from "./lines.ts";
import { Sound } from "./sound.ts";
import type { StepSource } from "./step-source.ts";

/** Lines that are played on the page's own thread. */
export class LocalLines extends LinePlayer implements Lines {
  #sound: Sound | undefined;
  #table: StepSource | undefined;
  #trimMs = 0;

  /** Keeps step with that client's table, where it wants that. */
  keepStepWith(table: StepSource): void {
    this.#table = table;
    this.#keepStep();
  }

  override moveTo(sound: LineSound | undefined): void {
    this.#sound = sound instanceof Sound ? sound : undefined;
    this.trim(this.#trimMs);
    this.#keepStep();
    super.moveTo(sound);
  }

  trim(ms: number): void {
    this.#trimMs = ms;
    if (this.#sound) this.#sound.trimMs = ms;
  }

  click(): void {
    this.#sound?.click();
  }

  #keepStep(): void {
    if (this.#table?.keepsStep) void this.#sound?.keepStep(this.#table);
  }
}
