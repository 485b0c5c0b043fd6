import { expect, test } from "bun:test";
import { identityOf } from "../../../src/engines/cache/sentence-key.ts";

test("a service with another voice, or at another address, is another; with another key it is the same", () => {
  const studio = (options: { voice?: string; apiKey?: string }) =>
    identityOf({ engine: "openai", name: "studio", options });
  expect(studio({ voice: "onyx" })).toBeString();
  expect(studio({ voice: "nova" })).not.toBe(studio({ voice: "onyx" }));
  expect(studio({ voice: "onyx", apiKey: "sk-one" })).toBe(studio({ voice: "onyx", apiKey: "sk-two" }));
  expect(identityOf({ engine: "openai" })).toBe(identityOf("openai"));
  expect(identityOf({ engine: "espeak" })).toBe(identityOf("espeak"));
});

test("a service that the environment gives another voice is another", () => {
  const before = process.env.OPENAI_TTS_VOICE;
  try {
    process.env.OPENAI_TTS_VOICE = "onyx";
    const onyx = identityOf("openai");
    process.env.OPENAI_TTS_VOICE = "nova";
    expect(identityOf("openai")).not.toBe(onyx);
  } finally {
    if (before === undefined) delete process.env.OPENAI_TTS_VOICE;
    else process.env.OPENAI_TTS_VOICE = before;
  }
});
