/**
 * The dm20 wire: JSON text messages as existing clients know them. One sentence is one clip; the chunks of
 * a clip carry the same `total_chunks` and `duration_ms`, by which those clients tell clips apart.
 * @module
 */

import { toBase64 } from "../base64.ts";
import type { ClipFormat } from "../dsp/audio.ts";
import type { WireError } from "../errors.ts";
import type { Colour } from "./colours.ts";

/** Bytes of a clip in one chunk, before base64. */
export const DEFAULT_CHUNK_BYTES = 4096;
export const MIN_CHUNK_BYTES = 256;

export interface ConnectedMessage {
  type: "connected";
  player_id: string;
  timestamp: string;
}
export interface AudioMessage {
  type: "audio";
  format: ClipFormat;
  /** base64 of at most `chunkBytes` bytes of the clip. */
  data: string;
  /** From 0. */
  sequence: number;
  total_chunks: number;
  /** Hz */
  sample_rate: number;
  /** Of the whole clip. */
  duration_ms: number;
}
/** Whose line it is. Clients that know nothing of it pass it over. */
export interface Dm20Speaker {
  /** `dm`, `combat`, or a character's id. */
  speaker?: string;
  /** A character's, as it is shown. */
  speaker_name?: string;
  colour?: Colour;
}
/** A public line's text. */
export interface NarrativeMessage extends Dm20Speaker {
  type: "narrative";
  id: string;
  timestamp: string;
  content: string;
}
/** The text of a line that is not for everyone. */
export interface PrivateMessage extends Dm20Speaker {
  type: "private";
  id: string;
  timestamp: string;
  content: string;
  from: string;
}
export interface SystemMessage {
  type: "system";
  content: string;
  timestamp: string;
}
/** A player told something, for the DM. */
export interface ActionMessage {
  type: "action";
  action_id: string;
  player_id: string;
  action: string;
  private: boolean;
  timestamp: string;
}
/** What a client told has arrived. */
export interface ActionStatusMessage {
  type: "action_status";
  action_id: string;
  status: "pending";
}
export interface PingMessage {
  type: "ping";
}
/** Something the client said was wrong. */
export interface Dm20ErrorMessage extends WireError {
  type: "error";
}

/** Everything a server says on the dm20 wire to a client that makes no mistakes. */
export type Dm20ServerMessage =
  | ConnectedMessage
  | AudioMessage
  | NarrativeMessage
  | PrivateMessage
  | SystemMessage
  | PingMessage;

/** About what players tell: for the DM, and for a client that tells. */
export type Dm20ActionMessage = ActionMessage | ActionStatusMessage;

/** A message as it is sent; `clipMessages` writes the chunks of a clip. */
export function writeDm20(message: Dm20ServerMessage | Dm20ActionMessage | Dm20ErrorMessage): string {
  return JSON.stringify(message);
}

/** A whole clip, ready to be cut. */
export interface Clip {
  format: ClipFormat;
  /** One playable file. */
  bytes: Uint8Array;
  /** Hz */
  sampleRate: number;
  durationMs: number;
}

/** What the last number of a clip's message stands behind. */
const DURATION_KEY = '"duration_ms":';

/** The same messages of a clip, as `clipMessages` writes them, which say that it is another ms long. */
export function withDuration(messages: readonly string[], durationMs: number): string[] {
  // Looked for from the end: a pattern would go through all of the sound.
  return messages.map((message) => {
    const end = message.lastIndexOf(DURATION_KEY) + DURATION_KEY.length;
    return `${message.slice(0, end)}${durationMs}}`;
  });
}

/** The clip as the JSON texts of its `audio` messages, in order, keys in the order existing clients expect. */
export function clipMessages(clip: Clip, chunkBytes: number = DEFAULT_CHUNK_BYTES): string[] {
  const total = Math.ceil(clip.bytes.length / chunkBytes);
  const head = `{"type":"audio","format":"${clip.format}","data":"`;
  const tail = `,"total_chunks":${total},"sample_rate":${clip.sampleRate},"duration_ms":${clip.durationMs}}`;
  const messages: string[] = [];
  for (let sequence = 0; sequence < total; sequence++) {
    const data = toBase64(clip.bytes.subarray(sequence * chunkBytes, (sequence + 1) * chunkBytes));
    messages.push(`${head}${data}","sequence":${sequence}${tail}`);
  }
  return messages;
}
