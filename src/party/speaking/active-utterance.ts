import { deferred } from "../../core/async/deferred.ts";
import type { DeliveryReport, UtteranceState } from "../../core/protocol/api.ts";
import type { SayAgain } from "../../core/protocol/speak-request.ts";
import type { Codec, HeardMessage } from "../../core/protocol/v2.ts";
import { shownText } from "../../core/text/markup.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import { FanOut } from "../fan-out/fan-out.ts";
import type { CarriedLine, LineDemand, ReportStage } from "../fan-out/line-parts.ts";
import { MessageLog } from "../fan-out/message-log.ts";
import type { PlayoutSchedule } from "../fan-out/playout-schedule.ts";
import type { Place, Subscription } from "../fan-out/subscription.ts";
import { UtteranceAudio } from "../fan-out/utterance-audio.ts";
import { headOf, type ResolvedRequest } from "../request/resolved-request.ts";
import type { Utterance } from "../request/utterance.ts";
import type { Connection, V2Connection } from "../transport/connection.ts";
import { reportOn } from "./delivery-report.ts";
import { LineMaker } from "./line/line-maker.ts";
import { LineTeller } from "./line/line-teller.ts";
import { type LineTexts, lineTexts } from "./line-texts.ts";
import type { SpeakingContext } from "./sentence-speaker.ts";
import type { UtteranceJournal } from "./utterance-journal.ts";

/** What an utterance shares with the others of its party. */
interface UtteranceContext extends SpeakingContext {
  /** Where what is said is kept, if anywhere. */
  journal: UtteranceJournal | undefined;
  /** It was cancelled. */
  cancelled: () => void;
  /** Its turn is another one. */
  turned: () => void;
}

/** One utterance that is not over, and its listeners in this process; its maker may be in another one. */
export class ActiveUtterance implements Utterance, LineDemand {
  readonly id: string;
  readonly #handedOver = deferred<DeliveryReport>();
  readonly #done = deferred<DeliveryReport>();
  readonly handedOver: Promise<DeliveryReport> = this.#handedOver.promise;
  readonly done: Promise<DeliveryReport> = this.#done.promise;
  readonly messages: MessageLog;
  readonly request: ResolvedRequest;
  readonly #context: UtteranceContext;
  readonly sound: UtteranceAudio;
  readonly #fanOut: FanOut;
  /** Where others listen to it in other processes. */
  readonly carried: CarriedLine | undefined;
  /** Undefined where it is made in another process. */
  readonly #maker: LineMaker | undefined;
  readonly #teller: LineTeller;
  /** The text as it is read, where all of it was there at once. */
  readonly #shown: string | undefined;
  #cancelled = false;
  #state: "open" | "draining" | "done" = "open";
  /** Of a carried line: all of it has come, or no more will. */
  readonly #complete = deferred();

