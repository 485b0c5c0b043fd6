import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PartyStatus } from "../../src/core/protocol/api.ts";
import { createParty } from "../../src/party/create-party.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const campaignDir = mkdtempSync(join(tmpdir(), "bardcast-settings-"));
afterAll(() => rmSync(campaignDir, { recursive: true, force: true }));
const server = await startServer({ campaignDir, engines: [new ToneEngine({ samplesPerChar: 40 })] });

function put(settings: unknown): Promise<Response> {
  return server.call("/settings", { method: "PUT", body: JSON.stringify(settings) });
}

async function listen(player: string): Promise<V2SocketClient> {
  const client = new V2SocketClient(`${server.url}/ws?token=${await server.party.tokens.issue(player)}`);
  await client.greet({ codecs: ["opus"] });
  return client;
}

test("when text appears is the table's choice, and a line's; every listener has the text at once all the same", async () => {
  const [thorin, elara] = [await listen("thorin"), await server.join("elara")];
  const revealed = async (body: object): Promise<unknown> => {
    const { utterance } = (await (await server.speak({ text: "Boo.", ...body })).json()) as {
      utterance: string;
    };
    await until(() => elara.messages.some(({ id }) => id === utterance));
    expect(thorin.of("speech.text").some((text) => text.utterance === utterance)).toBe(true);
    return thorin.of("speech.begin").find((begin) => begin.utterance === utterance)?.reveal;
  };
  expect(await revealed({})).toBe("at-once");
  expect(await (await put({ reveal: "word" })).json()).toMatchObject({ reveal: "word" });
  expect(await revealed({})).toBe("word");
  expect(await revealed({ reveal: "sentence" })).toBe("sentence");
  // What old servers say: nothing.
  expect(await revealed({ reveal: "early" })).toBeUndefined();
  const status = (await (await server.call("/status")).json()) as PartyStatus;
  expect(status.settings.reveal).toBe("word");
  expect([...status.queue, ...status.recent].map(({ again }) => again?.reveal)).toContain("early");
  thorin.socket.close();
  elara.socket.close();
});

test("what makes no sense is refused, and whoever is not the DM", async () => {
  for (const settings of [{ reveal: "never" }, { hats: true }, 7])
    expect((await put(settings)).status).toBe(400);
  expect((await server.speak({ text: "Boo.", reveal: "never" })).status).toBe(400);
  const headers = { Authorization: `Bearer ${await server.party.tokens.issue("thorin")}` };
  expect((await server.call("/settings", { headers })).status).toBe(403);
});

test("what was chosen outlasts the process, and goes before what a program begins with", async () => {
  await put({ reveal: "sentence" });
  await server.party.close();
  const party = await createParty({ campaignDir, engines: [], settings: { reveal: "early" } });
  expect(party.store.settings.all.reveal).toBe("sentence");
  await party.close();
  const other = await createParty({ engines: [], settings: { reveal: "early" } });
  expect(other.store.settings.all.reveal).toBe("early");
  await other.close();
});
