import type { Observe } from "../core/observation.ts";
import { DEFAULT_CHUNK_BYTES, MIN_CHUNK_BYTES } from "../core/protocol/dm20.ts";
import { PATIENCE, type Patience } from "../core/text/patience.ts";
import type { SpeechCache } from "../engines/cache/speech-cache.ts";
import type { TTSRouter } from "../engines/routing/router.ts";
import type { Synthesizer } from "../engines/routing/synthesizer.ts";
import type { NpcTraits } from "../voices/npc-traits.ts";
import type { CastMemory } from "./request/cast-memory.ts";
import type { UtteranceRequest } from "./request/utterance.ts";
import type { VoiceSource } from "./request/voice-resolver.ts";
import type { Settings } from "./settings.ts";
import type { LineCarrier } from "./speaking/line/line-carrier.ts";
import type { FindSound } from "./speaking/line/line-sounds.ts";
import type { UtteranceJournal } from "./speaking/utterance-journal.ts";
import type { Audiences, SchedulerLimits } from "./speaking/utterance-scheduler.ts";
import type { MessageSender } from "./transport/sender-connections.ts";

const DEFAULT_OPUS_BITRATE = 24_000;
const MEBIBYTE = 1024 * 1024;

/** Options of the four `stream…` methods; see `UtteranceRequest`. */
export type StreamOptions = Omit<UtteranceRequest, "text" | "to" | "npc">;
/** The same for an NPC, whose name is given apart. */
export type NpcStreamOptions = Omit<StreamOptions, "speaker"> & NpcTraits;

/** The text of a line. */
export type Text = UtteranceRequest["text"];

export interface AudioStreamManagerOptions {
  /** Any object that finds voices. */
  registry: VoiceSource;
  /** Any object that speaks sentences as a `TTSRouter` does, or at least has `synthesize(text, voice)`. */
  router: Pick<TTSRouter, "speak"> | Synthesizer;
  /** Any object that knows who listens, or at least sends to a player and to all. */
  connections: Audiences | MessageSender;
  /** The cache that the router's engines speak through. Without one, lines cannot be prepared. */
  cache?: SpeechCache | undefined;
  /** Bytes of a dm20 clip in one chunk, before base64: at least 256, default 4096. */
  chunkBytes?: number;
  /** Characters in a line; default 10,000. */
  maxChars?: number;
  /**
   * ms that a sentence which has ended waits for what follows while its text is still being written: 250 behind an end
   * that no rule doubts (`sureMs`), 1000 behind others (`doubtfulMs`).
   */
  patience?: Partial<Patience>;
  /** Lines that may be speaking or waiting at once; default 64. */
  maxLines?: number;
  /** Bytes of speech kept for listeners who are behind; default 8 MiB a line. */
  retainBytes?: number;
  /** Whether NPCs nobody configured get voices of their own; default true, where the registry can. */
  cast?: boolean;
  /** bit/s of Opus, 6000 to 128,000; default 24,000. A listener who cannot keep up gets half of it. */
  opusBitrate?: number;
  /** What is kept for v2 listeners who lost the connection: ms (default 60,000), and bytes of lines that are over (8 MiB). */
  history?: { keepMs?: number; bytes?: number };
  /** ms for which a line waits for a v2 listener who lost the connection; default 15,000. */
  resumeMs?: number;
  /** Told what becomes of utterances, for whoever measures it. */
  observe?: Observe;
  /** Where what is said outlasts the process; by default nowhere. */
  journal?: UtteranceJournal | undefined;
  /** Where other processes have listeners, too; by default none has. */
  carrier?: LineCarrier | undefined;
  /** Who has spoken before; by default nobody. */
  npcs?: CastMemory | undefined;
  /** Finds the sounds of the place that texts call by `[sound NAME]`; by default there are none. */
  findSound?: FindSound | undefined;
  /** Throws where a line makes no sense at this table; by default nothing is looked at. */
  check?: (request: Pick<UtteranceRequest, "to" | "context">) => void;
  /**
   * Sentences of `render` and `renderParts` that are made at once, at least 1; default 2. As many as there are workers
   * use them all, and what is said then waits for less than one sentence.
   */
  renderTurns?: number;
  /** What was chosen for the whole table; by default what a table begins with. */
  settings?: Settings;
  /** Where it is told what is wrong with the registry, one sentence each; default nowhere. */
  log?: (message: string) => void;
}

/** How an NPC speaks, as a request has it. */
export function asNpc(
  name: string,
  { race, gender, ...options }: NpcStreamOptions = {},
): Omit<UtteranceRequest, "text" | "to"> {
  const npc = { ...(race === undefined ? {} : { race }), ...(gender === undefined ? {} : { gender }) };
  return { ...options, speaker: name, npc };
}

/** What bounds utterances. @throws RangeError where `chunkBytes` is below 256, or `opusBitrate` out of its range */
export function limitsOf(options: AudioStreamManagerOptions): SchedulerLimits {
  const { history, patience } = options;
  const chunkBytes = options.chunkBytes ?? DEFAULT_CHUNK_BYTES;
  if (!(chunkBytes >= MIN_CHUNK_BYTES)) throw new RangeError(`chunkBytes is at least ${MIN_CHUNK_BYTES}`);
  const opus = options.opusBitrate ?? DEFAULT_OPUS_BITRATE;
  if (!(opus >= 6000 && opus <= 128_000)) throw new RangeError("opusBitrate is 6000 to 128,000 bit/s");
  return {
    chunkBytes,
    maxChars: options.maxChars ?? 10_000,
    bitrates: { opus, "opus-low": Math.max(6000, opus / 2) },
    patience: { ...PATIENCE, ...patience },
    maxLines: options.maxLines ?? 64,
    retainBytes: options.retainBytes ?? 8 * MEBIBYTE,
    keepMs: history?.keepMs ?? 60_000,
    historyBytes: history?.bytes ?? 8 * MEBIBYTE,
    resumeMs: options.resumeMs ?? 15_000,
  };
}
