import { BardcastError } from "../core/errors.ts";
import { Turnstile } from "../core/turn.ts";
import type { HeardMessage, WelcomeMessage } from "../core/v2.ts";
import type { TTSRouter } from "../engines/router.ts";
import type { Encoding } from "../engines/sentence-job.ts";
import { type Connection, isV2, type V2Connection } from "./connection.ts";
import type { ConnectionManager } from "./connection-manager.ts";
import { History, type SilentLine } from "./history.ts";
import { closeGaps, Interruption } from "./interruption.ts";
import { Journal } from "./journal.ts";
import { Lane } from "./lane.ts";
import { postRecorded } from "./line-record.ts";
import type { Listening } from "./listening.ts";
import { Performance } from "./performance.ts";
import { comebackOf } from "./resume.ts";
import type { Script } from "./script.ts";
import type { PerformanceLimits } from "./utterance-limits.ts";

export interface StageLimits extends PerformanceLimits {
  /** Lines that may be speaking or waiting at once. */
  maxLines: number;
  /** Bytes of speech that lines which are over may keep, and those that are heard keep of dm20 clips. */
  historyBytes: number;
}

/** The connections of a party, as far as a stage needs to know them. */
export type Audiences = Pick<ConnectionManager, "connectionsOf" | "onChange" | "silenceMs">;

/** For so long it is remembered that a player's connection could not take what it was sent… */
const SLOW_MS = 60_000;
/** …of so many players. */
const MAX_SLOW = 1_000;
/** So many times the lines that may be waiting may still be heard. */
const MAX_HEARD = 8;
/** Bytes of one message from a v2 client. */
const MESSAGE_BYTES = 64 * 1024;

/** What speaks when: every connection has a lane of its own, every line is made once for all of them. */
export class Stage {
  readonly journal: Journal = new Journal();
  readonly #connections: Audiences;
  readonly #router: Pick<TTSRouter, "speak">;
  readonly #limits: StageLimits;
  readonly #turns = new Turnstile();
  readonly #lanes = new Map<Connection, Lane>();
  readonly #performances = new Map<string, Performance>();
  readonly #history: History;
  /** The number of the last message before a player became somebody else. */
  readonly #strangersSince = new Map<string, number>();
  /** Players of whom a connection was closed because it did not take what it was sent. */
  readonly #slow = new Map<string, { rung: number; at: number }>();
  readonly #unsubscribe: () => void;

