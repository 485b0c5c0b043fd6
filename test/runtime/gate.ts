import { expect, test } from "bun:test";
import { V2_SUBPROTOCOL } from "../../src/core/protocol/v2.ts";
import { until } from "../support/table.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";
import { clientFrame, DeafClient } from "./deaf-client.ts";
import { type Runtime, startTable } from "./runtime.ts";
import type { ServerProcess } from "./server-process.ts";

const HELLO = { type: "hello", codecs: ["pcm16"] };

/** Clients that come at the wrong moment, stay too long, or say too much. */
export function testGate(runtime: () => Runtime): void {
  test("who opened a socket by a link that is replaced before the hello is nobody's ear, also where they stay and say it late", async () => {
    await using server = await startTable(runtime());
    const silent = await DeafClient.connect(server.socketUrl("thorin"), V2_SUBPROTOCOL);
    silent.listen();
    await untilSo(async () => (await playerOf(server, "thorin")).waiting === 1);
    await server.call("/players/thorin/refresh", { method: "POST" });
    await until(() => silent.closeCode !== undefined);
    expect(silent.closeCode).toBe(1008);
    silent.say(HELLO);
    const report = await (await server.speak({ text: "The key is under the mat.", to: ["thorin"] })).json();
    expect(report).toMatchObject({ delivered: false, listeners: 0 });
    expect(await playerOf(server, "thorin")).toEqual({ id: "thorin", connections: 0, state: "away" });
    expect(silent.messages).toEqual([]);
    silent.leave();
  });

  test("who has said goodbye and does not hang up got nothing of what is said then", async () => {
    await using server = await startTable(runtime());
    const gone = await DeafClient.connect(server.socketUrl("thorin"), V2_SUBPROTOCOL);
    gone.listen();
    gone.say(HELLO);
    await until(() => gone.of("welcome").length === 1);
    gone.sayGoodbye(1000);
    await until(() => gone.closeCode !== undefined);
    const answer = await server.speak({ text: "Are you still there?", to: ["thorin"] });
    expect((await answer.json()).delivered).toBe(false);
    expect(gone.of("speech.begin")).toEqual([]);
    gone.leave();
  });

  test("one player's flood is told so, ended, and does not hold up the others", async () => {
    await using server = await startTable(runtime());
    const elara = await server.join("elara");
    const flooders = Array.from({ length: 8 }, () => new V2SocketClient(server.socketUrl("thorin")));
    for (const flooder of flooders) await flooder.greet({ codecs: ["pcm16"] });
    let sent = 0;
    const flooding = setInterval(() => {
      for (const { socket } of flooders) {
        if (socket.readyState !== WebSocket.OPEN) continue;
        for (const t0 of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) socket.send(JSON.stringify({ type: "clock", t0 }));
        sent += 10;
      }
    }, 1);
    for (const text of ["Make way!", "And again!"]) {
      await server.speak({ text, to: ["elara"] }, { Prefer: "respond-async" });
      await until(() => elara.of("private").some(({ content }) => content === text));
    }
    await until(() => flooders.every(({ closed }) => closed !== undefined));
    clearInterval(flooding);
    for (const flooder of flooders) {
      expect(flooder.closed).toBe(1008);
      expect(flooder.of("error")[0]).toMatchObject({ code: "too-many-messages", fatal: false });
    }
    expect(sent).toBeGreaterThan(1_000);
    expect(flooders.reduce((sum, client) => sum + client.of("clock").length, 0)).toBeLessThan(sent);
    expect(elara.closed).toBeUndefined();
    expect(await (await server.get("/metrics")).text()).toMatch(
      /^bardcast_player_budget_refusals_total [1-9]/m,
    );
  });

  test.each([
    ["messages", 1, '{"type":"clock","t0":1}'],
    ["pings", 9, ""],
    ["pongs", 10, ""],
  ] as const)(
    "who floods with %s and does not mind being told to leave is cut off",
    async (_, opcode, payload) => {
      await using server = await startTable(runtime());
      const elara = await server.join("elara");
      const flooder = await DeafClient.connect(server.socketUrl("thorin"), V2_SUBPROTOCOL);
      flooder.listen();
      flooder.say(HELLO);
      await until(() => flooder.of("welcome").length === 1);
      const frames = Buffer.concat(Array(500).fill(clientFrame(opcode, Buffer.from(payload))));
      while (!flooder.isCutOff) await flooder.write(frames);
      // Where pings are answered faster than the answers leave, nothing is said any more.
      if (opcode !== 9) {
        expect(flooder.closeCode).toBe(1008);
        expect(flooder.of("error")[0]).toMatchObject({ code: "too-many-messages" });
      }
      expect(flooder.of("clock").length).toBeLessThan(2_000);
      await server.speak({ text: "Now, where were we?", to: ["elara"] });
      expect(elara.closed).toBeUndefined();
    },
  );

  test("a ninth device is sent away with a code of its own, and comes in when another has left", async () => {
    await using server = await startTable(runtime());
    const devices = [];
    for (let i = 0; i < 8; i++) devices.push(await server.join("pip"));
    const ninth = new V2SocketClient(server.socketUrl("pip"));
    await until(() => ninth.socket.readyState === WebSocket.OPEN);
    ninth.say(HELLO);
    await until(() => ninth.closed !== undefined);
    expect(ninth.closed).toBe(4409);
    expect(devices.map(({ closed }) => closed)).toEqual(devices.map(() => undefined));
    devices[0]?.socket.close();
    await untilSo(async () => (await playerOf(server, "pip")).connections === 7);
    await new V2SocketClient(server.socketUrl("pip")).greet({ codecs: ["pcm16"] });
  });
}

interface PlayerStatus {
  id: string;
  connections: number;
  state: string;
  waiting?: number;
}

async function playerOf(server: ServerProcess, player: string): Promise<PlayerStatus> {
  const { players } = (await (await server.call("/status")).json()) as { players: PlayerStatus[] };
  const found = players.find(({ id }) => id === player);
  if (!found) throw new Error(`${player} has no seat`);
  return found;
}

async function untilSo(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition()));
}
