import { Gate } from "../../core/async/gate.ts";
import { TimeSlicer } from "../../core/async/time-slicer.ts";
import { BardcastError } from "../../core/errors.ts";
import { type Observe, unobserved } from "../../core/observation.ts";
import type { Audience } from "../../core/protocol/speak-request.ts";
import type { HeardMessage } from "../../core/protocol/v2.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import { ClipDurations } from "../fan-out/clip-durations.ts";
import { Dm20History } from "../fan-out/dm20-history.ts";
import type { CarriedLine } from "../fan-out/line-parts.ts";
import { type MessageLog, postLogged } from "../fan-out/message-log.ts";
import { SendQueues } from "../fan-out/send-queues.ts";
import type { ResolvedRequest } from "../request/resolved-request.ts";
import type { UtteranceLimits } from "../request/utterance-limits.ts";
import type { Wants } from "../request/wants.ts";
import { type Connection, isV2, type V2Connection } from "../transport/connection.ts";
import type { ConnectionManager } from "../transport/connection-manager.ts";
import { isAudience } from "../transport/role.ts";
import { Sequencer } from "../transport/sequencer.ts";
import { SlowListeners, slowestLast } from "../transport/slow-listeners.ts";
import { welcomeTo } from "../transport/welcome.ts";
import { ActiveUtterance } from "./active-utterance.ts";
import { History } from "./history.ts";
import { closeGaps, dropFor, Interruption } from "./interruption.ts";
import type { FindSound } from "./line/line-sounds.ts";
import { observeUtterance } from "./observe-utterance.ts";
import { RestoredUtterances } from "./restored/restored-utterances.ts";
import type { StillHeard } from "./restored/still-heard.ts";
import { listenTo, openOf, planResume } from "./resume-plan.ts";
import { requireRoom } from "./room.ts";
import type { SpeechRouter } from "./trusted-router.ts";
import { exchangeTurns, inTurn } from "./turns.ts";
import type { UtteranceJournal } from "./utterance-journal.ts";

export interface SchedulerLimits extends UtteranceLimits {
  /** Utterances that may be speaking or waiting at once. */
  maxLines: number;
  /** Bytes of speech that utterances which are over may keep, and those that are heard keep of dm20 clips. */
  historyBytes: number;
}

/** The connections of a party, as far as a scheduler needs to know them. */
export type Audiences = Pick<ConnectionManager, "connectionsOf" | "onChange" | "silenceMs">;

/** Decides when each utterance is said. Every connection has a send queue; every utterance is made once for all of them. */
export class UtteranceScheduler {
  readonly sequencer: Sequencer;
  /** Lines of the process before that listeners may still be hearing. */
  readonly stillHeard: StillHeard | undefined;
  readonly #connections: Audiences;
  readonly #router: SpeechRouter;
  readonly #limits: SchedulerLimits;
  readonly #observe: Observe;
  readonly #wants: Wants;
  readonly #dm20History = new Dm20History();
  readonly #clipDurations = new ClipDurations();
  readonly #timeSlicer = new TimeSlicer();
  readonly #gate = new Gate();
  readonly #findSound: FindSound | undefined;
  readonly #queues = new SendQueues();
  readonly #utterances = new Map<string, ActiveUtterance>();
  readonly #history: History;
  readonly #journal: UtteranceJournal | undefined;
  readonly #restored: RestoredUtterances | undefined;
  /** The number of the last message before a player became somebody else. */
  readonly #strangersSince = new Map<string, number>();
  readonly #slow = new SlowListeners();
  readonly #unsubscribe: () => void;

