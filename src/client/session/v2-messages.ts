import { MAX_WORDS, type V2ServerMessage } from "../../core/protocol/v2.ts";
import {
  isAmount,
  isCount,
  isFlag,
  isNumber,
  isText,
  listOf,
  objectOf,
  oneOf,
  optional,
  parseShaped,
  type Shapes,
  tupleOf,
} from "./shapes.ts";

/** Lines that a client says are open. */
const MAX_OPEN = 256;
/** A party has at most a thousand seats. */
const MAX_PLAYERS = 1_000;
const MAX_HANDLE = 0xffff;

const isHandle = (value: unknown): boolean => isCount(value) && (value as number) <= MAX_HANDLE;
const isFactor = (value: unknown): boolean => isAmount(value) && (value as number) > 0;
const isWord = tupleOf(isCount, isCount, isAmount, isAmount);
const ofLine = { offset: isCount, utterance: isText };

const SHAPES: Shapes<V2ServerMessage> = {
  welcome: {
    epoch: isText,
    offset: isCount,
    player: isText,
    role: oneOf("player", "dm"),
    recovered: isFlag,
    continues: optional(listOf(isText, MAX_OPEN)),
    limits: objectOf({ sendAheadMs: isAmount, messageBytes: isAmount, silenceMs: isAmount }),
  },
  clock: { t0: isNumber, t1: isNumber, t2: isNumber },
  "speech.begin": {
    ...ofLine,
    handle: isHandle,
    speaker: isText,
    name: optional(isText),
    colour: optional(isText),
    private: isFlag,
    codec: oneOf("opus", "pcm16"),
    sampleRate: oneOf(24_000),
    channels: oneOf(1),
    preSkip: isCount,
    startAt: optional(isNumber),
    priority: isNumber,
    reveal: optional(isText),
    interrupt: optional(isFlag),
    language: isText,
    speed: isFactor,
    pitch: isNumber,
  },
  "speech.text": {
    ...ofLine,
    sentence: isCount,
    text: isText,
    atMs: optional(isAmount),
    words: optional(listOf(isWord, MAX_WORDS)),
    estimated: optional(isFlag),
  },
  "speech.move": { ...ofLine, fromMs: isAmount, startAt: isNumber },
  "speech.end": { ...ofLine, chunks: isCount, durationMs: isAmount, brokenOff: optional(isFlag) },
  "speech.cancel": { ...ofLine, atMs: isAmount, reason: isText },
  "speech.fallback": {
    ...ofLine,
    sentence: isCount,
    mode: oneOf("browser-voice", "caption"),
    atMs: isAmount,
    reason: isText,
  },
  presence: {
    players: listOf(objectOf({ id: isText, connections: isCount, state: isText }), MAX_PLAYERS),
  },
  answer: {
    id: isText,
    player: isText,
    at: isText,
    kind: isText,
    text: optional(isText),
    raised: optional(isFlag),
    private: isFlag,
  },
  ping: {},
  error: { code: isText, message: isText, retryable: isFlag, fatal: isFlag },
};

/** One control message of a v2 server, or `other`; undefined for what is malformed. */
export function parseV2Message(data: unknown): ReturnType<typeof parseShaped<V2ServerMessage>> {
  return parseShaped(SHAPES, data);
}
