import { afterEach, beforeEach, expect, test } from "bun:test";
import { browserVoice, type Manner } from "../../../src/client/index.ts";

/** `speechSynthesis` as far as it is used. */
class FakeUtterance {
  readonly text: string;
  voice: { lang: string } | null = null;
  lang = "";
  rate = 1;
  pitch = 1;
  volume = 1;
  onstart: (() => void) | null = null;
  onboundary: ((event: { charIndex: number }) => void) | null = null;
  onend: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(text: string) {
    this.text = text;
  }
}

const MANNER: Manner = { language: "pt-BR", speed: 1.5, pitch: -12, volume: 0.5 };

let voices: { lang: string }[];
let spoken: FakeUtterance[];
let cancelled: number;
let told: (string | number)[];

beforeEach(() => {
  voices = [{ lang: "en-US" }, { lang: "pt-PT" }, { lang: "pt_BR" }];
  spoken = [];
  cancelled = 0;
  told = [];
  const speechSynthesis = {
    getVoices: () => voices,
    speak: (utterance: FakeUtterance) => spoken.push(utterance),
    cancel: () => {
      cancelled += 1;
    },
  };
  Object.assign(globalThis, { speechSynthesis, SpeechSynthesisUtterance: FakeUtterance });
});
afterEach(() => {
  Object.assign(globalThis, { speechSynthesis: undefined, SpeechSynthesisUtterance: undefined });
});

function read(text = "*Run*, fools!", manner: Manner = MANNER): () => void {
  return browserVoice(text, manner, {
    word: (at) => told.push(at),
    end: () => told.push("end"),
    failed: () => told.push("failed"),
  });
}

test("the voice speaks the line's language, as fast, as high and as loud, and does not read marks", () => {
  read();
  const [utterance] = spoken;
  expect(utterance).toMatchObject({
    text: " Run , fools!",
    lang: "pt-BR",
    rate: 1.5,
    pitch: 0.5,
    volume: 0.5,
  });
  expect(utterance?.voice).toEqual({ lang: "pt_BR" });
  utterance?.onstart?.();
  utterance?.onboundary?.({ charIndex: 1 });
  utterance?.onend?.();
  utterance?.onerror?.();
  expect(told).toEqual([1, "end"]);
});

test("another voice of the same language will do, one of another language will not", async () => {
  voices = [{ lang: "en-US" }, { lang: "pt-PT" }];
  read();
  expect(spoken[0]?.voice).toEqual({ lang: "pt-PT" });
  voices = [{ lang: "en-US" }];
  read();
  await Promise.resolve();
  expect([spoken.length, told]).toEqual([1, ["failed"]]);
});

test("a browser without voices, and a voice that breaks, fail once", async () => {
  read();
  spoken[0]?.onerror?.();
  spoken[0]?.onend?.();
  Object.assign(globalThis, { speechSynthesis: undefined });
  read();
  await Promise.resolve();
  expect(told).toEqual(["failed", "failed"]);
});

test("a voice that is stopped says nothing more", () => {
  const stop = read();
  stop();
  stop();
  spoken[0]?.onboundary?.({ charIndex: 4 });
  spoken[0]?.onend?.();
  expect([cancelled, told]).toEqual([1, []]);
});