  /** @param options.journal what processes before have said, and where it is kept */
  constructor(
    connections: Audiences,
    router: SpeechRouter,
    limits: SchedulerLimits,
    options: {
      journal?: UtteranceJournal | undefined;
      observe?: Observe;
      wants?: Wants;
      findSound?: FindSound | undefined;
      /** Where other processes serve the party, too: the epoch of its numbers, and its time. */
      shared?: { epoch: string; now: () => number } | undefined;
    } = {},
  ) {
    const { journal, observe = unobserved, wants = () => true, shared } = options;
    this.#observe = observe;
    this.#wants = wants;
    this.#findSound = options.findSound;
    this.#connections = connections;
    this.#router = router;
    this.#limits = limits;
    this.#history = new History(limits);
    this.#journal = journal;
    this.sequencer = new Sequencer(journal?.nextOffset, shared);
    this.#restored = journal && this.#restore(journal);
    this.stillHeard = this.#restored?.stillHeard;
    this.#unsubscribe = connections.onChange((connection, change) => {
      this.stillHeard?.changed(connection, change);
      if (change === "opened") this.#join(connection);
      else this.#leave(connection);
    });
  }

  /** Those that are speaking, waiting or still being heard, oldest first. */
  get utterances(): readonly ActiveUtterance[] {
    return [...this.#utterances.values()];
  }

  /** Those that nobody was sent any sound of, in the order in which they are begun; that may be changed by `move`. */
  get movable(): ActiveUtterance[] {
    return inTurn(this.utterances, (subscription) => this.#queues.isWaiting(subscription));
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

  /** @throws BardcastError `busy` where too many are waiting */
  requireRoom(): void {
    requireRoom(this.utterances, this.#limits.maxLines, this.#observe);
  }

  /**
   * Says an utterance to everybody in its audience who is connected now.
   * @param carried where some of them are connected elsewhere
   */
  say(request: ResolvedRequest, carried?: CarriedLine): ActiveUtterance {
    const connections = slowestLast(this.#connections.connectionsOf(request.to));
    if (request.interrupt === "drop") {
      dropFor(connections, this.utterances, request.priority);
      this.#queues.prune(connections);
    }
    const context = {
      dm20History: this.#dm20History,
      clipDurations: this.#clipDurations,
      router: this.#router,
      observe: this.#observe,
      timeSlicer: this.#timeSlicer,
      sequencer: this.sequencer,
      limits: this.#limits,
      gate: this.#gate,
      findSound: this.#findSound,
      journal: this.#journal,
      wants: this.#wants,
      turned: () => this.#queues.sort(),
      cancelled: () => {
        this.#queues.prune();
        closeGaps(this.utterances);
      },
    };
    const active = new ActiveUtterance(request, context, carried);
    this.#utterances.set(request.id, active);
    for (const connection of connections) this.#queues.add(connection, listenTo(active, connection));
    const isMadeHere = !carried || carried.sink !== undefined;
    const interruption = request.interrupt && isMadeHere ? this.#interrupt(active) : undefined;
    void active.handedOver.then(() => this.#boundClips(active));
    void active.done.then(() => {
      this.#utterances.delete(request.id);
      this.#history.add(active);
    });
    observeUtterance(active, connections.length, this.#observe);
    void active.run(() => void interruption?.end());
    return active;
  }

  /** Has the sound of utterances wait until the function it returns is called. @throws BardcastError `busy` while one is heard */
  hold(): () => void {
    if (this.#utterances.size === 0 && !this.stillHeard?.lines.length) return this.#gate.close();
    throw new BardcastError("busy", "a line is being heard; try again when it is over", { retryable: true });
  }

  /**
   * Has a waiting utterance begun before another one, or after all others.
   * @throws BardcastError `unknown-utterance`, `too-late` where one of them is not movable
   */
  move(id: string, before: string | undefined): void {
    const { movable } = this;
    exchangeTurns(movable, this.utterances, { id, before });
    this.#queues.sort();
    for (const { carried, request } of movable) carried?.sink?.message({ is: "turn", ...request.turn });
  }

  /** Takes a listener's report. If the utterance is over or was not for them, only the listener's own state is updated. */
  heard(connection: Connection, report: HeardMessage): void {
    const active = this.#utterances.get(report.utterance);
    const hadSound = active?.heard(connection, report) ?? this.stillHeard?.heard(connection, report) ?? false;
    connection.v2?.report(report, hadSound);
    this.#observe({ type: "client.reported", state: report.state, skewMs: report.skewMs });
  }

  /** A dm20 client asks for the texts after a time, ISO 8601: it gets those told before it came, each once. */
  tellAgain(connection: Connection, since: string | null | undefined): void {
    for (const { to, firstOffset, message } of this.#dm20History.missedBy(connection, since))
      if (this.#isFor(connection, to, { firstOffset })) connection.post(message, { canBeLate: true });
    // What was told meanwhile comes after it.
    const live = this.utterances.flatMap(({ subscriptions }) => subscriptions);
    for (const subscription of live) if (subscription.connection === connection) subscription.answered();
  }

  /** Whoever next takes this player's name must not hear what was said to the player so far; lines to everybody they may. */
  forget(player: string): void {
    const live = this.utterances.map(({ messages }) => messages.firstOffset);
    const first = Math.min(this.#history.firstOffset, ...live);
    for (const [name, since] of this.#strangersSince) if (since < first) this.#strangersSince.delete(name);
    this.#strangersSince.set(player, this.sequencer.offset);
    this.#journal?.forget(player, this.sequencer.offset);
  }

  /** Cancels everything and forgets everybody. */
  close(): void {
    this.#unsubscribe();
    for (const active of this.#utterances.values()) active.close();
    this.#queues.close();
    this.stillHeard?.close();
  }

  #restore(journal: UtteranceJournal): RestoredUtterances {
    for (const { player, offset } of journal.forgotten) this.#strangersSince.set(player, offset);
    const restored = new RestoredUtterances(this.sequencer, {
      connections: this.#connections,
      journal,
      isFor: (connection, { to, messages }) => this.#isFor(connection, to, messages),
    });
    journal.live(this.sequencer);
    return restored.tellBy(this.#history, this.#dm20History);
  }

  /** Somebody who comes in the middle of an utterance gets its text so far and its audio from the next sentence. */
  #join(connection: Connection): void {
    if (isV2(connection)) this.#welcome(connection);
    else {
      const live = this.#addressedTo(connection, this.utterances);
      this.#dm20History.joined(connection);
      for (const active of live) this.#queues.add(connection, active.listen(connection));
    }
  }

  /** The same, but who comes back goes on where the connection was lost. */
  #welcome(connection: V2Connection): void {
    const { player, v2 } = connection;
    const isSame = v2.resume?.epoch === this.sequencer.epoch;
    if (isSame && !v2.resume?.anew) v2.knownTo = v2.resume?.offset ?? 0;
    const point = v2.resume && (isSame ? v2.resume : this.#restored?.translate(v2.resume));
    const isFor = (to: Audience, messages: MessageLog): boolean => this.#isFor(connection, to, messages);
    const live = this.#addressedTo(connection, this.utterances);
    const addressed = { live, ...this.#history.knownTo(isFor), history: this.#history };
    const plan = planResume({ player, codec: v2.codec }, addressed, point, this.sequencer);
    const { epoch } = this.sequencer;
    const { offset, recovered } = plan;
    const continues = point && !isSame ? { continues: openOf(addressed.texts, point) } : {};
    const answer = { epoch, offset, recovered, ...continues };
    if (point) this.#slow.spare(connection);
    connection.post(welcomeTo(connection, answer, this.#connections.silenceMs));
    for (const message of plan.messages)
      if (!message.isOfSound || this.#wants(connection, message)) postLogged(connection, message);
    for (const messages of plan.texts) connection.post(messages.endMessage(), { canBeLate: true });
    for (const { utterance, ...place } of plan.places)
      this.#queues.add(connection, utterance.resume(connection, place));
  }

  #addressedTo(connection: Connection, utterances: readonly ActiveUtterance[]): ActiveUtterance[] {
    return utterances.filter(({ request, messages }) => this.#isFor(connection, request.to, messages));
  }

  /** Whether somebody may hear an utterance to that audience. */
  #isFor(connection: Connection, to: Audience, { firstOffset }: Pick<MessageLog, "firstOffset">): boolean {
    if (!isAudience(connection, to)) return false;
    return to === "all" || firstOffset > (this.#strangersSince.get(connection.player) ?? 0);
  }

  #interrupt(active: ActiveUtterance): Interruption {
    const { priority } = active.request;
    const lower = this.utterances.filter((other) => other !== active && other.request.priority <= priority);
    return new Interruption(active, lower);
  }

  /** Drops the clips of an utterance when those still being heard take too much memory; late listeners then get its text only. */
  #boundClips(active: ActiveUtterance): void {
    if (active.clipBytes === 0) return;
    const bytes = this.utterances.reduce((sum, { clipBytes }) => sum + clipBytes, 0);
    if (bytes > this.#limits.historyBytes) active.forgetClips();
  }

  #leave(connection: Connection): void {
    this.#slow.ended(connection);
    this.#queues.leave(connection);
    for (const active of this.#utterances.values()) active.left(connection);
  }
}
