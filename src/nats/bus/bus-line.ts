import { deferred } from "../../core/async/deferred.ts";
import { oncePerTurn } from "../../core/async/time-slicer.ts";
import type { DeliveryReport } from "../../core/protocol/api.ts";
import type { Audience } from "../../core/protocol/speak-request.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type {
  CarriedLine,
  LineMessage,
  LineNeed,
  NeedElsewhere,
  ReportStage,
} from "../../party/fan-out/line-parts.ts";
import type { MessageNumbers } from "../../party/fan-out/message-log.ts";
import type { ResolvedRequest } from "../../party/request/resolved-request.ts";
import type { ActiveUtterance } from "../../party/speaking/active-utterance.ts";
import { joinReports } from "../../party/speaking/delivery-report.ts";
import type { BegunLine } from "../../party/speaking/line/begun-line.ts";
import type { Sequencer } from "../../party/transport/sequencer.ts";
import { storable } from "../log/log-entry.ts";
import { CarriedUtterance } from "./carried-utterance.ts";
import { FollowedSound } from "./followed-sound.ts";
import { LineNeeds } from "./line-needs.ts";
import { LineOutlet } from "./line-outlet.ts";
import type { BurstHead, SoundBurst } from "./sound-burst.ts";
import { SoundOut } from "./sound-out.ts";
import type { SoundThere } from "./sound-recovery.ts";
import { type News, ToldHolder } from "./told-holder.ts";

/** What a line asks of the node that has it. */
export interface LineHost {
  sequencer: Pick<Sequencer, "nextOffset">;
  /** Has something stored of a line that is made here. */
  store: (line: BusLine, message: LineMessage) => void;
  /** Tells nodes, and this one, what is not stored. */
  pass: (line: BusLine, message: LineMessage) => void;
  publish: (line: BusLine, encoding: Encoding, bytes: Uint8Array) => void;
  place: () => Pick<BurstHead, "e" | "i">;
  /** Whether this node holds the party. */
  isHolder: () => boolean;
  /** Tells the holder about a line that is made there. */
  tell: (line: BusLine, heard: News) => void;
  /** The same, and resolves with how much sound of the line there is. Rejects where nobody answers. */
  ask: (line: BusLine, heard: News) => Promise<SoundThere>;
  /** Encodings of sound for all that come to this node. */
  hears: () => ReadonlySet<Encoding>;
  /** Has sound in these encodings come to this node. */
  hear: (encodings: readonly Encoding[]) => void;
}

/** What is needed where nobody listens. */
const NOTHING: LineNeed = { asked: -1, readers: 0, encodings: [] };

/** A line of the party as one node has it: made here, or made elsewhere and followed. */
export class BusLine implements CarriedLine {
  readonly begun: BegunLine;
  /** Where it is made here: what it is made from, and how whoever asked for it holds it. */
  readonly made: { request: ResolvedRequest; utterance: CarriedUtterance } | undefined;
  readonly #host: LineHost;
  readonly others: LineNeeds = new LineNeeds();
  readonly #outlet: LineOutlet | undefined;
  readonly #inlet: FollowedSound | undefined;
  readonly numbers: MessageNumbers;
  readonly sound: SoundOut | undefined;
  /** The number of the message that is being told. */
  #given = 0;
  #toldTo = -1;
  #active: ActiveUtterance | undefined;
  #look: (() => LineNeed) | undefined;
  readonly #told: ToldHolder = new ToldHolder((news) => this.#host.tell(this, news));
  /** How far others had heard it when this node began to follow it, and when that was. */
  #heard: { ms: number; at: number } | undefined;
  /** What became of it at all nodes. */
  #final: DeliveryReport | undefined;
  #isOver = false;
  readonly #over = deferred();
  readonly over: Promise<void> = this.#over.promise;
  readonly #tellNeedSoon = oncePerTurn(() => this.tellNeed());

