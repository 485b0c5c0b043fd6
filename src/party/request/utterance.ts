import type { WireError } from "../../core/errors.ts";
import type { ReadingOptions } from "../../core/text/reading-options.ts";
import type { TextSource } from "../../core/text/text-source.ts";
import type { NpcTraits } from "../../voices/npc-traits.ts";
import type { MissedReason } from "./missed-reason.ts";

/** Everybody who listens, or the players named. */
export type Audience = "all" | readonly string[];

/** One thing to say: `party.speak(line)`. */
export interface UtteranceRequest extends ReadingOptions {
  /** Whole, or still being written. */
  text: TextSource;
  /** Default `"all"`. */
  to?: Audience;
  /** `dm` (default), `combat`, or an NPC's name. */
  speaker?: string;
  /** Makes the speaker an NPC whose voice follows race and gender where the registry has no own one. */
  npc?: NpcTraits;
  /**
   * Replaces what it names of the speaker's voice; same keys as an entry of `voice_registry.yaml`. With `replace: true`, and
   * where it is a whole `VoiceConfig`, nothing of the speaker's stays but the language where it names none.
   */
  voice?: unknown;
  /** combat, dialogue, narration, ambient or default; `dialogue` for an NPC. */
  context?: string;
  /** Higher is spoken first by a listener who has several lines waiting; default from the context. */
  priority?: number;
  /**
   * True: does not wait for lines of the same or lower priority; they fall silent, and go on when this one is over,
   * from the sentence they were in. `"drop"`: they do not go on. A dm20 clip that was sent is heard to its end.
   */
  interrupt?: boolean | "drop";
  /** False where the caller sends the text to the listeners by other means. */
  sendText?: boolean;
  /** Aborting it cancels the line. */
  signal?: AbortSignal;
}

/** What one player got of a line. */
export interface PlayerDelivery {
  player: string;
  /**
   * Got the text and heard all of the audio on at least one device, or, as long as that is not known, will by all
   * signs. With the sound off, or by a page that may not sound yet, it counts as heard.
   */
  complete: boolean;
  /** Why not, where it is known and lies with the listener. */
  reason?: MissedReason;
  /** Got the text and nothing of the audio. */
  textOnly: boolean;
  /** Listened with the sound off, as far as the listener's wire tells. */
  muted: boolean;
  /** ms of audio heard; of a client that does not report, what must have been by the time. */
  heardMs: number;
  /** Times the sound ran dry, as far as the listener's wire tells. */
  underruns: number;
  /** ms by which it was heard late, by a device that kept step and as it says itself. */
  skewMs?: number;
}

/** What became of a line. */
export interface DeliveryReport {
  utterance: string;
  /** At least one addressed listener was handed every chunk. */
  delivered: boolean;
  cancelled: boolean;
  /** Players it was addressed to who were connected. */
  listeners: number;
  players: PlayerDelivery[];
  /** Sentences in the text. */
  sentences: number;
  /** Of all the audio that was made. */
  durationMs: number;
  /** Engines that spoke, in order of first use. */
  engines: string[];
  /** Why sentences have no audio, or not the voice they should have. */
  problems: WireError[];
}

/** A line on its way: the handle `speak` returns. */
export interface Utterance {
  readonly id: string;
  /** Stops synthesis and silences listeners; on dm20 a clip that has begun is completed. */
  cancel(): void;
  /** Resolves when the last chunk was handed over, before it is heard, or nobody is left; never rejects. */
  readonly handedOver: Promise<DeliveryReport>;
  /**
   * Resolves when it is known how much everybody heard: on v2 by the listeners' own reports, on dm20 by a sign of
   * life when the line should have been heard. Who says nothing is waited for two seconds longer. Never rejects.
   */
  readonly done: Promise<DeliveryReport>;
}

/** Lines with a higher number are spoken first. */
const PRIORITY: Readonly<Record<string, number>> = {
  combat: 40,
  dialogue: 30,
  default: 20,
  narration: 20,
  ambient: 10,
};

/** The priority a context gives. */
export function priorityOf(context: string): number {
  return (Object.hasOwn(PRIORITY, context) ? PRIORITY[context] : undefined) ?? 20;
}
