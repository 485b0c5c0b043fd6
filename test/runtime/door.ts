import { expect, test } from "bun:test";
import { connect } from "node:net";
import { Dm20Client } from "../support/server.ts";
import { until } from "../support/table.ts";
import type { ServerProcess } from "./server-process.ts";

/** What must stand in a request that opens a socket. */
export const HANDSHAKE: Readonly<Record<string, string>> = {
  Upgrade: "websocket",
  Connection: "Upgrade",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version": "13",
};

/** Who is let in, and what becomes of those who misbehave. */
export function testDoor(server: () => ServerProcess): void {
  test("the API wants the DM's token", async () => {
    const status = async (authorization?: string) => {
      const headers = authorization === undefined ? {} : { Authorization: authorization };
      return (await server().get("/api/voices", { headers })).status;
    };
    expect(await status()).toBe(401);
    expect(await status("Bearer forged")).toBe(401);
    expect(await status(`Bearer ${server().token("thorin")}`)).toBe(403);
    const voices = await (await server().call("/voices")).json();
    expect(voices).toMatchObject({ speakers: expect.arrayContaining(["dm", "combat"]) });
    expect(voices.races).toContain("dwarf");
  });

  test("bad input is refused with a code", async () => {
    const refused = async (body: unknown) => {
      const response = await server().speak(body);
      return [response.status, (await response.json()).error.code];
    };
    expect(await refused({ text: "Hi", to: ["nobody"] })).toEqual([400, "unknown-player"]);
    expect(await refused({ text: " " })).toEqual([400, "text-empty"]);
    expect(await refused({ text: 7 })).toEqual([400, "bad-request"]);
    expect(await refused({ text: "x".repeat(300_000) })).toEqual([413, "payload-too-large"]);
  });

  test("after a body that is too large nothing more is taken on its connection, and its client is told", async () => {
    const { port, pathname } = new URL(`${server().line.url}/api/speak`);
    const socket = connect({ port: Number(port), host: "127.0.0.1" });
    const answer = new Promise<string>((resolve) => {
      let text = "";
      socket.on("data", (data) => {
        text += data;
        if (text.includes("payload-too-large")) resolve(text);
      });
    });
    const body = "x".repeat(300_000);
    const head = `Authorization: Bearer ${server().line.dm.token}\r\nContent-Type: application/json`;
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: t\r\n${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(await answer).toMatch(/^HTTP\/1.1 413 [\s\S]*\r\nconnection: close\r\n/i);
    socket.destroy();
  });

  test("a socket without a good token is refused before the upgrade", async () => {
    for (const query of ["", "?token=", "?token=forged"]) {
      expect(await upgradeStatus(`${server().line.url}/ws${query}`)).toBe(401);
      const client = new Dm20Client(`${server().line.url}/ws${query}`);
      await until(() => client.closed !== undefined);
      expect(client.messages).toEqual([]);
    }
  });

  test("what is no opening handshake is refused by what is wrong with it", async () => {
    const wrong: [Record<string, string>, number][] = [
      [{ "Sec-WebSocket-Key": "short" }, 400],
      [{ "Sec-WebSocket-Key": "" }, 400],
      [{ "Sec-WebSocket-Version": "12" }, 426],
      [{ "Sec-WebSocket-Version": "" }, 426],
      [{ "Sec-WebSocket-Protocol": "bardcast v2" }, 400],
      [{ "Sec-WebSocket-Protocol": "bardcast.v2, " }, 400],
    ];
    for (const [headers, status] of wrong) {
      const answer = await rawAnswer(server().socketUrl("thorin"), { ...HANDSHAKE, ...headers });
      expect([headers, answer.slice(0, 12)]).toEqual([headers, `HTTP/1.1 ${status}`]);
    }
    const plain = await fetch(server().socketUrl("thorin"));
    expect([plain.status, plain.headers.get("Upgrade")]).toEqual([426, "websocket"]);
    expect(await plain.json()).toMatchObject({ error: { code: "upgrade-required" } });
  });

  test("nonsense gets an error each, a few of them end the socket", async () => {
    const thorin = await server().join("thorin");
    thorin.socket.send("not json");
    thorin.socket.send(new Uint8Array([1, 2, 3]));
    await thorin.until("error", 2);
    expect(thorin.of("error")[0]).toMatchObject({ code: "bad-request" });
    for (let i = 0; i < 3; i++) thorin.socket.send(JSON.stringify({ type: "nonsense" }));
    await until(() => thorin.closed !== undefined);
    expect(thorin.closed?.code).toBe(1008);
  });

  test("a message larger than 64 KiB ends the socket, one of 60 KiB does not", async () => {
    const thorin = await server().join("thorin");
    const pong = (bytes: number) => JSON.stringify({ type: "pong", padding: "x".repeat(bytes) });
    thorin.socket.send(pong(60 * 1024));
    await server().speak({ text: "Go on.", to: ["thorin"] });
    await thorin.until("private", 1);
    expect(thorin.of("error")).toEqual([]);
    thorin.socket.send(pong(65 * 1024));
    await until(() => thorin.closed !== undefined);
    expect(thorin.closed?.code).toBe(1009);
    expect((await server().get("/healthz")).status).toBe(200);
  });
}

/** The head of the answer to a request with exactly these headers. */
function rawAnswer(url: string, headers: Record<string, string>): Promise<string> {
  const { port, pathname, search } = new URL(url);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const socket = connect({ port: Number(port), host: "127.0.0.1" });
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: table\r\n${lines.join("\r\n")}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("data", (data) => {
      socket.destroy();
      resolve(String(data));
    });
  });
}

/** The status a request to upgrade is answered with. */
export async function upgradeStatus(url: string): Promise<number> {
  const { status } = await fetch(url, {
    headers: HANDSHAKE,
  });
  return status;
}
