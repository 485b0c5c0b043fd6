import { expect, test } from "bun:test";
import { brokenOff } from "../../../src/nats/log/broken-off.ts";
import { entryOf, type LogPart } from "../../../src/nats/log/log-entry.ts";
import type { BegunLine } from "../../../src/party/speaking/line/begun-line.ts";

const AT = 1_000;

function begun(id: string, text: string | undefined): LogPart {
  const b: Partial<BegunLine> = {
    id,
    to: "all",
    text,
    handle: 1,
    order: 1,
    voice: { voiceId: "v", language: "en", speed: 1, pitch: 0 },
  };
  return { u: id, to: "all", b: b as BegunLine };
}

test("of a line whose maker is gone the texts are told that were not stored yet, each once, and then its end", async () => {
  const entry = entryOf({
    e: 1,
    i: 1,
    s: "a-1",
    parts: [
      begun("new", "*One* is here. Two is there."),
      begun("half", "One is here. Two is there."),
      { u: "half", to: "all", m: { is: "whole", text: "One is here. Two is there.", at: AT } },
      { u: "half", to: "all", m: { is: "sentence", sentence: 0, text: "One is here.", at: AT } },
      begun("written", undefined),
      begun("over", "One."),
      { u: "over", to: "all", m: { is: "end", isBroken: false, frames: 1, samples: 1, clips: 0 } },
    ],
  });
  const told = (await brokenOff([entry])).map(({ u, m }) =>
    m?.is === "whole" || m?.is === "sentence" ? `${u}: ${m.text}` : `${u} ${m?.is}`,
  );
  expect(told).toEqual([
    "new: *One* is here. Two is there.",
    "new: *One* is here.",
    "new: Two is there.",
    "new end",
    "half: Two is there.",
    "half end",
    "written end",
  ]);
});
