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
import type { BegunLine } from "../../party/speaking/line/begun-line.ts";
import type { Sequencer } from "../../party/transport/sequencer.ts";
import { CarriedUtterance } from "./carried-utterance.ts";
import { LineFetch } from "./line-fetch.ts";
import { LineInlet } from "./line-inlet.ts";
import { type Heard, LineNeeds } from "./line-needs.ts";
import { LineOutlet } from "./line-outlet.ts";
import type { BurstHead, SoundBurst } from "./sound-burst.ts";
import { SoundOut } from "./sound-out.ts";

/** What a line asks of the node that has it. */
export interface LineHost {
  sequencer: Pick<Sequencer, "nextOffset">;
  /** Has something stored of a line that is made here. */
  store: (line: BusLine, message: LineMessage) => void;
  /** Tells nodes, and this one, what is not stored. */
  pass: (line: BusLine, message: LineMessage) => void;
  publish: (line: BusLine, encoding: Encoding, bytes: Uint8Array) => void;
  place: () => Pick<BurstHead, "e" | "i">;
  /** Tells the holder about a line that is made there. */
  tell: (line: BusLine, heard: Omit<Heard, "v" | "node" | "u">) => void;
  /** The same, and resolves with how much sound of the line there is. Rejects where nobody answers. */
  ask: (line: BusLine, heard: Omit<Heard, "v" | "node" | "u">) => Promise<{ frames: number; clips: number }>;
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
  /** What listeners at other nodes need of it, and heard. */
  readonly others: LineNeeds = new LineNeeds();
  readonly #outlet: LineOutlet | undefined;
  readonly #inlet: LineInlet | undefined;
  readonly numbers: MessageNumbers;
  /** Of a line that is made here: its sound on the way to other nodes. */
  readonly sound: SoundOut | undefined;
  /** The number of the message that is being told. */
  #given = 0;
  #toldTo = -1;
  #active: ActiveUtterance | undefined;
  #look: (() => LineNeed) | undefined;
  /** What the holder was told last that is needed here. */
  #told = "";
  /** How far others had heard it when this node began to follow it, and when that was. */
  #heard: { ms: number; at: number } | undefined;
  readonly #fetching = new LineFetch((missing) => this.#host.ask(this, { missing }));
  /** What the holder has not taken yet. */
  #reported: { stage: ReportStage; report: DeliveryReport } | undefined;
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
      this.#inlet = new LineInlet({
        listeners: {
          frame: (frame) => this.#active?.listeners.frame(frame),
          clip: (clip) => this.#active?.listeners.clip(clip),
          beginSentence: (encodings) => this.#active?.listeners.beginSentence(encodings),
          leaveSentence: () => this.#active?.listeners.leaveSentence(),
          endSentence: () => this.#active?.listeners.endSentence(),
          skip: (frames, samples) => this.#active?.listeners.skip(frames, samples),
        },
        encodings: () => this.#wanted,
        needs: () => {
          const { readers, encodings } = this.#look?.() ?? NOTHING;
          const frames = encodings.some((each) => each !== "dm20");
          return { isAny: readers > 0, frames, clips: encodings.includes("dm20") };
        },
        missing: (frames) =>
          host.tell(this, { missing: { frames, clips: this.here.clips, in: [...this.#wanted] } }),
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
    if (message.is === "over") this.end();
    else if (message.is === "end" && this.#inlet) this.#inlet.end(message, give);
    else give();
  }

  /** The number of the last message of it that was told here. */
  get toldTo(): number {
    return this.#toldTo;
  }

  /** Whether more of it may come. */
  get isOpen(): boolean {
    return this.#active !== undefined && this.#active.state !== "done";
  }

  /** It is over where it is made, or whoever made it is gone. */
  end(): void {
    this.#inlet?.finish();
    this.#over.resolve();
  }

  /** Asks for its sound so far, before somebody listens to it here. Resolves when it is here, or does not come in time. */
  async fetch(encodings: readonly Encoding[]): Promise<void> {
    if (this.#inlet) await this.#fetching.fetch(this.#inlet, encodings);
  }

  /** The same, of one that was stored. */
  stored(message: LineMessage, offset: number): void {
    this.message(message, offset);
    this.#outlet?.stored();
  }

  take(burst: SoundBurst): void {
    this.#inlet?.take(burst);
  }

  /** Others have heard so much of it. */
  hint(heardMs: number | undefined): void {
    if (heardMs !== undefined) this.#heard = { ms: heardMs, at: performance.now() };
  }

  /** Frames and clips that are here. */
  get here(): { frames: number; clips: number } {
    return { frames: this.#inlet?.frames ?? 0, clips: this.#inlet?.clips ?? 0 };
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
    const latencies = this.#active?.connectionsInStep.flatMap(({ v2 }) => v2.latencyMs ?? []) ?? [];
    const latencyMs = latencies.length === 0 ? {} : { latencyMs: Math.max(...latencies) };
    const said = { need: { ...need, encodings: [...need.encodings], ...latencyMs } };
    if (JSON.stringify(said) === this.#told) return;
    this.#told = JSON.stringify(said);
    if (this.to === "all") this.#host.hear(need.encodings);
    this.#host.tell(this, said);
  }

  /** Once a second: how it is heard here. */
  tellProgress(): void {
    if (this.made || !this.#active) return;
    this.tellNeed();
    if (this.#reported) this.#host.tell(this, this.#reported);
    else if (this.#active.state !== "done" && this.#active.subscriptions.length > 0) {
      const places = this.#active.subscriptions.flatMap(({ placeMs }) => placeMs ?? []);
      const heardMs = places.length === 0 ? {} : { heardMs: Math.max(...places) };
      this.#host.tell(this, { ...heardMs, report: this.#active.report() });
    }
  }

  /** Another node holds the party: what it was told by the one before it has to be told, too. */
  forgetTold(): void {
    this.#told = "";
  }

  /** The holder has taken what is known here of that stage. */
  taken(stage: ReportStage): void {
    if (this.#reported?.stage === stage) this.#reported = undefined;
  }

  start(freeAt: number): void {
    this.#host.tell(this, { freeAt });
  }

  cancel(): void {
    if (this.#outlet && !this.#outlet.isClosed) this.#outlet.message({ is: "cancel" });
    else this.#host.tell(this, { cancel: true });
  }

  /** Encodings that come to this node, or are asked for. */
  get #wanted(): ReadonlySet<Encoding> {
    return new Set([...this.#host.hears(), ...(this.#look?.().encodings ?? []), ...this.#fetching.encodings]);
  }

  async report(stage: ReportStage, own: DeliveryReport, isWhole: boolean): Promise<DeliveryReport> {
    if (this.made) {
      const joined = await this.others.joined(stage, own, isWhole);
      if (stage === "done") this.#host.pass(this, { is: "over" });
      return joined;
    }
    if (own.players.length > 0 || this.#told !== "") {
      this.#reported = { stage, report: own };
      this.#host.tell(this, this.#reported);
    }
    return own;
  }

  /** This node does not hold the party any more: whoever does says what becomes of the line. */
  lose(): void {
    this.#outlet?.close();
    this.#active?.stopMaking();
    if (!this.#active) this.made?.utterance.drop();
  }
}
