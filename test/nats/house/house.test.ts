import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { hasNats, NatsServer } from "../../support/nats-server.ts";
import { until } from "../../support/table.ts";
import type { V2SocketClient } from "../../support/v2-socket-client.ts";
import { BusRecorder } from "./bus-recorder.ts";
import { eventually, HouseNode } from "./house.ts";

/** Samples of a character at 8 kHz: a sentence of fifty lasts a second. */
const SAMPLES = 160;
const LONG = "The dragon roars and comes nearer with every beat of its wings. ".repeat(6).trim();
/** One sentence of it. */
const LINE = "The dragon roars and comes nearer with every beat of its wings.";
/** More than is made ahead of anybody. */
const LONGER = `${LONG} ${LONG} ${LONG}`;

if (!hasNats)
  console.warn(
    "\nNO NATS SERVER IS HERE: nothing of parties over NATS is tried (apt-get install nats-server)\n",
  );

describe.skipIf(!hasNats)("a party that three nodes serve", () => {
  let server: NatsServer;
  let recorder: BusRecorder;
  let nodes: HouseNode[] = [];
  const node = (name: string): HouseNode => nodes.find((each) => each.name === name) as HouseNode;
  const clients: { socket: WebSocket }[] = [];
  const joined = <Client extends { socket: WebSocket }>(client: Client): Client => {
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    server = await NatsServer.start();
    recorder = await BusRecorder.open(server.url);
    nodes = await Promise.all(
      ["a", "b", "c"].map((name) => HouseNode.start(server.url, name, { samples: SAMPLES })),
    );
  });

  afterEach(() => {
    for (const { socket } of clients.splice(0)) socket.close(1000);
  });

  afterAll(async () => {
    await Promise.all(nodes.map((each) => each.kill()));
    await recorder?.close();
    await server?.stop();
  });

  /** Two nodes that do not make the party's lines. */
  async function others(): Promise<[HouseNode, HouseNode]> {
    const holder = await holderOf();
    const [one, other] = nodes.filter((each) => each !== holder);
    return [one, other] as [HouseNode, HouseNode];
  }

  async function holderOf(): Promise<HouseNode> {
    const { cluster } = await (nodes[0] as HouseNode).status();
    return node(cluster?.node ?? "");
  }

  test("a line that is asked for at any of them is heard at all of them, on both wires, the same to the byte", async () => {
    const [thorin, elara] = [joined(await node("a").v2("thorin")), joined(await node("b").v2("elara"))];
    const pip = joined(await node("c").dm20("pip"));
    await eventually(async () =>
      (await node("a").status()).players.every(({ connections }) => connections === 1),
    );
    const report = await node("c").say({ text: "The bridge is out. Nobody has crossed it." });
    expect(report).toMatchObject({ delivered: true, listeners: 3, sentences: 2, problems: [] });
    await until(() => [thorin, elara].every((client) => client.isOver(report.utterance)));
    for (const type of ["speech.begin", "speech.text"] as const)
      expect(thorin.of(type)).toEqual(elara.of(type) as never);
    expect(thorin.of("speech.end").map(({ chunks }) => chunks)).toEqual([
      thorin.framesOf(report.utterance).length,
    ]);
    expect(thorin.framesOf(report.utterance)).toEqual(elara.framesOf(report.utterance));
    expect(thorin.framesOf(report.utterance).map(({ sequence }) => sequence)).toEqual(
      thorin.framesOf(report.utterance).map((_, at) => at),
    );
    await until(() => pip.clips.length === 2);
    expect(pip.messages.filter(({ type }) => type === "narrative").map(({ content }) => content)).toEqual([
      "The bridge is out. Nobody has crossed it.",
    ]);
  }, 20_000);

  test("a whisper goes to nobody but the nodes of its player, in no form", async () => {
    const [one, other] = await others();
    const thorin = joined(await one.v2("thorin"));
    const elara = joined(await other.v2("elara"));
    const report = await other.say({ text: "Psst, xylophone under the floor.", to: ["thorin"] });
    expect(report).toMatchObject({ delivered: true, listeners: 1 });
    await until(() => thorin.isOver(report.utterance));
    expect(JSON.stringify(elara.messages)).not.toContain("xylophone");
    expect(elara.frames).toEqual([]);
    const named = (subject: string): boolean => /^(bc1\.log\.|_INBOX\.|bc1\.p\.[\w-]+\.do$)/.test(subject);
    const told = recorder
      .subjectsOf("xylophone")
      .filter((subject) => !named(subject) && !subject.startsWith("$JS"));
    expect(told).toEqual([`bc1.n.${one.name}.p.table.w.log`]);
    const soundOf = (): string[] =>
      recorder.subjectsOf(report.utterance).filter((subject) => /\.f(\.|$)/.test(subject));
    await until(() => soundOf().length > 0);
    expect(soundOf()).toEqual([`bc1.n.${one.name}.p.table.w.f`]);
  }, 20_000);

  test("who comes in the middle of a line gets its text, and its sound from a sentence on; who lost the connection goes on at another node without a gap", async () => {
    const [one, other] = await others();
    const thorin = joined(await one.v2("thorin"));
    const utterance = await one.begin({ text: LONG });
    await until(() => thorin.framesOf(utterance).length > 3);
    const elara = joined(await other.v2("elara"));
    await until(() => elara.of("speech.text").length >= 6);
    thorin.cut();
    const before = thorin.framesOf(utterance);
    const back = joined(await other.v2("thorin", { resume: thorin.resume }));
    expect(back.of("welcome")[0]).toMatchObject({ recovered: true });
    await until(() => back.isOver(utterance));
    // What was still on its way is sent again from where the client said it was.
    const after = back.frames;
    expect(after[0]?.sequence).toBe((before.at(-1)?.sequence ?? 0) + 1);
    expect(after.map(({ sequence }) => sequence)).toEqual(
      after.map((_, at) => (after[0]?.sequence ?? 0) + at),
    );
    expect(textsOf([utterance], thorin, back)).toEqual(textsOf([utterance], elara));
    await until(() => elara.isOver(utterance));
    expect(elara.framesOf(utterance)[0]?.discontinuity).toBe(true);
    await one.call(`/speak/${utterance}`, { method: "DELETE" });
  }, 20_000);

  test("when a node is killed the only listener goes on in the middle of a line at another one, a second later, to its end, and is reported where they are", async () => {
    const holder = await holderOf();
    const [one, other] = await others();
    const thorin = joined(await one.v2("thorin"));
    const utterance = await other.begin({ text: LONG });
    await until(() => thorin.framesOf(utterance).length > 3);
    await one.kill();
    await until(() => thorin.closed !== undefined);
    // By now everybody knows that the node is gone.
    await Bun.sleep(1_000);
    const back = joined(await other.v2("thorin", { resume: thorin.resume }));
    await until(() => back.isOver(utterance));
    const sequences = [...thorin.framesOf(utterance), ...back.frames].map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, at) => at));
    expect(back.of("speech.end").map(({ chunks }) => chunks)).toEqual([sequences.length]);
    expect(textsOf([utterance], thorin, back)).toHaveLength(6);
    await eventually(async () =>
      (await holder.status()).players.some(({ connections }) => connections === 1),
    );
    nodes = [
      ...nodes.filter((each) => each !== one),
      await HouseNode.start(server.url, one.name, { samples: SAMPLES }),
    ];
    await other.call(`/speak/${utterance}`, { method: "DELETE" });
  }, 20_000);

  test("who comes to a node that cannot learn yet what was said is not told again what they know", async () => {
    const fresh = nodes.at(-1) as HouseNode;
    const [one] = (await others()).filter((each) => each !== fresh) as [HouseNode];
    const thorin = joined(await one.v2("thorin"));
    const known = await one.say({ text: "Known already." });
    await until(() => thorin.isOver(known.utterance));
    server.pause();
    const back = joined(await fresh.v2("thorin", { resume: thorin.resume }));
    server.goOn();
    expect(back.of("welcome")[0]).toMatchObject({ recovered: false });
    // So long a pause may have cost the connection.
    for (const each of nodes)
      await eventually(
        async () => !(await (await fetch(`${each.url}/healthz`)).text()).includes("unreachable"),
      );
    const next = await one.say({ text: "And on." });
    await until(() => back.isOver(next.utterance));
    expect(back.of("speech.text").flatMap(({ words, text }) => (words ? [] : text))).toEqual(["And on."]);
  }, 20_000);

  test("who comes on the v2 wire to a node whose listeners are all on dm20 hears a line from a sentence on, though it was made long ago", async () => {
    const [one, other] = await others();
    const thorin = joined(await one.v2("thorin"));
    const pip = joined(await other.dm20("pip"));
    const utterance = await one.begin({ text: `${LINE} ${LINE}` });
    await until(() => pip.clips.length === 2);
    const elara = joined(await other.v2("elara"));
    await until(() => [thorin, elara].every((client) => client.isOver(utterance)));
    const [first] = elara.framesOf(utterance);
    const frames = thorin.framesOf(utterance).filter(({ sequence }) => sequence >= (first?.sequence ?? 0));
    expect(elara.framesOf(utterance).map(({ payload }) => payload)).toEqual(
      frames.map(({ payload }) => payload),
    );
    expect(frames.length).toBeGreaterThan(0);
    await one.call(`/speak/${utterance}`, { method: "DELETE" });
  }, 20_000);

  test("those who keep step hear a line at the same time at every node, on one clock", async () => {
    const [one, other] = await others();
    const [thorin, elara] = [
      joined(await one.v2("thorin", { sync: true })),
      joined(await other.v2("elara", { sync: true })),
    ];
    const holder = joined(await (await holderOf()).v2("pip", { sync: true }));
    const report = await one.say({ text: "Now, all together." });
    const movesOf = (client: V2SocketClient): unknown[] =>
      client.of("speech.move").filter(({ utterance }) => utterance === report.utterance);
    await until(() => [thorin, elara, holder].every((client) => movesOf(client).length > 0));
    expect(movesOf(thorin)).toEqual(movesOf(elara));
    expect(movesOf(holder)).toEqual(movesOf(elara));
    const times = await Promise.all([thorin, elara, holder].map(timeOf));
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(50);
  }, 20_000);

  test("a line that interrupts another holds it back in step at nodes that do not make it, and has it go on behind it", async () => {
    const [one, other] = await others();
    const thorin = joined(await one.v2("thorin", { sync: true }));
    const elara = joined(await other.v2("elara", { sync: true }));
    const long = await one.begin({ text: LONG });
    const movesOf = (client: V2SocketClient, line: string): { fromMs: number; startAt: number }[] =>
      client
        .of("speech.move")
        .filter(({ utterance }) => utterance === line)
        .map(({ fromMs, startAt }) => ({ fromMs, startAt }));
    await until(() => [thorin, elara].every((client) => movesOf(client, long).length > 0));
    const short = await other.begin({ text: "Stop!", interrupt: true });
    await until(() => [thorin, elara].every((client) => movesOf(client, long).length > 1));
    expect(movesOf(thorin, long)).toEqual(movesOf(elara, long));
    const [startAt = 0] = movesOf(thorin, short).map((move) => move.startAt);
    expect(movesOf(thorin, long).at(-1)?.startAt).toBeGreaterThan(startAt);
    await one.call(`/speak/${long}`, { method: "DELETE" });
  }, 20_000);

  test("a line is cancelled from any node, for all", async () => {
    const [one, other] = await others();
    const thorin = joined(await one.v2("thorin"));
    const utterance = await other.begin({ text: LONG });
    await until(() => thorin.framesOf(utterance).length > 0);
    expect((await other.call(`/speak/${utterance}`, { method: "DELETE" })).status).toBe(200);
    await until(() => thorin.of("speech.cancel").some((cancel) => cancel.utterance === utterance));
  }, 20_000);

  test("a line that was asked for twice under one name is said once", async () => {
    const [one, other] = await others();
    const thorin = joined(await one.v2("thorin"));
    const headers = { Prefer: "respond-async", "Bardcast-Utterance": "0123456789abcdef0123456789abcdef" };
    const init = { method: "POST", body: JSON.stringify({ text: "Once only." }), headers };
    const answers = await Promise.all([one.call("/speak", init), other.call("/speak", init)]);
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([
      { utterance: "0123456789abcdef0123456789abcdef" },
      { utterance: "0123456789abcdef0123456789abcdef" },
    ]);
    await until(() => thorin.isOver("0123456789abcdef0123456789abcdef"));
    expect(textsOf(["0123456789abcdef0123456789abcdef"], thorin)).toEqual(["Once only."]);
  }, 20_000);

  test("a program cannot take a line over by its name, at whichever node", async () => {
    const [one, other] = await others();
    const thorin = joined(await one.v2("thorin"));
    const named = "fedcba9876543210fedcba9876543210";
    expect((await one.beginAs(named, { text: "Nobody's but mine." })).status).toBe(202);
    for (const node of [await holderOf(), one, other]) {
      const answer = await node.callAsService("/speak", {
        method: "POST",
        body: JSON.stringify({ text: "I am heard as myself." }),
        headers: { Prefer: "respond-async", "Bardcast-Utterance": named },
      });
      const { utterance } = await answer.json();
      expect(utterance).toMatch(/^[0-9a-f]{32}$/);
      expect(utterance).not.toBe(named);
      await until(() => thorin.isOver(utterance));
      expect((await node.callAsService(`/speak/${named}`, { method: "DELETE" })).status).toBe(404);
    }
  }, 20_000);

  test("a text that is being written to any node is spoken while it is", async () => {
    const [one, other] = await others();
    const thorin = joined(await one.v2("thorin"));
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const write = (text: string): Promise<void> => writer.write(new TextEncoder().encode(text));
    const headers = { "Content-Type": "text/plain" };
    const answer = other.call("/speak?to=thorin", { method: "POST", headers, body: readable });
    const begun = (): string | undefined =>
      thorin.of("speech.begin").findLast((begin) => begin.private)?.utterance;
    await write("Roll for initi");
    await write("ative. Wh");
    await until(() => thorin.framesOf(begun()).length > 0);
    expect(textsOf([begun() ?? ""], thorin)).toEqual(["Roll for initiative."]);
    await write("o is first?");
    await writer.close();
    expect(await (await answer).json()).toMatchObject({ delivered: true, sentences: 2 });
    expect(textsOf([begun() ?? ""], thorin)).toEqual(["Roll for initiative.", "Who is first?"]);
  }, 20_000);

  test("lines that wait change their order at every node", async () => {
    const [one, other] = await others();
    const thorin = joined(await one.v2("thorin"));
    const begun = await other.begin({ text: LONGER });
    await until(() => thorin.framesOf(begun).length > 0);
    const [second, third] = [await other.begin({ text: "Second." }), await other.begin({ text: "Third." })];
    await eventually(async () => {
      const { queue } = await other.status();
      return [second, third].every((line) => queue.find(({ utterance }) => utterance === line)?.movable);
    });
    const moved = await other.call(`/speak/${third}`, {
      method: "PATCH",
      body: JSON.stringify({ before: second }),
    });
    const { waiting } = (await moved.json()) as { waiting: string[] };
    expect(waiting.filter((line) => line === second || line === third)).toEqual([third, second]);
    await other.call(`/speak/${begun}`, { method: "DELETE" });
    await until(() => [second, third].every((line) => thorin.isOver(line)));
    const first = (line: string): number => thorin.frames.indexOf(thorin.framesOf(line)[0] as never);
    expect(first(third)).toBeLessThan(first(second));
  }, 20_000);

  test("the place sounds the same at every node at the same time, and a short sound for one player goes to no other node", async () => {
    const [one, other] = await others();
    const holder = await holderOf();
    const [thorin, elara, pip] = [
      joined(await one.v2("thorin")),
      joined(await other.v2("elara")),
      joined(await holder.v2("pip")),
    ];
    const post = (path: string, body: object): Promise<Response> =>
      one.call(`/sounds/${path}`, { method: "POST", body: JSON.stringify(body) });
    await eventually(async () =>
      (await holder.status()).players.every(({ connections }) => connections === 1),
    );
    expect((await post("play", { sound: "rain" })).status).toBe(200);
    const bedsOf = (client: V2SocketClient): unknown =>
      client.of("sound.beds").findLast(({ beds }) => beds.length > 0);
    await until(() => [thorin, elara, pip].every(bedsOf));
    expect(bedsOf(thorin)).toEqual(bedsOf(pip));
    expect(bedsOf(elara)).toEqual(bedsOf(pip));
    expect(await (await post("hit", { sound: "dice", to: "all" })).json()).toEqual({ sent: 3 });
    expect(await (await post("hit", { sound: "dice", to: ["elara"] })).json()).toEqual({ sent: 1 });
    await until(() => elara.of("sound.hit").length === 2);
    const hitsOf = (client: V2SocketClient): unknown[] => client.of("sound.hit").map(({ sound }) => sound);
    expect([thorin, pip].map(hitsOf)).toEqual([["dice"], ["dice"]]);
    const told = recorder.subjectsOf('"sound":"dice"').filter((subject) => subject.includes(".all."));
    expect(told).toEqual([]);
    await post("stop", { fadeMs: 0 });
    const refused = await one.call("/sounds?name=x.wav", { method: "POST", body: "RIFF" });
    expect(refused.status).toBe(400);
    expect((await refused.json()).error.message).toContain("only where one process serves the table");
  }, 20_000);

  test("what players tell at any node, by any wire, is in the status, and told the game master and others wherever they are, but no secret to the latter", async () => {
    const [one, other] = await others();
    const holder = await holderOf();
    const dm = joined(await other.console());
    const witness = joined(await holder.v2("elara"));
    const [thorin, pip] = [joined(await one.v2("thorin")), joined(await other.dm20("pip"))];
    thorin.say({ type: "answer", text: "I draw my sword.", private: false });
    pip.socket.send(JSON.stringify({ type: "action", text: "I hide.", private: true }));
    await pip.until("action_status", 1);
    const asked = await fetch(`${one.url}/action`, {
      method: "POST",
      body: JSON.stringify({ action: "I run." }),
      headers: { Authorization: `Bearer ${one.tokenOf("elara")}`, "Content-Type": "application/json" },
    });
    expect(asked.status).toBe(200);
    await eventually(async () => (await other.status()).answers.length === 3);
    const told = (await other.status()).answers.map(({ player, text }) => `${player}: ${text}`);
    const all = ["elara: I run.", "pip: I hide.", "thorin: I draw my sword."];
    expect(told.sort()).toEqual(all);
    const heardBy = (client: V2SocketClient): string[] =>
      client.of("answer").map(({ player, text }) => `${player}: ${text}`);
    await until(() => heardBy(dm).length === 3);
    expect(heardBy(dm).sort()).toEqual(all);
    await until(() => heardBy(witness).length === 2);
    expect(heardBy(witness).sort()).toEqual(["elara: I run.", "thorin: I draw my sword."]);
    expect(heardBy(thorin)).not.toContain("pip: I hide.");
  }, 20_000);

  test("a link that is replaced at one node is void at all of them at once", async () => {
    const [one, other] = await others();
    const pip = joined(await one.v2("pip"));
    expect((await other.call("/players/pip/refresh", { method: "POST" })).status).toBe(200);
    await until(() => pip.closed === 1008);
    const refused = await fetch(`${one.url}/play?token=${one.tokenOf("pip")}`);
    expect(refused.status).toBe(401);
    const { players } = (await (await one.call("/invites")).json()) as {
      players: { id: string; token: string }[];
    };
    const again = players.find(({ id }) => id === "pip")?.token ?? "";
    for (const each of nodes) expect((await fetch(`${each.url}/play?token=${again}`)).status).toBe(200);
  }, 20_000);

  test("when the node that makes the lines is killed in the middle of one, another goes on: no text is lost or comes twice", async () => {
    const holder = await holderOf();
    const [one, other] = await others();
    const [thorin, elara] = [joined(await one.v2("thorin")), joined(await other.v2("elara"))];
    const first = await one.say({ text: "First.", npc: { name: "Old Mara", race: "human" } });
    const asked = await other.callAsService("/speak", {
      method: "POST",
      body: JSON.stringify({ text: "By a program." }),
    });
    const { utterance: service } = (await asked.json()) as { utterance: string };
    await eventually(async () => {
      const { recent } = await other.status();
      return [first.utterance, service].every((line) => recent.some(({ utterance }) => utterance === line));
    });
    const broken = await one.begin({ text: LONGER });
    await until(() => thorin.framesOf(broken).length > 3);
    await holder.kill();
    const after = await one.say({ text: "Afterwards." });
    expect(after).toMatchObject({ delivered: true, listeners: 2 });
    const end = thorin.of("speech.end").find(({ utterance }) => utterance === broken);
    expect(end).toMatchObject({ brokenOff: true });
    await until(() => elara.isOver(after.utterance));
    const sentences = LONGER.match(/[^.]+\./g)?.map((sentence) => sentence.trim()) ?? [];
    for (const client of [thorin, elara]) {
      const told = textsOf([first.utterance, service, broken, after.utterance], client);
      expect(told).toEqual(["First.", "By a program.", ...sentences, "Afterwards."]);
      const offsets = client.messages.flatMap((message) => ("offset" in message ? message.offset : []));
      expect(offsets).toEqual([...offsets].sort((x, y) => x - y));
    }
    // Whoever holds the party now knows what became of lines before, and whose they are.
    expect((await one.callAsService(`/speak/${service}`)).status).toBe(200);
    expect((await one.callAsService(`/speak/${first.utterance}`)).status).toBe(404);
    const { characters } = (await (await one.call("/characters")).json()) as { characters: { id: string }[] };
    expect(characters.map(({ id }) => id)).toContain("Old Mara");
    const reported = async (): Promise<object | undefined> =>
      (await one.status()).recent.find(({ utterance }) => utterance === first.utterance);
    await eventually(async () => (await reported()) !== undefined);
    expect(await reported()).toMatchObject({ state: "done", report: { delivered: true, listeners: 2 } });
    nodes = [
      ...nodes.filter((each) => each !== holder),
      await HouseNode.start(server.url, holder.name, { samples: SAMPLES }),
    ];
  }, 20_000);

  test("while NATS is gone each node says so and who listens hears on; what was asked for meanwhile is said once when it is back", async () => {
    const [one] = await others();
    const thorin = joined(await one.v2("thorin"));
    const line = await one.begin({
      text: "It will be heard to its end, whatever happens to the servers between us.",
    });
    await until(() => thorin.framesOf(line).length > 3);
    const { dir, port } = server;
    await server.kill();
    await eventually(async () =>
      (await (await fetch(`${one.url}/healthz`)).text()).includes("cluster-unreachable"),
    );
    expect((await one.status()).cluster).toMatchObject({ node: one.name, connected: false });
    const metrics = await (await fetch(`${one.url}/metrics`)).text();
    expect(metrics).toContain("bardcast_cluster_connected 0");
    expect(metrics).toContain("bardcast_cluster_holds 0");
    server = await NatsServer.start({ again: { dir, port } });
    await eventually(
      async () => !(await (await fetch(`${one.url}/healthz`)).text()).includes("cluster-unreachable"),
    );
    const report = await one.say({ text: "We are back." });
    expect(report).toMatchObject({ delivered: true });
    await until(() => thorin.isOver(report.utterance));
    expect(textsOf([line, report.utterance], thorin)).toEqual([
      "It will be heard to its end, whatever happens to the servers between us.",
      "We are back.",
    ]);
  }, 20_000);
});

/** Texts of lines as one listener was told them, by however many connections. */
function textsOf(utterances: readonly string[], ...clients: V2SocketClient[]): string[] {
  const texts = clients.flatMap((client) => client.of("speech.text").filter(({ words }) => !words));
  return texts.flatMap(({ utterance, text }) => (utterances.includes(utterance) ? text : []));
}

/** The party's time as a node tells it, as of one moment of this process. */
async function timeOf(client: V2SocketClient): Promise<number> {
  const t0 = performance.now();
  client.say({ type: "clock", t0 });
  await until(() => client.of("clock").some((clock) => clock.t0 === t0));
  return (client.of("clock").find((clock) => clock.t0 === t0)?.t1 ?? 0) - t0;
}
