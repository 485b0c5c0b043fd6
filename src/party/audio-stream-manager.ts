import { quietly, within } from "../core/async/abortable.ts";
import { Lender } from "../core/async/lender.ts";
import { onAbort } from "../core/async/on-abort.ts";
import { BardcastError } from "../core/errors.ts";
import { randomId } from "../core/id.ts";
import type { QueuedUtterance, UtteranceState } from "../core/protocol/api.ts";
import { areHeard } from "../core/protocol/table-settings.ts";
import type { HeardMessage } from "../core/protocol/v2.ts";
import { readingOf } from "../core/text/reading-options.ts";
import { requireText } from "../core/text/text-source.ts";
import type { FrameEncoding } from "../engines/contract/sentence-job.ts";
import { asRouter } from "../engines/routing/as-router.ts";
import {
  type AudioStreamManagerOptions,
  asNpc,
  limitsOf,
  type NpcStreamOptions,
  type StreamOptions,
  type Text,
} from "./audio-stream-options.ts";
import {
  type Rendered,
  type RenderedPart,
  type RenderedSound,
  type Rendering,
  type RenderRequest,
  renderLine,
  renderParts,
} from "./render-line.ts";
import { requireShort, requireSpeakable } from "./request/check-line.ts";
import { cleanRequest, contextOf, priorityOf, type ResolvedRequest } from "./request/resolved-request.ts";
import { sayAgainOf } from "./request/say-again.ts";
import { speakerVoices, type TableEngines } from "./request/speaker-voices.ts";
import type { Utterance, UtteranceRequest } from "./request/utterance.ts";
import { type SpeakerVoices, VoiceResolver } from "./request/voice-resolver.ts";
import { Settings } from "./settings.ts";
import type { ActiveUtterance } from "./speaking/active-utterance.ts";
import { attachTo, type LineCarrier } from "./speaking/line/line-carrier.ts";
import { type Preparation, type PrepareRequest, Preparer } from "./speaking/preparer.ts";
import { trusted } from "./speaking/trusted-router.ts";
import { UtteranceLog } from "./speaking/utterance-log.ts";
import { UtteranceScheduler } from "./speaking/utterance-scheduler.ts";
import { isHeldUp, stateOf } from "./speaking/utterance-state.ts";
import type { Connection } from "./transport/connection.ts";
import { isMessageSender, SenderConnections } from "./transport/sender-connections.ts";

/** ms that cancelled lines have to end, so that it is kept what became of them. */
const LAST_WORDS_MS = 500;

/** Says lines: finds the voice, has the line spoken to its listeners, tells what became of it. */
export class AudioStreamManager {
  /** What was said lately. */
  readonly log: UtteranceLog;
  readonly #voices: VoiceResolver;
  readonly #scheduler: UtteranceScheduler;
  readonly #carrier: LineCarrier | undefined;
  readonly #preparer: Preparer;
  readonly #rendering: Rendering;
  readonly #settings: Settings;
  readonly #router: TableEngines;
  readonly #checkTable: AudioStreamManagerOptions["check"];
  readonly #maxChars: number;
  readonly #log: (message: string) => void;
  readonly #keeps: boolean;
  #order = 0;
  #isClosing = false;

