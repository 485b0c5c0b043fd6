import type { ListenerState } from "../core/v2.ts";
import type { HeardReport } from "./heard-outbox.ts";
import type { LineTrack } from "./line-track.ts";
import type { Performer } from "./performer.ts";
import type { StepState } from "./step-state.ts";

const REPORT_MS = 1_000;

export interface HeardReporterOptions {
  performer: Performer;
  /** A clock in ms. */
  now: () => number;
  /** How loud it is to be: 0…1, 0 while muted. */
  volume: () => number;
  /** How well step is kept, where it is. */
  step: () => StepState | undefined;
  onHeard: (report: HeardReport) => void;
}

/**
 * Says how far lines were heard: the one that sounds at most once a second, each once when it is over. Its
 * state is that since the last report.
 */
export class HeardReporter {
  readonly #options: HeardReporterOptions;
  #lastAt = -Infinity;
  /** Underruns that were told, of the line that sounds. */
  #told: { track: LineTrack; underruns: number } | undefined;

  constructor(options: HeardReporterOptions) {
    this.#options = options;
  }

  /** The line is the one that sounds. */
  tick(track: LineTrack): void {
    const now = this.#options.now();
    if (!track.heard.part || now - this.#lastAt < REPORT_MS) return;
    this.#lastAt = now;
    this.#options.onHeard(this.#heardOf(track));
  }

  /** Nothing more of the line will be heard. @param wasTaken it was taken away, wherever it was */
  ended(track: LineTrack, wasTaken: boolean): void {
    this.#options.onHeard({ ...this.#heardOf(track, wasTaken), ended: true });
  }

  #heardOf(track: LineTrack, wasTaken = false): HeardReport {
    const { ms, underruns } = track.heard;
    const step = this.#options.step();
    const untrusted = step?.isTrusted === false ? ({ untrusted: true } as const) : {};
    const inStep = step && { skewMs: step.skewMs, ...untrusted };
    const report = {
      utterance: track.id,
      heardMs: ms,
      state: this.#stateOf(track, wasTaken),
      underruns,
      ...inStep,
    };
    this.#told = { track, underruns };
    return report;
  }

  #stateOf(track: LineTrack, wasTaken: boolean): ListenerState {
    const { performer, volume } = this.#options;
    const { heard } = track;
    if (!performer.isLoud || track.isUndecodable) return "text-only";
    if (volume() === 0) return "muted";
    // One that was taken away before its turn says nothing about how lines are heard here.
    const hadTurn = heard.part !== undefined || !wasTaken;
    if (hadTurn && track.isOver && heard.ms === 0 && !heard.hasVoice) return "text-only";
    const isDry = heard.part && !track.isOver && !track.next && !performer.holds(track);
    const told = this.#told?.track === track ? this.#told.underruns : 0;
    return isDry || heard.underruns > told ? "lagging" : "playing";
  }
}
