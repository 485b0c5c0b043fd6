import type { DeliveryReport } from "../../core/protocol/api.ts";
import type { Audience } from "../../core/protocol/speak-request.ts";
import type { Reveal } from "../../core/protocol/table-settings.ts";
import type { ReadingOptions } from "../../core/text/reading-options.ts";
import type { TextSource } from "../../core/text/text-source.ts";
import type { SpeechContext } from "../../engines/routing/tiers.ts";
import type { NpcTraits } from "../../voices/npc-traits.ts";

/** One thing to say: `party.speak(request)`. */
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
  /** When its text appears on players' pages, on the v2 wire; by default as the table has it. */
  reveal?: Reveal;
  /** False: it is only read. True: it is spoken though the table's setting says otherwise. */
  speech?: boolean;
  /** combat, dialogue, narration, ambient or default; `dialogue` for an NPC. */
  context?: SpeechContext;
  /** Higher is heard first by a listener for whom several utterances wait; default from the context. */
  priority?: number;
  /**
   * True: does not wait for utterances of the same or lower priority; they fall silent, and go on when this one is over,
   * from the sentence they were in. `"drop"`: they do not go on. A dm20 clip that was sent is heard to its end.
   */
  interrupt?: boolean | "drop";
  /** False where the caller sends the text to the listeners by other means. */
  sendText?: boolean;
  /** Aborting it cancels the utterance. */
  signal?: AbortSignal;
  /** Names it, where that has to be known before it is said: 32 hex digits, never used before. By default random ones. */
  id?: string;
  /** The service that asks for it: over HTTP it may ask after its own lines, and end them. */
  service?: string;
}

/** An utterance on its way: the handle `speak` returns. */
export interface Utterance {
  readonly id: string;
  /** Stops synthesis and silences listeners; on dm20 a clip that has begun is completed. */
  cancel(): void;
  /** Resolves when the last chunk was handed over, before it is heard, or nobody is left; never rejects. */
  readonly handedOver: Promise<DeliveryReport>;
  /**
   * Resolves when it is known how much everybody heard: on v2 by the listeners' own reports, on dm20 by a sign of
   * life when it should have been heard. Who says nothing is waited for two seconds longer. Never rejects.
   */
  readonly done: Promise<DeliveryReport>;
  /**
   * Where several processes serve the party: resolves with true when its text is kept where all of them find it, and with
   * false where it never will be, and nobody was told anything of it. Never rejects.
   */
  readonly kept?: Promise<boolean>;
}