  constructor(connections: Audiences, router: Pick<TTSRouter, "speak">, limits: StageLimits) {
    this.#connections = connections;
    this.#router = router;
    this.#limits = limits;
    this.#history = new History(limits);
    this.#unsubscribe = connections.onChange((connection, change) => {
      if (change === "opened") this.#join(connection);
      else this.#leave(connection);
    });
  }

  /** Lines that are speaking, waiting or still being heard, oldest first. */
  get performances(): readonly Performance[] {
    return [...this.#performances.values()];
  }

  /** The forms of audio that the connections of now listen to. */
  get encodings(): Encoding[] {
    const encodings = this.#connections.connectionsOf("all").map((connection): Encoding | undefined => {
      return isV2(connection) ? connection.v2.ladder.encodingFor(connection.v2.codec) : "dm20";
    });
    return [...new Set(encodings)].filter((encoding) => encoding !== undefined);
  }

  find(id: string): Performance | undefined {
    return this.#performances.get(id);
  }

  /**
   * Puts a line on stage for everybody in its audience who is connected now.
   * @throws BardcastError `busy` where too many lines are waiting
   */
  perform(script: Script): Performance {
    const unfinished = this.performances.filter(({ state }) => state === "waiting" || state === "speaking");
    const { maxLines } = this.#limits;
    if (unfinished.length >= maxLines || this.#performances.size >= MAX_HEARD * maxLines) {
      const message = `${this.#limits.maxLines} lines are waiting to be spoken; try again when some are done`;
      throw new BardcastError("busy", message, { retryable: true });
    }
    const connections = this.#connections.connectionsOf(script.to);
    if (script.interrupt === "drop") this.#drop(connections, script.priority);
    const backstage = {
      router: this.#router,
      turns: this.#turns,
      journal: this.journal,
      limits: this.#limits,
      cancelled: () => {
        for (const lane of this.#lanes.values()) lane.prune();
        closeGaps(this.performances);
      },
    };
    const performance = new Performance(script, backstage);
    this.#performances.set(script.id, performance);
    for (const connection of connections) this.#add(connection, performance.listen(connection));
    if (script.interrupt) this.#interrupt(performance);
    void performance.handedOver.then(() => this.#boundClips(performance));
    void performance.done.then(() => {
      this.#performances.delete(script.id);
      this.#history.add(performance);
    });
    void performance.run();
    return performance;
  }

  /** What a listener says about how much it heard; of the line nothing where it is not theirs, or over. */
  heard(connection: Connection, report: HeardMessage): void {
    const hadSound = this.#performances.get(report.utterance)?.heard(connection, report) ?? false;
    connection.v2?.report(report, hadSound);
  }

  /** Lines to a player so far are not for who comes by that name. Those to everybody are. */
  forget(player: string): void {
    const lines = [...this.performances, ...this.#history.lines, ...this.#history.silent];
    const first = Math.min(...lines.map(({ record }) => record.firstOffset));
    for (const [name, since] of this.#strangersSince) if (since < first) this.#strangersSince.delete(name);
    this.#strangersSince.set(player, this.journal.offset);
  }

  /** Cancels everything and forgets everybody. */
  close(): void {
    this.#unsubscribe();
    for (const performance of this.#performances.values()) {
      performance.cancel();
      for (const listening of performance.listenings) listening.close();
    }
    for (const lane of this.#lanes.values()) lane.close();
    this.#lanes.clear();
  }

  #add(connection: Connection, listening: Listening): void {
    // What it was told may have been too much for it.
    if (!connection.isOpen) {
      listening.abandon();
      return;
    }
    const lane = this.#lanes.get(connection) ?? new Lane();
    this.#lanes.set(connection, lane);
    lane.add(listening);
  }

  /** Somebody who comes in the middle of a line gets its text so far and its audio from the next sentence. */
  #join(connection: Connection): void {
    if (isV2(connection)) this.#welcome(connection);
    else if (connection.role === "player") {
      for (const line of this.#linesTo(connection, this.performances))
        this.#add(connection, line.listen(connection));
    }
  }

  /** The same, but who comes back goes on where the connection was lost. */
  #welcome(connection: V2Connection): void {
    const { player, role, v2 } = connection;
    const point = v2.resume?.epoch === this.journal.epoch ? v2.resume : undefined;
    const live = this.#linesTo(connection, this.performances);
    const past = this.#linesTo(connection, this.#history.lines);
    const silent = this.#linesTo(connection, this.#history.silent);
    const lines = { live, past, silent, history: this.#history };
    const comeback = comebackOf(player, lines, point, this.journal.offset);
    const welcome: WelcomeMessage = {
      type: "welcome",
      epoch: this.journal.epoch,
      offset: comeback.offset,
      player,
      role,
      recovered: comeback.recovered,
      limits: { leadMs: v2.leadMs, messageBytes: MESSAGE_BYTES, silenceMs: this.#connections.silenceMs },
    };
    if (point) this.#spare(connection);
    connection.post(JSON.stringify(welcome));
    for (const message of comeback.messages) postRecorded(connection, message);
    for (const record of comeback.silent) connection.post(record.endMessage(), { canBeLate: true });
    for (const { line, ...place } of comeback.lines) this.#add(connection, line.resume(connection, place));
  }

  /** Who comes back from a connection that was too much for it is sent less, not the same again. */
  #spare({ player, v2 }: V2Connection): void {
    const slow = this.#slow.get(player);
    if (!slow || performance.now() - slow.at > SLOW_MS) return;
    v2.wasTooSlow = true;
    v2.ladder.begin(slow.rung + 1);
  }

  #noteSlow({ player, v2, wasTooSlow }: Connection): void {
    this.#slow.delete(player);
    if (!wasTooSlow || !v2) return;
    this.#slow.set(player, { rung: v2.ladder.rung, at: performance.now() });
    for (const oldest of this.#slow.keys()) {
      if (this.#slow.size <= MAX_SLOW) break;
      this.#slow.delete(oldest);
    }
  }

  #linesTo<L extends SilentLine>({ player, role }: Connection, lines: readonly L[]): L[] {
    const since = this.#strangersSince.get(player) ?? 0;
    return lines.filter(({ script, record }) => {
      if (role !== "player") return false;
      return script.to === "all" || (script.to.includes(player) && record.firstOffset > since);
    });
  }

  #interrupt(performance: Performance): void {
    const { priority } = performance.script;
    const others = this.performances.filter((other) => other !== performance);
    const lower = others.filter(({ script }) => script.priority <= priority);
    const interruption = new Interruption(performance, lower);
    performance.whenMade(() => interruption.end());
  }

  /** Takes lines whose priority is not higher away from these listeners. */
  #drop(connections: readonly Connection[], priority: number): void {
    const listeners = new Set(connections);
    const lower = this.performances.filter(({ script }) => script.priority <= priority);
    for (const listening of lower.flatMap(({ listenings }) => listenings)) {
      if (listeners.has(listening.connection)) listening.drop("interrupted");
    }
    for (const connection of connections) this.#lanes.get(connection)?.prune();
  }

  /** Who comes later hears no clips of a line for which there is no room while it is heard. */
  #boundClips(performance: Performance): void {
    const bytes = this.performances.reduce((sum, { clipBytes }) => sum + clipBytes, 0);
    if (bytes > this.#limits.historyBytes) performance.forgetClips();
  }

  #leave(connection: Connection): void {
    this.#noteSlow(connection);
    this.#lanes.get(connection)?.close();
    this.#lanes.delete(connection);
    for (const performance of this.#performances.values()) performance.left(connection);
  }
}
