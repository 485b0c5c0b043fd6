import { TimeSlicer } from "../../core/async/time-slicer.ts";
import { BardcastError } from "../../core/errors.ts";
import type { HeardMessage, WelcomeMessage } from "../../core/protocol/v2.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { TTSRouter } from "../../engines/routing/router.ts";
import { postLogged } from "../fan-out/message-log.ts";
import { SendQueue } from "../fan-out/send-queue.ts";
import type { Subscription } from "../fan-out/subscription.ts";
import type { ResolvedRequest } from "../request/resolved-request.ts";
import type { UtteranceLimits } from "../request/utterance-limits.ts";
import { type Connection, isV2, type V2Connection } from "../transport/connection.ts";
import type { ConnectionManager } from "../transport/connection-manager.ts";
import { Sequencer } from "../transport/sequencer.ts";
import { ActiveUtterance } from "./active-utterance.ts";
import { History, type SilentLine } from "./history.ts";
import { closeGaps, Interruption } from "./interruption.ts";
import { planResume } from "./resume-plan.ts";

export interface SchedulerLimits extends UtteranceLimits {
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
export class UtteranceScheduler {
  readonly sequencer: Sequencer = new Sequencer();
  readonly #connections: Audiences;
  readonly #router: Pick<TTSRouter, "speak">;
  readonly #limits: SchedulerLimits;
  readonly #timeSlicer = new TimeSlicer();
  readonly #queues = new Map<Connection, SendQueue>();
  readonly #utterances = new Map<string, ActiveUtterance>();
  readonly #history: History;
  /** The number of the last message before a player became somebody else. */
  readonly #strangersSince = new Map<string, number>();
  /** Players of whom a connection was closed because it did not take what it was sent. */
  readonly #slow = new Map<string, { rung: number; at: number }>();
  readonly #unsubscribe: () => void;

  constructor(connections: Audiences, router: Pick<TTSRouter, "speak">, limits: SchedulerLimits) {
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
  get utterances(): readonly ActiveUtterance[] {
    return [...this.#utterances.values()];
  }

  /** The forms of audio that the connections of now listen to. */
  get encodings(): Encoding[] {
    const encodings = this.#connections.connectionsOf("all").map((connection): Encoding | undefined => {
      return isV2(connection) ? connection.v2.ladder.encodingFor(connection.v2.codec) : "dm20";
    });
    return [...new Set(encodings)].filter((encoding) => encoding !== undefined);
  }

  find(id: string): ActiveUtterance | undefined {
    return this.#utterances.get(id);
  }

