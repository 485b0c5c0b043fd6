import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { PartyClient } from "../../src/client/party-client.ts";
import type { Line } from "../../src/client/session/line.ts";
import type { RecentUtterance } from "../../src/core/protocol/api.ts";
import { until } from "../support/table.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";
import { cliCommand, type Runtime } from "./runtime.ts";
import { ServerProcess } from "./server-process.ts";

/** Nobody's secret but the one in the folder. */
const ENV = { BARDCAST_VOICES_DIR: "/no-such-folder", BARDCAST_SECRET: undefined as unknown as string };

/** An evening in a folder of its own, whose server is killed and started again at the same address. */
class Evening implements AsyncDisposable {
  readonly folder: string;
  readonly #runtime: Runtime;
  #port = 0;
  #server: ServerProcess | undefined;
  /** What the servers printed for people. */
  readonly log: string;

  constructor(runtime: Runtime) {
    this.folder = mkdtempSync(join(runtime.campaign, "evening-"));
    this.log = join(this.folder, "told");
    this.#runtime = runtime;
  }

  async start(...flags: string[]): Promise<ServerProcess> {
    const command = [...cliCommand({ ...this.#runtime, campaign: this.folder }, this.#port), ...flags];
    const told = ["sh", "-c", 'exec "$@" 2>>"$0"', this.log, ...command];
    const server = await ServerProcess.start(told, this.#runtime.cwd, ENV);
    this.#server = server;
    this.#port = Number(new URL(server.line.url).port);
    return server;
  }

  /** Nothing is said, nothing is written any more. */
  async kill(): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
  }

  get told(): string[] {
    return readFileSync(this.log, "utf8").split("\n").filter(Boolean);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Kills a server with SIGKILL while it speaks, and starts it again. */
export function testRestart(runtime: () => Runtime): void {
  test("who was killed in mid-line comes back with the same links, and everybody gets what they missed, once and in order", async () => {
    await using evening = new Evening(runtime());
    const before = await evening.start();
    expect(before.line.players.map(({ id }) => id)).toEqual(["thorin", "elara", "pip"]);

    // A page that is there all the time, and comes back by itself.
    const page = new PartyClient({ url: before.socketUrl("thorin") });
    const told: Line[] = [];
    const texts = new Map<string, string>();
    const brokenOff: string[] = [];
    page.on("told", (line) => told.push(line));
    page.on("text", ({ id, content }) => texts.set(id, content));
    page.on("end", ({ utterance, brokenOff: broke }) => broke && brokenOff.push(utterance));
    page.connect();
    await until(() => page.state.name === "open");
    // One that sleeps meanwhile.
    const elara = new V2SocketClient(before.socketUrl("elara"));
    await elara.greet({ codecs: ["opus"] });
    await before.speak({ text: "Heard by all." });
    const said = (client: V2SocketClient): string[] =>
      client.of("speech.text").flatMap(({ text, atMs }) => (atMs === undefined ? [text] : []));
    await until(() => said(elara).includes("Heard by all."));
    const { resume } = elara;
    elara.cut();
    const async = { Prefer: "respond-async" };
    await before.speak({ text: "Missed by Elara. Both of it." }, async);
    await before.speak({ text: "Only for Thorin.", to: ["thorin"] }, async);
    await before.speak({ text: "Only for Elara.", to: ["elara"] }, async);
    const stale = await (await before.call("/players/pip/refresh", { method: "POST" })).json();
    const dictation = before.dictate("to=all");
    dictation.response.catch(() => undefined);
    await dictation.write("It was a dark night. The wolves were ");
    await until(() => [...texts.values()].includes("It was a dark night."));
    const [id] = [...texts].find(([, text]) => text === "It was a dark night.") ?? [];
    // In the page before it is on the disk: what a process has written stays when it is killed.
    await until(() => readFileSync(join(evening.folder, "journal.jsonl"), "utf8").includes("dark night"));
    await evening.kill();
    const toldBefore = told.length;

    const after = await evening.start("--players", "gimli");
    expect(after.line.players.map(({ id: player }) => player)).toEqual(["thorin", "elara", "pip", "gimli"]);
    // Without a tap, and without a word from anybody.
    await until(() => page.state.name === "open" && told.some((line) => line.id === id));
    const own = [...texts.values()];
    expect(own).toEqual(
      expect.arrayContaining(["Heard by all.", "Only for Thorin.", "It was a dark night."]),
    );
    expect(own).not.toContain("Only for Elara.");
    expect(told.filter((line) => line.id === id)).toHaveLength(1);
    expect(new Set(told.map((line) => line.id)).size).toBe(told.length);
    expect(told.length).toBeGreaterThanOrEqual(toldBefore);
    expect(brokenOff).toContain(id ?? "");

    const back = new V2SocketClient(`${after.line.url}/ws?token=${before.token("elara")}`);
    await back.greet({ codecs: ["opus"], resume });
    await until(() => back.isOver(id));
    expect(said(back)).toEqual([
      "Missed by Elara.",
      "Both of it.",
      "Only for Elara.",
      "It was a dark night.",
    ]);
    const offsets = back.messages.flatMap((message) => ("offset" in message ? [message.offset] : []));
    expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
    expect(back.of("speech.begin").map((begin) => begin.private)).toEqual([false, true, false]);
    // Again, as after any other connection: nothing is told twice.
    const again = new V2SocketClient(`${after.line.url}/ws?token=${before.token("elara")}`);
    await again.greet({ codecs: ["opus"], resume: { ...back.resume, utterances: [] } });
    // A page that was loaded anew knows nothing, and is told nothing old; nor is who knows only dm20.
    const anew = new V2SocketClient(`${after.line.url}/ws?token=${before.token("elara")}`);
    await anew.greet({ codecs: ["opus"] });
    const old = await after.join("pip");
    expect((await after.get(`/play?token=${stale.token}`)).status).toBe(200);
    expect((await after.get(`/play?token=${before.token("pip")}`)).status).toBe(401);

    const status = await (await after.call("/status")).json();
    const recent: RecentUtterance[] = status.recent;
    expect(status.store).toEqual({ writable: true });
    expect(recent.map(({ text, state }) => [text, state === "broken-off"])).toContainEqual([
      "It was a dark night.",
      true,
    ]);
    const broke = recent.find(({ utterance }) => utterance === id);
    expect(broke?.report).toMatchObject({ delivered: false, problems: [{ code: "broken-off" }] });
    // "Say again".
    const line = recent.find(({ text }) => text === "Only for Elara.");
    await (await after.speak({ text: line?.text, to: line?.to, speaker: line?.speaker })).json();
    await until(() => said(again).length > 0 && said(anew).length > 0);
    expect([said(again), said(anew), old.of("private"), old.of("narrative")]).toEqual([
      ["Only for Elara."],
      ["Only for Elara."],
      [],
      [],
    ]);
    for (const client of [back, again, anew, old]) client.socket.close();
    page.close();
    expect(evening.told.filter((message) => message.includes(evening.folder))).toEqual([]);
    const mode = (name: string): number => statSync(join(evening.folder, name)).mode & 0o777;
    expect(["journal.jsonl", "state.json", "bardcast.lock"].map(mode)).toEqual([0o600, 0o600, 0o600]);
  });

  test("of two servers in one folder one keeps what is said, and the other says so once and plays", async () => {
    await using evening = new Evening(runtime());
    const first = await evening.start();
    await using second = await ServerProcess.start(
      [
        "sh",
        "-c",
        'exec "$@" 2>>"$0"',
        evening.log,
        ...cliCommand({ ...runtime(), campaign: evening.folder }),
      ],
      runtime().cwd,
      ENV,
    );
    const stores: boolean[] = [];
    for (const [server, text] of [
      [first, "From the first."],
      [second, "From the second."],
    ] as const) {
      const thorin = await server.join("thorin");
      for (let line = 0; line < 3; line++) {
        expect(await (await server.speak({ text })).json()).toMatchObject({ delivered: true });
      }
      thorin.socket.close();
      await server.quiet();
    }
    for (const server of [first, second]) {
      stores.push((await (await server.call("/status")).json()).store.writable);
    }
    expect(stores.filter(Boolean)).toHaveLength(1);
    expect(evening.told).toEqual([expect.stringMatching(/(in|keeps? .* in) .*another Bardcast has it/)]);
    expect(evening.told[0]).toContain(evening.folder);
    const kept = readFileSync(join(evening.folder, "journal.jsonl"), "utf8");
    expect(kept.includes("From the first.")).toBe(stores[0] ?? false);
    expect(kept.includes("From the second.")).toBe(stores[1] ?? false);
  });
}
