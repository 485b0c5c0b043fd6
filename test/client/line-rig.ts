// Loaded by the player with a context of another rate; here it is there at once.
import "../../src/core/dsp/resample.ts";
import {
  Emitter,
  type HeardReport,
  type LineFrame,
  type LineSource,
  type PartyEvents,
  Player,
  type PlayerOptions,
  type Spoken,
} from "../../src/client/index.ts";
import type { SettingsMessage } from "../../src/core/protocol/v2.ts";
import { FakeAudioContext } from "./fake-audio.ts";
import type { ScriptedLine } from "./scripted-line.ts";

/** Seconds of a step: a whole number of quanta at 24 kHz. */
export const STEP: number = (10 * 128) / 24_000;

/** What a client would tell, told by hand. */
class FakeClient extends Emitter<PartyEvents> implements LineSource {
  readonly reports: HeardReport[] = [];
  readonly settings: Omit<SettingsMessage, "type">[] = [];
  heard(report: HeardReport): void {
    this.reports.push(report);
  }
  change(settings: Omit<SettingsMessage, "type">): void {
    this.settings.push(settings);
  }
  tell<Name extends keyof PartyEvents>(name: Name, event: PartyEvents[Name]): void {
    this.emit(name, event);
  }
}

/** A player of lines on a fake audio device; time passes only by hand. */
export class LineRig {
  readonly context: FakeAudioContext;
  readonly client: FakeClient = new FakeClient();
  readonly player: Player;
  readonly spoken: (Spoken | undefined)[] = [];
  nowMs = 0;
  #tick: (() => void) | undefined;

  constructor(options: PlayerOptions & { sampleRate?: number } = {}) {
    const { sampleRate = 24_000, ...rest } = options;
    this.context = new FakeAudioContext(sampleRate);
    this.player = new Player({
      createContext: () => this.context as unknown as AudioContext,
      now: () => this.nowMs,
      every: (_, tick) => {
        this.#tick = tick;
        return () => {
          this.#tick = undefined;
        };
      },
      ...rest,
    });
    this.player.on("spoken", (spoken) => this.spoken.push(spoken));
    this.player.follow(this.client);
  }

  /** Whether the player has nothing left to look after. */
  get isAtRest(): boolean {
    return this.#tick === undefined;
  }

  async unlock(): Promise<void> {
    this.player.unlock();
    await settle();
  }

  /** Announces a line with its texts, and sends some of its frames; by default all, and the end. */
  async tell(line: ScriptedLine, frames?: readonly LineFrame[]): Promise<void> {
    this.announce(line);
    await this.send(frames ?? line.frames);
    if (!frames) await this.end(line);
  }

  announce({ begin, texts }: ScriptedLine): void {
    this.client.tell("begin", begin);
    for (const text of texts) this.client.tell("sentence", text);
  }

  async send(frames: readonly LineFrame[]): Promise<void> {
    for (const frame of frames) this.client.tell("frame", frame);
    await settle();
  }

  async end({ begin, frames, durationMs }: ScriptedLine): Promise<void> {
    const { utterance } = begin;
    this.client.tell("end", { type: "speech.end", offset: 0, utterance, chunks: frames.length, durationMs });
    await settle();
  }

  async cancel({ begin: { utterance } }: ScriptedLine, atMs = 0): Promise<void> {
    this.client.tell("cancel", { type: "speech.cancel", offset: 0, utterance, atMs, reason: "cancelled" });
    await settle();
  }

  /** Time passes, for the ears and for everyone else, in steps at which the player looks around. */
  async pass(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += STEP) {
      this.context.advance(STEP);
      this.nowMs += STEP * 1000;
      this.#tick?.();
      await settle();
    }
  }

  /**
   * Where what was heard, from the first sound on, first differs from what was to be heard and the silence
   * after it: undefined where it does not.
   */
  differsFrom(...expected: readonly Float32Array[]): number | undefined {
    const heard = this.context.render().subarray(Math.max(0, this.startFrame));
    const wanted = Float32Array.from(expected.flatMap((samples) => [...samples]));
    if (heard.length < wanted.length) return heard.length;
    const at = heard.findIndex((sample, index) => sample !== (wanted[index] ?? 0));
    return at < 0 ? undefined : at;
  }

  /** The frame of the first sound. */
  get startFrame(): number {
    return this.context.render().findIndex((sample) => sample !== 0);
  }

  /** The last that was reported of a line. */
  report(line: ScriptedLine): HeardReport | undefined {
    return this.client.reports.findLast(({ utterance }) => utterance === line.begin.utterance);
  }
}

/** Lets everything that is being decoded get ready: decoding takes turns, but no time. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