  /**
   * Puts a line on stage for everybody in its audience who is connected now.
   * @throws BardcastError `busy` where too many lines are waiting
   */
  perform(request: ResolvedRequest): ActiveUtterance {
    const unfinished = this.utterances.filter(({ state }) => state === "waiting" || state === "speaking");
    const { maxLines } = this.#limits;
    if (unfinished.length >= maxLines || this.#utterances.size >= MAX_HEARD * maxLines) {
      const message = `${this.#limits.maxLines} lines are waiting to be spoken; try again when some are done`;
      throw new BardcastError("busy", message, { retryable: true });
    }
    const connections = this.#connections.connectionsOf(request.to);
    if (request.interrupt === "drop") this.#drop(connections, request.priority);
    const context = {
      router: this.#router,
      timeSlicer: this.#timeSlicer,
      sequencer: this.sequencer,
      limits: this.#limits,
      cancelled: () => {
        for (const queue of this.#queues.values()) queue.prune();
        closeGaps(this.utterances);
      },
    };
    const active = new ActiveUtterance(request, context);
    this.#utterances.set(request.id, active);
    for (const connection of connections) this.#add(connection, active.listen(connection));
    if (request.interrupt) this.#interrupt(active);
    void active.handedOver.then(() => this.#boundClips(active));
    void active.done.then(() => {
      this.#utterances.delete(request.id);
      this.#history.add(active);
    });
    void active.run();
    return active;
  }

  /** What a listener says about how much it heard; of the line nothing where it is not theirs, or over. */
  heard(connection: Connection, report: HeardMessage): void {
    const hadSound = this.#utterances.get(report.utterance)?.heard(connection, report) ?? false;
    connection.v2?.report(report, hadSound);
  }

  /** Lines to a player so far are not for who comes by that name. Those to everybody are. */
  forget(player: string): void {
    const lines = [...this.utterances, ...this.#history.lines, ...this.#history.silent];
    const first = Math.min(...lines.map(({ messages }) => messages.firstOffset));
    for (const [name, since] of this.#strangersSince) if (since < first) this.#strangersSince.delete(name);
    this.#strangersSince.set(player, this.sequencer.offset);
  }

  /** Cancels everything and forgets everybody. */
  close(): void {
    this.#unsubscribe();
    for (const active of this.#utterances.values()) {
      active.cancel();
      for (const subscription of active.subscriptions) subscription.close();
    }
    for (const queue of this.#queues.values()) queue.close();
    this.#queues.clear();
  }

  #add(connection: Connection, subscription: Subscription): void {
    // What it was told may have been too much for it.
    if (!connection.isOpen) {
      subscription.abandon();
      return;
    }
    const queue = this.#queues.get(connection) ?? new SendQueue();
    this.#queues.set(connection, queue);
    queue.add(subscription);
  }

  /** Somebody who comes in the middle of a line gets its text so far and its audio from the next sentence. */
  #join(connection: Connection): void {
    if (isV2(connection)) this.#welcome(connection);
    else if (connection.role === "player") {
      for (const line of this.#linesTo(connection, this.utterances))
        this.#add(connection, line.listen(connection));
    }
  }

  /** The same, but who comes back goes on where the connection was lost. */
  #welcome(connection: V2Connection): void {
    const { player, role, v2 } = connection;
    const point = v2.resume?.epoch === this.sequencer.epoch ? v2.resume : undefined;
    const live = this.#linesTo(connection, this.utterances);
    const past = this.#linesTo(connection, this.#history.lines);
    const silent = this.#linesTo(connection, this.#history.silent);
    const lines = { live, past, silent, history: this.#history };
    const plan = planResume({ player, codec: v2.codec }, lines, point, this.sequencer.offset);
    const welcome: WelcomeMessage = {
      type: "welcome",
      epoch: this.sequencer.epoch,
      offset: plan.offset,
      player,
      role,
      recovered: plan.recovered,
      limits: { leadMs: v2.leadMs, messageBytes: MESSAGE_BYTES, silenceMs: this.#connections.silenceMs },
    };
    if (point) this.#spare(connection);
    connection.post(JSON.stringify(welcome));
    for (const message of plan.messages) postLogged(connection, message);
    for (const messages of plan.silent) connection.post(messages.endMessage(), { canBeLate: true });
    for (const { line, ...place } of plan.lines) this.#add(connection, line.resume(connection, place));
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
    return lines.filter(({ request, messages }) => {
      if (role !== "player") return false;
      return request.to === "all" || (request.to.includes(player) && messages.firstOffset > since);
    });
  }

  #interrupt(active: ActiveUtterance): void {
    const { priority } = active.request;
    const others = this.utterances.filter((other) => other !== active);
    const lower = others.filter(({ request }) => request.priority <= priority);
    const interruption = new Interruption(active, lower);
    active.whenMade(() => interruption.end());
  }

  /** Takes lines whose priority is not higher away from these listeners. */
  #drop(connections: readonly Connection[], priority: number): void {
    const listeners = new Set(connections);
    const lower = this.utterances.filter(({ request }) => request.priority <= priority);
    for (const subscription of lower.flatMap(({ subscriptions }) => subscriptions)) {
      if (listeners.has(subscription.connection)) subscription.drop("interrupted");
    }
    for (const connection of connections) this.#queues.get(connection)?.prune();
  }

  /** Who comes later hears no clips of a line for which there is no room while it is heard. */
  #boundClips(active: ActiveUtterance): void {
    const bytes = this.utterances.reduce((sum, { clipBytes }) => sum + clipBytes, 0);
    if (bytes > this.#limits.historyBytes) active.forgetClips();
  }

  #leave(connection: Connection): void {
    this.#noteSlow(connection);
    this.#queues.get(connection)?.close();
    this.#queues.delete(connection);
    for (const active of this.#utterances.values()) active.left(connection);
  }
}
