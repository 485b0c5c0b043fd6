import type { AudioSink } from "../../src/client/output/audio-sink.ts";
import { PartyClient, type PartyClientOptions } from "../../src/client/party-client.ts";
import { createOpusDecoder } from "../../src/client/playout/opus.ts";
import { UtterancePlayer } from "../../src/client/playout/utterance-player.ts";
import type { HeardReport } from "../../src/client/session/heard-outbox.ts";
import { V2_SAMPLE_RATE } from "../../src/core/protocol/v2.ts";

const TICK_MS = 50;

/** A loudspeaker in real time that nobody has to hear. */
class LoudSink implements AudioSink {
  readonly isLoud = true;
  get now(): number {
    return Math.round((performance.now() * V2_SAMPLE_RATE) / 1000);
  }
  get playhead(): number {
    return this.now;
  }
  positionOf(): undefined {}
  place(): void {}
  fade(): void {}
  erase(): void {}
}

/** A phone at the table: the real client and what plays for it, without a page. */
export class LoudPhone implements Disposable {
  readonly client: PartyClient;
  readonly reports: HeardReport[] = [];
  readonly #player: UtterancePlayer;
  readonly #ticking: ReturnType<typeof setInterval>;

  constructor(options: PartyClientOptions) {
    this.client = new PartyClient(options);
    this.#player = new UtterancePlayer({
      silence: new LoudSink(),
      maxQueuedMs: 120_000,
      createOpus: createOpusDecoder,
      readAloud: () => () => undefined,
      now: () => performance.now(),
      volume: () => 1,
      onHeard: (report) => {
        this.reports.push(report);
        this.client.heard(report);
      },
      onDropped: () => undefined,
    });
    this.#player.follow(this.client, () => undefined);
    this.#ticking = setInterval(() => this.#player.tick(), TICK_MS);
    this.client.connect();
  }

  /** Its last word on that line, once there is one. */
  lastOf(line: string): HeardReport | undefined {
    return this.reports.findLast(({ utterance, ended }) => ended && utterance === line);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#ticking);
    this.client.close();
  }
}
