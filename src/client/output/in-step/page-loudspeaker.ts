import type { StepSource } from "../step.ts";
import { type AudioGraph, AudioOutput } from "./audio-output.ts";
import { BlockOutput } from "./block-output.ts";
import { Loudspeaker } from "./loudspeaker.ts";
import { WorkletOutput } from "./worklet-output.ts";

/** A loudspeaker whose both ends are on the page's own thread. */
export class PageLoudspeaker extends Loudspeaker {
  readonly #output: AudioOutput;

  /** @param table whose time it keeps: another one, once another is followed */
  static async open(
    graph: AudioGraph,
    table: () => StepSource | undefined,
    workletUrl: string | URL | undefined,
  ): Promise<PageLoudspeaker> {
    let loudspeaker: PageLoudspeaker | undefined;
    const output = await AudioOutput.open(graph, workletUrl, (stamp) => {
      loudspeaker?.stamp(stamp);
      loudspeaker?.tick();
      table()?.reportLatency?.(loudspeaker?.latencyMs);
    });
    loudspeaker = new PageLoudspeaker(output, table);
    return loudspeaker;
  }

  private constructor(output: AudioOutput, table: () => StepSource | undefined) {
    const { sampleRate, port } = output;
    super({
      sampleRate,
      output: port
        ? new WorkletOutput(port)
        : new BlockOutput(sampleRate, {
            play: (frame, samples) => output.play({ frame, samples }),
            takeBack: (frame) => output.takeBack(frame),
          }),
      tableClock: () => table()?.clock,
      now: () => performance.now(),
    });
    this.#output = output;
  }

  override close(): void {
    super.close();
    this.#output.close();
  }
}
