import type { ListenerState } from "../../core/protocol/presence.ts";
import type { StepState } from "../output/step.ts";
import type { HeardReport } from "../session/heard-outbox.ts";
import type { PlayoutBuffer } from "./playout-buffer.ts";
import type { UtterancePlayback } from "./utterance-playback.ts";

const REPORT_MS = 1_000;

export interface HeardReporterOptions {
  buffer: PlayoutBuffer;
  /** A clock in ms. */
  now: () => number;
  /** How loud it is to be: 0…1, 0 while muted. */
  volume: () => number;
  /** How well step is kept; undefined while it is not. */
  step: () => StepState | undefined;
  /** ms of sound that are here and still to be heard. */
  leftMs: () => number;
  onHeard: (report: HeardReport) => void;
}

/**
 * Reports how far utterances were heard: the one that sounds at most once a second, and every one when it is over. The
 * state in a report is that since the one before.
 */
export class HeardReporter {
  readonly #options: HeardReporterOptions;
  #lastAt = -Infinity;
  /** Underruns that were told, of the utterance that sounds. */
  #told: { playback: UtterancePlayback; underruns: number } | undefined;

  constructor(options: HeardReporterOptions) {
    this.#options = options;
  }

  /** Reports the utterance that sounds, if that is due. */
  tick(playback: UtterancePlayback): void {
    const now = this.#options.now();
    if (!playback.heard.part || now - this.#lastAt < REPORT_MS) return;
    this.#lastAt = now;
    this.#options.onHeard(this.#heardOf(playback));
  }

  /** Nothing more of the utterance will be heard. @param wasTaken it was cancelled or skipped */
  ended(playback: UtterancePlayback, wasTaken: boolean): void {
    this.#options.onHeard({ ...this.#heardOf(playback, wasTaken), ended: true });
  }

  #heardOf(playback: UtterancePlayback, wasTaken = false): HeardReport {
    const { ms, underruns } = playback.heard;
    const step = this.#options.step();
    const report = {
      utterance: playback.id,
      heardMs: ms,
      state: this.#stateOf(playback, wasTaken),
      underruns,
      leftMs: this.#options.leftMs(),
      skewMs: step?.skewMs,
      untrusted: step?.isTrusted === false || undefined,
    };
    this.#told = { playback, underruns };
    return report;
  }

  #stateOf(playback: UtterancePlayback, wasTaken: boolean): ListenerState {
    const { buffer, volume } = this.#options;
    const { heard } = playback;
    if (!buffer.isLoud || playback.isUndecodable) return "text-only";
    if (volume() === 0) return "muted";
    // One that was taken before its turn says nothing about how utterances are heard here.
    const hadTurn = heard.part !== undefined || !wasTaken;
    const isUnheard = heard.ms === 0 && !heard.hasVoice;
    // Where sound came too late nothing was off.
    if (hadTurn && playback.isOver && isUnheard && !playback.isLate) return "text-only";
    const isDry = heard.part && !playback.isOver && !playback.next && !buffer.holds(playback);
    const told = this.#told?.playback === playback ? this.#told.underruns : 0;
    return isDry || heard.underruns > told ? "lagging" : "playing";
  }
}
