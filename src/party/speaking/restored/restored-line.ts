import type { DeliveryReport, PlayerDelivery, QueuedUtterance } from "../../../core/protocol/api.ts";
import type { HeardMessage } from "../../../core/protocol/v2.ts";
import type { Connection } from "../../transport/connection.ts";
import { reportOn } from "../delivery-report.ts";
import type { Text } from "../history.ts";
import type { OverRecord } from "../journal-record.ts";
import type { KeptUtterance } from "../kept-utterances.ts";
import { brokenOff } from "../utterance-journal.ts";
import { type HeldSound, RestoredPlayback } from "./restored-playback.ts";

/** What a process before has said. */
export interface RestoredText extends Text {
  kept: KeptUtterance;
  ageMs: number;
}

/** A line that was being said or heard when its process ended, until it is known what became of it. */
export class RestoredLine {
  readonly text: RestoredText;
  readonly #onOver: (over: Omit<OverRecord, "is">) => void;
  readonly #playbacks: RestoredPlayback[] = [];
  /** Nobody else comes back. */
  #isDue = false;
  #isOver = false;

  constructor(text: RestoredText, onOver: (over: Omit<OverRecord, "is">) => void) {
    this.text = text;
    this.#onOver = onOver;
  }

  /** ms that are left of what was handed over, by the time. */
  leftMs(ageMs: number): number {
    return Math.max(0, (this.#made?.leftMs ?? 0) - ageMs);
  }

  /** How far it is heard; undefined where all that there was of it is known to have broken off. */
  get status(): QueuedUtterance | undefined {
    const { begin, texts } = this.text.kept;
    if (!this.#made) return undefined;
    const { id, to, head, text = texts.map((sentence) => sentence.text).join(" "), again } = begin;
    const players = this.#playbacks.map(({ connection, playback }) => {
      const { heardMs, state, underruns } = playback;
      return { player: connection.player, heardMs: Math.round(heardMs), state, underruns };
    });
    const { durationMs } = this.#made.report;
    const said = { utterance: id, speaker: head.speaker, to, text, ...(again ? { again } : {}) };
    return { ...said, state: "draining", durationMs, players };
  }

  /** A listener tells how far it is heard. */
  heard(connection: Connection, held: HeldSound, report: HeardMessage): void {
    const { priority } = this.text.kept.begin.head;
    held.holdAllOf(report.leftMs ?? 0, { priority });
    this.#playbackOn(connection, held).heard(report);
  }

  /** Who has no word for it is back: if it was handed all of it, it hears that by the time. */
  backOnDm20(connection: Connection, held: HeldSound, ageMs: number): void {
    if (!this.#isHandedWhole(connection)) return;
    held.hold(Math.max(held.leftMs, this.leftMs(ageMs)), this.text.kept.begin.head);
    this.#playbackOn(connection, held).playback.expectLast();
  }

  /** A connection has ended. @param withinMs in which another one may come */
  left(connection: Connection, withinMs: number): void {
    for (const own of this.#playbacks) if (own.connection === connection) own.playback.leave(withinMs);
  }

  /** Whoever has not come back by now does not count. */
  due(): void {
    this.#isDue = true;
    this.#look();
  }

  /** Nothing more of it is heard, or known. */
  end(isCancelled = false): void {
    for (const { playback } of this.#playbacks) playback.finish();
    this.#finish(isCancelled);
  }

  /** Nobody here looks after it any more, and it is not over. */
  leave(): void {
    this.#isOver = true;
    for (const { playback } of this.#playbacks) playback.finish();
  }

  get #made(): KeptUtterance["made"] {
    return this.text.kept.made;
  }

  #isHandedWhole({ player }: Connection): boolean {
    return this.#made?.report.players.some((own) => own.player === player && own.complete) ?? false;
  }

  #playbackOn(connection: Connection, held: HeldSound): RestoredPlayback {
    const own = this.#playbacks.filter((other) => other.connection.player === connection.player);
    const known = own.find((other) => other.connection === connection);
    if (known) return known;
    const vacant = own.find(({ isVacant }) => isVacant);
    if (vacant) {
      vacant.goOn(connection, held);
      return vacant;
    }
    const line = { durationMs: this.#made?.report.durationMs, isWhole: this.#isHandedWhole(connection) };
    const playback = new RestoredPlayback(connection, held, line);
    this.#playbacks.push(playback);
    void playback.playback.over.then(() => this.#look());
    return playback;
  }

  #look(): void {
    if (this.#playbacks.some(({ playback }) => !playback.isOver)) return;
    const back = new Set(this.#playbacks.map(({ connection }) => connection.player));
    const isComplete = this.#made?.report.players.every(({ player }) => back.has(player)) ?? false;
    if (this.#isDue || isComplete) this.#finish(false);
  }

  #finish(isCancelled: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const report = this.#report(isCancelled);
    const state = isCancelled ? "cancelled" : report.delivered ? "done" : "broken-off";
    this.#onOver({ id: report.utterance, state, report });
  }

  #report(cancelled: boolean): DeliveryReport {
    const { begin, texts, made } = this.text.kept;
    const broken = brokenOff(begin, texts.length).report;
    if (this.#playbacks.length === 0) return { ...broken, cancelled };
    const { silent = 1 } = made ?? {};
    const before = made?.report ?? broken;
    const durationMs = Math.max(before.durationMs, ...this.#playbacks.map(({ handedMs }) => handedMs));
    const known = { ...before, cancelled, durationMs, silent };
    const { players, ...report } = reportOn(this.#playbacks, known);
    const absent = before.players.filter(({ player }) => !players.some((own) => own.player === player));
    const problems = report.delivered || cancelled ? before.problems : broken.problems;
    return { ...report, problems, listeners: begin.listeners, players: [...players, ...absent.map(lost)] };
  }
}

/** Who did not come back has heard at least what was known before. */
function lost(player: PlayerDelivery): PlayerDelivery {
  return { ...player, complete: false, reason: "lost" };
}
