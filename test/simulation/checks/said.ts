import type { DeliveryReport, Utterance } from "../../../src/index.ts";
import type { ScriptedSentence } from "../world/actor.ts";
import type { SimulatedServer } from "../world/server.ts";

/** A line, and what the world knows of it. */
export interface Said {
  /** Its number, which is in every sentence's name. */
  number: number;
  to: "all" | readonly string[];
  sentences: readonly ScriptedSentence[];
  isWritten: boolean;
  priority: number;
  interrupt: boolean | "drop";
  server: SimulatedServer;
  spokenAt: number;
  /** Somebody ended it, or may have. */
  isCancelled: boolean;
  /** Its server ended in the middle of it. */
  isCutOff: boolean;
  /** All of its text outlasts its process. */
  isKept: boolean;
  /** Cancels it, where it was said with a signal. */
  abort: AbortController;
  hasSignal: boolean;
  utterance: Utterance | undefined;
  id: string | undefined;
  handedOver: DeliveryReport | undefined;
  done: DeliveryReport | undefined;
  handedOverAt: number;
  doneAt: number;
  /** When it was cancelled by itself. */
  cancelledAt: number;
  /** What was promised of it and has not been kept yet. */
  pending: Set<string>;
}

/** How a sentence is called, in its text and in its sound. */
export function nameOf(line: number, sentence: number): string {
  return `K${line}S${sentence}`;
}

export function textOf({ number }: { number: number }, sentence: number): string {
  return `${nameOf(number, sentence)} goes the tale.`;
}

export function isFor({ to }: Pick<Said, "to">, player: string): boolean {
  return to === "all" || to.includes(player);
}

/** Whether somebody may have put an end to it before it was told or said. */
export function mayEndEarly(said: Said, all: readonly Said[]): boolean {
  return (
    said.isCancelled ||
    (said.isCutOff && !said.isKept) ||
    all.some((other) => other !== said && other.interrupt === "drop" && other.priority >= said.priority)
  );
}
