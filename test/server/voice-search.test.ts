import { expect, test } from "bun:test";
import type { VoiceSearch } from "../../src/core/protocol/voices-api.ts";
import type { TTSEngine } from "../../src/engines/contract/engine.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

/** As far as it can be used: what else an engine answers is left out. */
class Choir extends ToneEngine implements TTSEngine {
  listVoices(): never[] {
    const variants = [{ suffix: "+f3", gender: "female" }, { suffix: 7 }];
    return [
      { id: "en-gb", languages: ["en-GB", 5], gender: "angel", variants },
      { id: "mia", languages: ["de", "en"], gender: "female", secret: () => 0 },
      { id: 3 },
      null,
    ] as never[];
  }
}

class Mute extends ToneEngine implements TTSEngine {
  listVoices(): never {
    throw new Error("no list");
  }
}

const robot = Object.assign(new Choir({ name: "robot" }), {
  capabilities: { streaming: true, wordTimes: false, robotic: true },
});
const server = await startServer({
  engines: [
    robot,
    new Choir({ name: "choir", failsOn: (text) => text === "Ah." }),
    new Mute({ name: "mute" }),
  ],
});

async function search(query: string): Promise<VoiceSearch> {
  const response = await server.call(`/voices/search${query}`);
  expect(response.status).toBe(200);
  return response.json();
}
const ids = ({ voices }: VoiceSearch): string[] =>
  voices.map(({ engine, voiceId }) => `${engine} ${voiceId}`);

test("voices are found by engine, language, gender and the beginnings of words; robots come last", async () => {
  const all = await search("");
  expect(ids(all)).toEqual([
    ...["choir en-gb", "choir en-gb+f3", "choir mia"],
    ...["robot en-gb", "robot en-gb+f3", "robot mia"],
  ]);
  expect([all.count, all.engines, all.unlisted]).toEqual([6, ["robot", "choir", "mute"], ["mute"]]);
  expect(all.languages).toEqual([
    { tag: "en", name: "English" },
    { tag: "de", name: "German" },
  ]);
  expect(ids(await search("?engine=choir&gender=female"))).toEqual(["choir en-gb+f3", "choir mia"]);
  expect(ids(await search("?engine=robot&language=de"))).toEqual(["robot mia"]);
  expect(ids(await search("?find=BRIT%20f3"))).toEqual(["choir en-gb+f3", "robot en-gb+f3"]);
  // "male" is no beginning of "female".
  expect(ids(await search("?find=male"))).toEqual([]);
  expect((await server.call("/voices/search?gender=angel")).status).toBe(400);
});

test("each is heard in the language that was looked for, and a line heard first tells who spoke it", async () => {
  const [mia] = (await search("?find=mia&language=en")).voices;
  expect([mia?.language, mia?.sample]).toEqual(["en", expect.stringContaining("Well met")]);
  const [own] = (await search("?find=mia")).voices;
  expect(own?.language).toBe("de");
  const hear = (text: string): Promise<Response> =>
    server.call("/preview", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text, voice: { voiceId: "mia", engine: "choir" } }),
    });
  expect((await hear("Oh.")).headers.get("Bardcast-Engines")).toBe("choir");
  expect((await hear("Ah.")).headers.get("Bardcast-Engines")).toBe("robot");
});

test("no player is told which voices there are", async () => {
  const headers = { Authorization: `Bearer ${await server.party.tokens.issue("thorin")}` };
  expect((await server.call("/voices/search", { headers })).status).toBe(403);
});