  /** @throws RangeError where `chunkBytes` is below 256, or `opusBitrate` out of its range */
  constructor(options: AudioStreamManagerOptions) {
    const limits = limitsOf(options);
    this.#log = quietly(options.log);
    this.log = new UtteranceLog(options.journal);
    this.#settings = options.settings ?? new Settings();
    this.#checkTable = options.check;
    this.#router = options.router;
    this.#keeps = (options.journal ?? options.carrier) !== undefined;
    this.#voices = new VoiceResolver(options.registry, options.cast ?? true, options.npcs);
    const router = trusted(asRouter(options.router));
    this.#maxChars = limits.maxChars;
    const { connections, carrier: shared } = options;
    const audiences = isMessageSender(connections) ? new SenderConnections(connections) : connections;
    this.#preparer = new Preparer(router, options.cache, limits);
    this.#rendering = { router, limits, turns: Lender.turns(options.renderTurns ?? 2) };
    const wants = this.#settings.wants.bind(this.#settings);
    this.#carrier = shared;
    this.#scheduler = new UtteranceScheduler(audiences, router, limits, { ...options, wants, shared });
    if (shared) attachTo(shared, this.#scheduler, (active) => this.#followed(active));
  }

  /**
   * Says a line to one player; true if they were handed every chunk of it.
   * @throws BardcastError as `speak`
   */
  streamToPlayer(player: string, text: Text, options?: StreamOptions): Promise<boolean> {
    return this.#delivered({ ...options, text, to: [player] });
  }

  /** Says a line to everybody; true if at least one player was handed every chunk of it. */
  streamToAll(text: Text, options: StreamOptions = {}): Promise<boolean> {
    return this.#delivered({ ...options, text, to: "all" });
  }

  /** Says an NPC's line to one player. */
  streamNpcToPlayer(player: string, text: Text, name: string, options?: NpcStreamOptions): Promise<boolean> {
    return this.#delivered({ ...asNpc(name, options), text, to: [player] });
  }

  /** Says an NPC's line to everybody. */
  streamNpcToAll(text: Text, name: string, options?: NpcStreamOptions): Promise<boolean> {
    return this.#delivered({ ...asNpc(name, options), text, to: "all" });
  }

  /**
   * Says a line and returns at once. What happens to speech or to listeners is in the report, never thrown.
   * @throws BardcastError `text-empty`, `text-too-long`, `bad-request` (the voice, the speaker), `busy`, `closed`
   */
  speak(given: UtteranceRequest): Utterance {
    if (this.#isClosing) throw over();
    const request = cleanRequest(given);
    this.#check(request);
    const speaker = request.speaker ?? "dm";
    requireShort(speaker);
    const context = contextOf(request);
    const shown = this.#voices.shownAs(speaker, request.npc);
    const { reveal, sounds } = this.#settings.all;
    const voices = this.#voicesOf(request, request.cast !== undefined);
    this.#voices.remember(speaker, request.npc);
    const priority = request.priority ?? priorityOf(context);
    const order = this.#order++;
    this.#scheduler.requireRoom();
    const resolved: ResolvedRequest = {
      id: request.id ?? randomId(),
      text: request.text,
      to: request.to ?? "all",
      speaker,
      ...voices,
      shown,
      context,
      priority,
      order,
      turn: { priority, order },
      interrupt: request.interrupt ?? false,
      sendText: request.sendText ?? true,
      reveal: request.reveal ?? reveal,
      speech: request.speech ?? areHeard(sounds, shown === undefined),
      ...readingOf(request),
      again: sayAgainOf(request),
      service: request.service,
    };
    const utterance = this.#carrier?.say(resolved) ?? this.#followed(this.#scheduler.say(resolved));
    if (request.signal) void utterance.done.then(onAbort(request.signal, () => utterance.cancel()));
    return utterance;
  }

  /**
   * Has a line's sentences synthesised ahead, so that it starts at once should it be said. It makes way for
   * everything that is said meanwhile; nobody hears or reads any of it.
   * @throws BardcastError `text-empty`, `text-too-long`, `bad-request` (the voice), `busy`, `cancelled`, `closed`
   */
  async prepare(given: PrepareRequest): Promise<Preparation> {
    if (this.#isClosing) throw over();
    const { text, to = "all", encodings = [], signal, ...rest } = cleanRequest(given);
    this.#check({ ...rest, text, to });
    const all = new Set([...this.#scheduler.encodings, "opus" as const, ...encodings]);
    const { speaker = "dm" } = rest;
    const decided = { text, to, speaker, context: contextOf(rest), encodings: [...all], ...readingOf(rest) };
    return this.#preparer.prepare({ ...decided, ...this.#voicesOf({ ...rest, text }) }, signal);
  }

  /**
   * A line's sound, for a file: nobody hears or reads any of it.
   * @throws BardcastError as `speak`; while it is read, as `renderLine`
   */
  render(given: RenderRequest): AsyncIterable<RenderedSound> {
    return renderLine(this.#toRender(given), this.#rendering, given.signal);
  }

  /** The same in one encoding, with the times of words. @throws as `render` */
  renderParts(given: RenderRequest, encoding: FrameEncoding): AsyncIterable<RenderedPart> {
    return renderParts(this.#toRender(given), this.#rendering, { encoding, signal: given.signal });
  }

  /** Lines that are speaking, waiting or still being heard, oldest first. */
  get utterances(): readonly ActiveUtterance[] {
    return this.#scheduler.utterances;
  }

  /** Lines of the process before that listeners may still be hearing. */
  get stillHeard(): readonly QueuedUtterance[] {
    return this.#scheduler.stillHeard?.lines ?? [];
  }

  /** Lines that nobody was sent any sound of, in the order in which they will be begun. */
  get movable(): readonly ActiveUtterance[] {
    return this.#scheduler.movable;
  }

  /** Has a waiting line begun before another, or last; see `UtteranceScheduler.move`. @returns those that wait, in order */
  move(utterance: string, before?: string): string[] {
    this.#scheduler.move(utterance, before);
    return this.movable.map(({ id }) => id);
  }

  /** Whether a line is speaking or waiting, as its listeners hear it. */
  stateOf(active: ActiveUtterance): UtteranceState {
    return stateOf(active, this.utterances);
  }

  /** Whether a line waits for one of higher priority, whatever it interrupts. */
  isHeldUp(utterance: string): boolean {
    const active = this.#scheduler.find(utterance);
    return active !== undefined && isHeldUp(active, this.utterances);
  }

  /** Has the sound of lines wait; see `UtteranceScheduler.hold`. @returns what lets it go on */
  hold(): () => void {
    return this.#scheduler.hold();
  }

  /** What a v2 listener says about how much of a line it heard, and how. */
  heard(connection: Connection, report: HeardMessage): void {
    this.#scheduler.heard(connection, report);
  }

  /** A dm20 client asks for the texts after a time, ISO 8601; see `UtteranceScheduler.tellAgain`. */
  tellAgain(connection: Connection, since: string | null | undefined): void {
    this.#scheduler.tellAgain(connection, since);
  }

  /** The player is somebody else from now on: what was said to them so far is not told to who comes. */
  forget(player: string): void {
    this.#scheduler.forget(player);
  }

  /** ms on the clock that v2 listeners follow. */
  now(): number {
    return this.#scheduler.sequencer.now();
  }

  /** Cancels a line; false where it is done or was never there. */
  cancel(utterance: string): boolean {
    const active = this.#scheduler.find(utterance);
    active?.cancel();
    return active !== undefined || this.#scheduler.stillHeard?.cancel(utterance) === true;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Takes no more lines; those under way have `graceMs` to end, then they are cancelled. */
  async close(graceMs = 0): Promise<void> {
    this.#isClosing = true;
    this.#preparer.close(over());
    const done = Promise.all(this.utterances.map((active) => active.done));
    if (graceMs > 0) await within(done, { ms: graceMs, late: over }).catch(() => undefined);
    this.#scheduler.close();
    // What became of them is kept, too.
    if (this.#keeps) await within(done, { ms: LAST_WORDS_MS, late: over }).catch(() => undefined);
  }

  #followed(active: ActiveUtterance): ActiveUtterance {
    this.#order = Math.max(this.#order, active.request.order + 1);
    void this.log.follow(active);
    return active;
  }

  #toRender(given: RenderRequest): Rendered {
    if (this.#isClosing) throw over();
    const { text, signal: _, ...rest } = cleanRequest(given);
    const { to = "all", speaker = "dm" } = rest;
    this.#check({ ...rest, text, to });
    const voices = this.#voicesOf({ ...rest, text });
    // No report will tell it.
    for (const { message } of voices.problems) this.#log(message);
    return { text, to, speaker, context: contextOf(rest), ...readingOf(rest), ...voices };
  }

  async #delivered(request: UtteranceRequest): Promise<boolean> {
    return (await this.speak(request).handedOver).delivered;
  }

  /** @param remembers whom the text names: they speak at the table */
  #voicesOf(request: Omit<PrepareRequest, "to">, remembers = false): SpeakerVoices {
    return speakerVoices(request, this.#voices, { router: this.#router, log: this.#log, remembers });
  }

  #check(request: Pick<UtteranceRequest, "text" | "to" | "context">): void {
    const { text } = request;
    requireText(text);
    this.#checkTable?.(request);
    requireSpeakable(text, this.#maxChars);
  }
}

function over(): BardcastError {
  return new BardcastError("closed", "the party is over");
}