  constructor(request: ResolvedRequest, context: UtteranceContext, carried?: CarriedLine) {
    this.id = request.id;
    this.#shown = typeof request.text === "string" ? shownText(request.text) : undefined;
    this.request = request;
    this.#context = context;
    this.carried = carried;
    this.sound = new UtteranceAudio(context.limits, context.timeSlicer);
    this.messages = new MessageLog(carried?.numbers ?? context.sequencer, headOf(request));
    const { messages, sound: audio } = this;
    const isLast = (): boolean => this.#maker?.isLast ?? audio.isOver;
    const move = (fromMs: number, startAt: number): void => sink?.message({ is: "move", fromMs, startAt });
    this.#fanOut = new FanOut(request, context, { audio, messages, isLast, move, carried });
    this.#teller = new LineTeller({
      request,
      messages,
      audio,
      fanOut: this.#fanOut,
      journal: context.journal,
      isFollowing: carried !== undefined && !carried.sink,
      turned: context.turned,
      cancelled: () => this.#cancel(),
      complete: () => this.#complete.resolve(),
    });
    const sink = carried ? carried.sink : this.#teller;
    const made = { demand: this, schedule: this.schedule, handle: messages.handle, shown: this.#shown };
    const broken = (): void => messages.breakOff();
    this.#maker = sink && new LineMaker(request, context, { ...made, sink, broken });
    carried?.onNeed(() => this.sound.needElsewhere(carried.elsewhere));
    if (carried && !sink) this.sound.onNeed = () => this.#need();
  }

  /** Takes what was carried to this process. */
  get listeners(): LineTeller {
    return this.#teller;
  }

  get state(): UtteranceState {
    if (this.#state !== "open") return this.#state;
    return (this.#maker?.isSpeaking ?? this.messages.samples > 0) ? "speaking" : "waiting";
  }

  /** The text, as far as it is known, and as it is read. */
  get texts(): LineTexts {
    const { text } = this.request;
    return typeof text === "string" ? lineTexts(text, this.#shown) : { text: this.#teller.texts.join(" ") };
  }

  /** What says it again, as far as its text is known. */
  get again(): SayAgain | undefined {
    const { again } = this.request;
    const written = this.#maker?.written;
    return again && written !== undefined ? { ...again, text: written } : again;
  }

  /** ms of audio made so far. */
  get durationMs(): number {
    return this.#maker?.durationMs ?? Math.max(this.messages.durationMs, Math.round(this.sound.clipsMs));
  }

  get subscriptions(): readonly Subscription[] {
    return this.#fanOut.all;
  }

  /** Whether anybody listens who says, or may say, how far it is heard. */
  get isReported(): boolean {
    return this.#fanOut.all.some(({ connection }) => connection.v2) || !!this.carried?.elsewhere.readers;
  }

  get schedule(): PlayoutSchedule {
    return this.#fanOut.schedule;
  }

  get connectionsInStep(): readonly V2Connection[] {
    return this.#fanOut.connectionsInStep;
  }

  /** Bytes of speech that are kept for those who come back. */
  get keptBytes(): number {
    return this.sound.frames.bytes;
  }

  /** Bytes of dm20 clips that are kept for those who come while it is heard. */
  get clipBytes(): number {
    return this.sound.clips.bytes;
  }

  forgetClips(): void {
    this.sound.forgetClips();
  }

  /** Whether somebody who has the frames up to `sequence` can go on without a gap, in that codec. */
  reaches(sequence: number, codec: Codec): boolean {
    return this.sound.hasFrames(sequence + 1, codec);
  }

  /** Lets a connection listen: the text so far now, the audio from the next sentence on. */
  listen(connection: Connection): Subscription {
    return this.#entered(this.#fanOut.add(connection));
  }

  /** Lets somebody who came back go on after the frame `sequence`; where that is out of reach, with a later sentence. */
  resume(connection: V2Connection, { sequence, isTold }: Place): Subscription {
    const from = sequence !== undefined && this.sound.mayBegin(sequence + 1) ? sequence + 1 : undefined;
    return this.#entered(this.#fanOut.resume(connection, from, isTold));
  }

  /** What a listener says about how much it heard. @returns whether there was sound of it to be heard */
  heard(connection: Connection, report: HeardMessage): boolean {
    return this.#fanOut.heard(connection, report);
  }

  left(connection: Connection): void {
    this.#fanOut.left(connection);
  }

  get hasListeners(): boolean {
    return this.subscriptions.length > 0 || (this.carried?.elsewhere.readers ?? 0) > 0;
  }

  get encodings(): readonly Encoding[] {
    const own = this.#fanOut.encodings;
    return this.carried ? [...new Set([...own, ...this.carried.elsewhere.encodings])] : own;
  }

  wanted(): Promise<boolean> {
    const { carried, sound } = this;
    return carried ? carried.known().then(() => sound.wanted(carried.elsewhere)) : sound.wanted();
  }

  cancel(): void {
    if (this.#state === "done" || this.#cancelled) return;
    if (this.carried) {
      this.#maker?.abort();
      this.carried.cancel();
    } else this.#cancel();
  }

  /** This process ends; what is made in another one goes on there. */
  close(): void {
    if (this.carried && !this.#maker) {
      this.carried.leave();
      this.sound.cut();
      this.#complete.resolve();
    } else this.cancel();
    for (const subscription of this.subscriptions) subscription.close();
  }

  /** Another process says what becomes of it: nothing more of it is made here. */
  stopMaking(): void {
    this.#maker?.abort();
  }

  /**
   * Sends the text, speaks, and resolves `done` in the end.
   * @param onMade called when everything of it was made or it was cancelled, before listeners are told of its end
   */
  async run(onMade: () => void): Promise<void> {
    this.#fanOut.begin();
    const making = this.#maker?.make() ?? this.#complete.promise;
    this.#context.journal?.begin(this.request, this.messages, this.subscriptions);
    await making;
    this.schedule.close();
    onMade();
    if (this.#maker && this.carried?.sink && !this.#cancelled) {
      // Its end goes the same way as all of it, behind the last frame.
      this.carried.sink.message({ is: "end", isBroken: this.messages.hasBrokenOff, ...this.#maker.made });
      await this.#complete.promise;
    }
    this.#noteMade();
    if (this.#context.journal) await this.#context.journal.settled();
    this.sound.end();
    await this.#fanOut.handedOver();
    this.#state = "draining";
    this.#noteMade();
    this.#handedOver.resolve(await this.#reportAt("handed-over"));
    await this.#fanOut.heardByAll();
    if (this.carried && !this.#maker) {
      // Others may hear it longer, and come here meanwhile.
      await this.#reportAt("done");
      await this.carried.over;
      await this.#fanOut.heardByAll();
    }
    const report = await this.#reportAt("done");
    this.#state = "done";
    this.#done.resolve(report);
    this.#fanOut.forget();
  }

  #cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#maker?.abort();
    this.#fanOut.tell(this.messages.cancel("cancelled"));
    this.schedule.cancel();
    this.sound.cut();
    this.#fanOut.cancelled();
    this.#context.cancelled();
    this.#complete.resolve();
  }

  #entered(subscription: Subscription): Subscription {
    if (!this.#maker) this.#need();
    // Its end waits for all who listen, and the turn of who comes now may be far away.
    if (this.#cancelled) subscription.cancelled();
    return subscription.lateIf(this.messages.hasBrokenOff);
  }

  #need(): void {
    this.carried?.needs(() => {
      const { asked, readers } = this.sound;
      return { asked, readers, encodings: this.#fanOut.encodings };
    });
  }

  /** Should the process end now, this is what is known of it. */
  #noteMade(): void {
    if (this.#cancelled || this.messages.hasBrokenOff) return;
    this.#context.journal?.made(this.report(), this.subscriptions, this.#silent);
  }

  #reportAt(stage: ReportStage): DeliveryReport | Promise<DeliveryReport> {
    const isWhole = !this.#cancelled && this.#silent === 0;
    return this.carried?.report(stage, this.report(), isWhole) ?? this.report();
  }

  /** What is known by now of its listeners in this process. */
  report(): DeliveryReport {
    return reportOn(this.subscriptions, {
      utterance: this.id,
      cancelled: this.#cancelled,
      sentences: this.#teller.texts.length,
      durationMs: this.durationMs,
      engines: [...(this.#maker?.engines ?? [])],
      problems: [...this.request.problems, ...(this.#maker?.problems ?? [])],
      silent: this.#silent,
    });
  }

  /** Sentences that should have been heard and are not; of one that others made, some, where they did not live to its end. */
  get #silent(): number {
    return this.#maker?.silent ?? Number(this.messages.hasBrokenOff);
  }
}
