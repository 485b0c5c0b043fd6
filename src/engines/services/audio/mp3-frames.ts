import { joinBytes } from "../../../core/bytes.ts";

/** What a frame's header says (ISO/IEC 11172-3, 2.4.1.3; ISO/IEC 13818-3; MPEG 2.5). */
interface Header {
  /** Bytes of the frame, its header included. */
  length: number;
  /** The same in all frames of a stream: version, layer, sample rate. */
  kind: number;
}

/** Bytes of a header. */
const HEADER_BYTES = 4;
/** The first byte of each. */
const SYNC = 0xff;
const FREE_OR_BAD = [0, 15];
/** kbit/s by index, from 1 on. */
const LAYER_3 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const LAYER_2 = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
const LOW_RATES = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** Hz of MPEG 1 by index; MPEG 2 has half of it, MPEG 2.5 a quarter. */
const SAMPLE_RATES = [44_100, 48_000, 32_000];

/** @returns undefined where no frame of MP3 or MP2 begins, or one whose length is not told ("free format") */
function headerAt(bytes: Uint8Array, at: number): Header | undefined {
  const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + HEADER_BYTES);
  const version = (second >> 3) & 3;
  const layer = 4 - ((second >> 1) & 3);
  const bitrate = third >> 4;
  const sampleRate = SAMPLE_RATES[(third >> 2) & 3];
  const isSync = first === SYNC && second >= 0xe0 && version !== 1 && (layer === 2 || layer === 3);
  if (!isSync || sampleRate === undefined || FREE_OR_BAD.includes(bitrate)) return undefined;
  const isLow = version !== 3;
  const kilobits = (isLow ? LOW_RATES : layer === 3 ? LAYER_3 : LAYER_2)[bitrate - 1] as number;
  const hz = sampleRate / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const slots = isLow && layer === 3 ? 72 : 144;
  const padding = (third >> 1) & 1;
  return {
    length: Math.floor((slots * kilobits * 1000) / hz) + padding,
    kind: (second & 0xfe) * 256 + (third & 0x0c),
  };
}

/** Whether the header of a frame of MP3 or MP2 is there; chance makes one in some thousand places. */
export function isMp3Header(bytes: Uint8Array, at = 0): boolean {
  return headerAt(bytes, at) !== undefined;
}

/** Finds the frames in MP3 that arrives in pieces, whatever stands before, between and behind them. */
export class Mp3Frames {
  #bytes: Uint8Array = new Uint8Array();
  /** Of the frame before, which ended where the bytes begin. */
  #kind: number | undefined;

  /** The frames that are whole by now, joined where they are of one kind. */
  push(bytes: Uint8Array): Uint8Array[] {
    this.#bytes = joinBytes([this.#bytes, bytes]);
    return this.#taken(false);
  }

  /** The last one, where only the end of all told that it is one. */
  end(): Uint8Array[] {
    return this.#taken(true);
  }

  #taken(isEnd: boolean): Uint8Array[] {
    const all = this.#bytes;
    const runs: { kind: number; frames: Uint8Array[] }[] = [];
    let at = 0;
    while (at + HEADER_BYTES <= all.length) {
      const header = headerAt(all, at);
      const verdict = header ? this.#isFrame(header, at, isEnd) : "no";
      if (verdict === "later") break;
      if (header && verdict === "yes") {
        const frame = all.subarray(at, at + header.length);
        const last = runs.at(-1);
        if (last?.kind === header.kind) last.frames.push(frame);
        else runs.push({ kind: header.kind, frames: [frame] });
        this.#kind = header.kind;
        at += header.length;
      } else {
        this.#kind = undefined;
        const next = all.indexOf(SYNC, at + 1);
        at = next < 0 ? all.length : next;
      }
    }
    this.#bytes = all.slice(at);
    return runs.map(({ frames }) => joinBytes(frames));
  }

  /** A header is believed where the frame before led to it, or where it leads to another one. */
  #isFrame({ kind, length }: Header, at: number, isEnd: boolean): "yes" | "no" | "later" {
    const next = at + length;
    const rest = this.#bytes.length - next;
    if (rest < 0) return isEnd ? "no" : "later";
    if (kind === this.#kind || (isEnd && rest === 0)) return "yes";
    if (rest < HEADER_BYTES) return isEnd ? "no" : "later";
    return headerAt(this.#bytes, next)?.kind === kind ? "yes" : "no";
  }
}
