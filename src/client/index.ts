/**
 * The browser's side of a party: a socket that comes back by itself, and a player that works on a phone on
 * an ordinary `http://` address. No framework.
 *
 * ```ts
 * const client = new PartyClient({ url: new URL(`ws?token=${token}`, location.href) });
 * const player = new Player();
 * player.follow(client);
 * client.on("text", (line) => console.log(line.content));
 * client.connect();
 * button.onclick = () => player.unlock();
 * ```
 * @module bardcast/client
 */

/** The server's clock. */
export type { RemoteClock } from "../core/clock/remote-clock.ts";
/** A bounded history of lines. */
export { MAX_CAPTIONS, withLine } from "./captions.ts";
/** A voice for sentences that have no sound. */
export { browserVoice, type Manner, type ReadAloud, type VoiceEvents } from "./output/browser-voice.ts";
/** Whose table a device keeps step with, and how well; a sound for moments of its clock. */
export type { StepSource, StepState, TimedSound } from "./output/step.ts";
/** One listener's place at the table. */
export { type LineRequest, PartyClient, type PartyClientOptions } from "./party-client.ts";
/** The audio clock. */
export { Player } from "./player.ts";
/** What it says and what it may be told. */
export type {
  DropReason,
  LineSource,
  PlayerEvents,
  PlayerOptions,
  PlayerState,
  Spoken,
} from "./player-options.ts";
/** A decoder of Opus, to bring your own. */
export type { CreateOpusDecoder, OpusDecoder } from "./playout/opus.ts";
/** How long a client waits before it tries again. */
export { FIRST_RETRY_MS, LONGEST_RETRY_MS, retryDelayMs } from "./session/backoff.ts";
/** Chunks of the dm20 wire to whole clips. */
export { ClipAssembler, MAX_CLIP_BYTES } from "./session/dm20/clip-assembler.ts";
/** Typed events. */
export { Emitter } from "./session/emitter.ts";
/** How far a line was heard. */
export type { HeardReport } from "./session/heard-outbox.ts";
/** A line's text, and a clip of its sound. */
export type { Line, LineClip, LineSentence } from "./session/line.ts";
export type { PartyEvents } from "./session/party-events.ts";
/** Where a connection stands. */
export type { ConnectionState } from "./session/reconnecting-socket.ts";
/** What a client does not know. */
export type { OtherMessage } from "./session/shapes.ts";
/** What a table says. */
export type { LineEvents, LineFrame, TableEvents } from "./session/table-events.ts";