  /** @param request where it is made here */
  constructor(begun: BegunLine, host: LineHost, request?: ResolvedRequest) {
    this.begun = begun;
    this.#host = host;
    this.numbers = {
      nextHandle: () => begun.handle,
      nextOffset: () => this.#given,
      nextOwnOffset: () => host.sequencer.nextOffset(),
    };
    if (request) {
      const sound = new SoundOut({
        u: begun.id,
        place: host.place,
        encodings: () => this.others.need.encodings,
        publish: (encoding, bytes) => host.publish(this, encoding, bytes),
      });
      this.#outlet = new LineOutlet({
        listeners: () => this.#active?.listeners,
        sound,
        store: (message) => host.store(this, message),
        pass: (message) => host.pass(this, message),
      });
      this.sound = sound;
      this.made = { request, utterance: new CarriedUtterance(begun.id, () => this.cancel()) };
    } else {
      this.#inlet = new FollowedSound(host, {
        listeners: () => this.#active?.listeners,
        need: () => this.#look?.() ?? NOTHING,
        tell: (missing) => host.tell(this, { missing }),
        ask: (missing) => host.ask(this, { missing }),
      });
    }
  }

  get id(): string {
    return this.begun.id;
  }

  get to(): Audience {
    return this.begun.to;
  }

  get active(): ActiveUtterance | undefined {
    return this.#active;
  }

  get sink(): LineOutlet | undefined {
    return this.#outlet;
  }

  get elsewhere(): NeedElsewhere {
    return this.others.need;
  }

  get reports(): readonly DeliveryReport[] {
    return this.others.reports;
  }

  get heardMs(): number | undefined {
    const { ms, at } = this.#heard ?? {};
    return ms === undefined || at === undefined ? this.others.heardMs : ms + performance.now() - at;
  }

  /** Its beginning was told here: from now on it has listeners. @param begin makes the utterance of it */
  begin(offset: number, begin: () => ActiveUtterance): void {
    this.#given = this.#toldTo = offset;
    this.#active = begin();
    this.made?.utterance.follow(this.#active);
    this.#tellNeedSoon();
    this.#outlet?.stored();
  }

  /** A message of it is told here. */
  message(message: LineMessage, offset: number): void {
    this.#toldTo = Math.max(this.#toldTo, offset);
    const give = (): void => {
      this.#given = offset;
      this.#active?.listeners.message(message);
    };
    if (message.is === "over") {
      this.#final = message.report;
      this.end();
    } else if (message.is === "end" && this.#inlet) this.#inlet.end(message, give);
    else give();
  }

  /** The number of the last message of it that was told here. */
  get toldTo(): number {
    return this.#toldTo;
  }

  /** Whether somebody here hears it, or may come back to it. */
  get isHeardHere(): boolean {
    return this.isOpen && (this.#active?.subscriptions.length ?? 0) > 0;
  }

  /** What is needed of it here. */
  get encodings(): readonly Encoding[] {
    return this.#look?.().encodings ?? [];
  }

  /** Whether more of it may come. */
  get isOpen(): boolean {
    return this.#active !== undefined && this.#active.state !== "done";
  }

  /** It is over where it is made, or whoever made it is gone. */
  end(): void {
    this.#inlet?.finish();
    this.#isOver = true;
    this.#over.resolve();
  }

  /** Asks for its sound so far, before somebody listens to it here. Resolves when it is here, or does not come in time. */
  async fetch(encodings: readonly Encoding[]): Promise<void> {
    await this.#inlet?.fetch(encodings);
  }

  /** The same, of one that was stored. */
  stored(message: LineMessage, offset: number): void {
    this.message(message, offset);
    if (message.is !== "over") this.#outlet?.stored();
  }

  take(burst: SoundBurst): void {
    this.#inlet?.take(burst);
  }

  /** So much sound of it there is where it is made. */
  expect(there: SoundThere): void {
    this.#inlet?.expect(there);
  }

  /** This node ends: those who listened here may go on at another one. */
  leave(): void {
    this.#told.leave();
  }

  get isUnknown(): boolean {
    return !this.made && !this.#final;
  }

  /** Others have heard so much of it. */
  hint(heardMs: number | undefined): void {
    if (heardMs !== undefined) this.#heard = { ms: heardMs, at: performance.now() };
  }

  known(): Promise<void> {
    return this.others.known();
  }

  onNeed(listener: () => void): void {
    this.others.onNeed(listener);
  }

  needs(look: () => LineNeed): void {
    this.#look = look;
    this.#tellNeedSoon();
  }

  /** What is needed here may be something else than before. */
  tellNeed(): void {
    if (this.made || !this.#active || this.#active.state === "done") return;
    const need = this.#look?.() ?? NOTHING;
    this.#inlet?.look();
    if (this.to === "all") this.#host.hear(need.encodings);
    this.#told.need(need, this.#active);
  }

  /** Once a second: how it is heard here. */
  tellProgress(): void {
    if (this.made || !this.#active) return;
    this.tellNeed();
    const { state, subscriptions } = this.#active;
    const isHeard = state !== "done" && subscriptions.length > 0;
    this.#told.progress(isHeard ? this.#active : undefined);
  }

  /** Another node holds the party: what it was told by the one before it has to be told, too. */
  forgetTold(): void {
    this.#told.forget();
  }

  /** The holder has taken what is known here of that stage. */
  taken(stage: ReportStage): void {
    this.#told.taken(stage);
  }

  start(freeAt: number): void {
    this.#host.tell(this, { freeAt });
  }

  cancel(): void {
    if (this.#outlet && !this.#outlet.isClosed) this.#outlet.message({ is: "cancel" });
    else this.#host.tell(this, { cancel: true });
  }

  async report(stage: ReportStage, own: DeliveryReport, isWhole: boolean): Promise<DeliveryReport> {
    if (this.made) {
      const joined = await this.others.joined(stage, own, isWhole);
      if (stage === "done") this.#host.store(this, { is: "over", report: storable(joined) });
      return joined;
    }
    this.#told.report(stage, own);
    if (this.#final || !this.#host.isHolder()) return this.#final ?? own;
    // Whoever made it is gone: this node takes what the others tell of it.
    const joined = joinReports(own, this.others.reports, isWhole);
    if (this.#isOver) this.#host.store(this, { is: "over", report: storable(joined) });
    return joined;
  }

  /** This node does not hold the party any more: whoever does says what becomes of the line. */
  lose(): void {
    this.#outlet?.close();
    this.others.close();
    this.#active?.stopMaking();
    if (!this.#active) this.made?.utterance.drop();
  }
}
