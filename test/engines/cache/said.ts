import type {
  FrameEncoding,
  SentenceEvent,
  SentenceJob,
} from "../../../src/engines/contract/sentence-job.ts";

/** A job for every wire. */
export const JOB: SentenceJob = {
  text: "Hello there, traveller.",
  voice: { voiceId: "v", language: "en", speed: 1, pitch: 0, outputFormat: "wav", extra: {} },
  encodings: ["dm20", "pcm16", "opus"],
  chunkBytes: 4096,
  bitrates: { opus: 24_000, "opus-low": 12_000 },
  aheadMs: 0,
};

/** What listeners get of a sentence. */
export interface Said {
  words: unknown[];
  clip: readonly string[] | undefined;
  /** Payloads by encoding, end to end. */
  sound: Map<FrameEncoding, string>;
  packets: number;
  samples: number;
  end: unknown;
}

/** @throws Error where the frames do not begin and end as they should */
export function said(events: readonly SentenceEvent[]): Said {
  const frames = events.flatMap((event) => (event.type === "frame" ? [event.frame] : []));
  const marks = frames.map(
    ({ begins, ends }, index) => begins === (index === 0) && ends === (index === frames.length - 1),
  );
  if (!marks.every(Boolean)) throw new Error("a sentence begins once and ends once");
  const encodings = [...(frames[0]?.bytes.keys() ?? [])];
  const payload = (encoding: FrameEncoding): string =>
    Buffer.concat(frames.map(({ bytes }) => bytes.get(encoding)?.subarray(16) ?? new Uint8Array())).toString(
      "hex",
    );
  return {
    words: events.filter(({ type }) => type === "words"),
    clip: events.find((event) => event.type === "clip")?.messages,
    sound: new Map(encodings.map((encoding) => [encoding, payload(encoding)])),
    packets: frames.reduce((sum, { packets }) => sum + packets, 0),
    samples: frames.reduce((sum, { samples }) => sum + samples, 0),
    end: { ...events.at(-1), isKept: undefined },
  };
}
