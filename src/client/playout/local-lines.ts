import type { LineOutput } from "../output/line-output.ts";
import { Sound } from "../output/sound.ts";
import type { StepSource } from "../output/step-source.ts";
import type { Lines } from "./lines.ts";
import { UtterancePlayer } from "./utterance-player.ts";

/** Lines that are played on the page's own thread. */
export class LocalLines extends UtterancePlayer implements Lines {
  #sound: Sound | undefined;
  #table: StepSource | undefined;
  #trimMs = 0;

  /** Keeps step with that client's table, where it wants that. */
  keepStepWith(table: StepSource): void {
    this.#table = table;
    this.#keepStep();
  }

  override moveTo(sound: LineOutput | undefined): void {
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
