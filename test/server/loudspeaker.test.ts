import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeliveryReport, PartyStatus } from "../../src/core/protocol/api.ts";
import { createParty } from "../../src/party/create-party.ts";
import { type Dm20Client, startServer } from "../support/server.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";

const campaignDir = mkdtempSync(join(tmpdir(), "bardcast-loudspeaker-"));
afterAll(() => rmSync(campaignDir, { recursive: true, force: true }));
const server = await startServer({
  campaignDir,
  engines: [new ToneEngine({ samplesPerChar: 400 })],
  cache: false,
});
for (const player of ["pip", "wren"]) server.party.seat(player);

const tokenOf = (player: string): Promise<string> => server.party.tokens.issue(player);
const put = (settings: unknown, headers = {}): Promise<Response> =>
  server.call("/settings", { method: "PUT", body: JSON.stringify(settings), headers });

async function listen(token: string): Promise<V2SocketClient> {
  const client = new V2SocketClient(`${server.url}/ws?token=${token}`);
  await client.greet({ codecs: ["opus"] });
  return client;
}

/** What a client on v2 was told last of somebody. */
function toldOf(client: V2SocketClient, player: string): object | undefined {
  return client
    .of("presence")
    .flatMap(({ players }) => players)
    .findLast(({ id }) => id === player);
}

const thorin = await listen(await tokenOf("thorin"));
const elara = await listen(await tokenOf("elara"));
const [pip, wren] = [await server.join("pip"), await server.join("wren")];
const { token: streamToken } = await server.party.guests.invite("observer", "stream");
const stream = await listen(streamToken);
const v2 = { thorin, elara, stream };
const dm20 = { pip, wren };

/** Says a line, waits until it is over for everybody it is for, and tells who was sent any sound of it. */
async function heardBy(to: "all" | string[]): Promise<[string[], DeliveryReport]> {
  const line = server.party.speak({ text: "One. Two.", to });
  const isFor = (who: string): boolean =>
    who === "stream" ? to === "all" : to === "all" || to.includes(who);
  const clips = (client: Dm20Client): number => client.of("audio").length;
  const before = new Map(Object.entries(dm20).map(([who, client]) => [who, clips(client)]));
  const heard: string[] = [];
  for (const [who, client] of Object.entries(v2)) {
    if (!isFor(who)) continue;
    await until(() => client.isOver(line.id));
    const has = client.framesOf(line.id).length > 0;
    if (has) heard.push(who);
    client.say({
      type: "heard",
      utterance: line.id,
      heardMs: has ? 60_000 : 0,
      state: "playing",
      underruns: 0,
      ended: true,
    });
    // Words come whoever hears them.
    const texts = client.of("speech.text").filter(({ utterance }) => utterance === line.id);
    expect([who, texts.length > 1]).toEqual([who, true]);
  }
  const report = await line.done;
  for (const [who, client] of Object.entries(dm20)) {
    if (clips(client) > (before.get(who) ?? 0)) heard.push(who);
    const texts = [...client.of("narrative"), ...client.of("private")].filter(({ id }) => id === line.id);
    expect([who, texts.length]).toEqual([who, isFor(who) ? 1 : 0]);
  }
  return [heard.sort(), report];
}

test("where the table has loudspeakers, what is for everyone sounds on those alone, on either wire, and a whisper on none of them", async () => {
  expect((await heardBy("all"))[0]).toEqual(["elara", "pip", "stream", "thorin", "wren"]);
  const answer = await put({ loudspeakers: ["elara", "pip", "elara"] });
  expect(await answer.json()).toMatchObject({ loudspeakers: ["elara", "pip"] });

  const [heard, report] = await heardBy("all");
  // A stream is not in the room.
  expect(heard).toEqual(["elara", "pip", "stream"]);
  const onlyRead = report.players.filter(({ textOnly }) => textOnly).map(({ player }) => player);
  expect(onlyRead.sort()).toEqual(["thorin", "wren"]);
  expect((await heardBy(["thorin"]))[0]).toEqual(["thorin"]);
  expect((await heardBy(["wren"]))[0]).toEqual(["wren"]);
  expect((await heardBy(["elara"]))[0]).toEqual([]);
  expect((await heardBy(["pip"]))[0]).toEqual([]);
  // Some of the players are not everyone, either.
  expect((await heardBy(["thorin", "elara", "pip"]))[0]).toEqual(["thorin"]);
});

test("everybody on v2 is told who is a loudspeaker and what others want to hear, who is new as well", async () => {
  const late = await listen(await tokenOf("thorin"));
  for (const client of [thorin, elara, late]) {
    await until(() => toldOf(client, "wren") !== undefined);
    expect(toldOf(client, "elara")).toMatchObject({ loudspeaker: true });
    expect(toldOf(client, "wren")).toMatchObject({ loudspeaker: false });
  }
  late.say({ type: "settings", sounds: "narration" });
  for (const client of [thorin, elara, late])
    await until(() => (toldOf(client, "thorin") as { sounds?: string }).sounds === "narration");
  wren.socket.send(JSON.stringify({ type: "settings", sounds: "none" }));
  await until(() => (toldOf(thorin, "wren") as { sounds?: string }).sounds === "none");
  const { players, settings } = (await (await server.call("/status")).json()) as PartyStatus;
  expect(settings.loudspeakers).toEqual(["elara", "pip"]);
  expect(players.find(({ id }) => id === "elara")).toMatchObject({ loudspeaker: true });
  expect(players.find(({ id }) => id === "thorin")).toMatchObject({
    loudspeaker: false,
    sounds: "narration",
  });
  late.say({ type: "settings", sounds: "all" });
  wren.socket.send(JSON.stringify({ type: "settings", sounds: "all" }));
  for (const player of ["thorin", "wren"])
    await until(() => server.party.store.settings.soundsOf(player) === "all");
  late.socket.close();
});

test("a loudspeaker is somebody who has a seat, and only the DM makes one of them", async () => {
  const refused = await put({ loudspeakers: ["gandalf"] });
  expect([refused.status, ((await refused.json()) as { error: object }).error]).toMatchObject([
    400,
    { code: "unknown-player" },
  ]);
  expect((await put({ loudspeakers: "elara" })).status).toBe(400);
  expect(
    (await put({ loudspeakers: [] }, { Authorization: `Bearer ${await tokenOf("elara")}` })).status,
  ).toBe(403);
  expect(server.party.store.settings.all.loudspeakers).toEqual(["elara", "pip"]);
});

test("who loses the seat is no loudspeaker, nor who gets it next, and without any all devices sound again", async () => {
  await put({ loudspeakers: ["pip"] });
  await until(() => (toldOf(thorin, "pip") as { loudspeaker?: boolean }).loudspeaker === true);
  await server.party.unseat("pip");
  await until(() => !("loudspeaker" in (toldOf(thorin, "thorin") ?? {})));
  server.party.seat("pip");
  expect(server.party.store.settings.all.loudspeakers).toEqual([]);
  Reflect.deleteProperty(dm20, "pip");
  expect((await heardBy("all"))[0]).toEqual(["elara", "stream", "thorin", "wren"]);
});

test("which devices are loudspeakers outlasts the process", async () => {
  await put({ loudspeakers: ["elara"] });
  await server.party.close();
  const party = await createParty({ campaignDir, engines: [] });
  expect(party.store.settings.all.loudspeakers).toEqual(["elara"]);
  await party.close();
});
