import { expect, test } from "bun:test";
import { until } from "../support/table.ts";
import { DeafClient } from "./deaf-client.ts";
import type { ServerProcess } from "./server-process.ts";

const MB = 1_000_000;
const TEXT = 1;
const CONTINUATION = 0;

/** What of a message is taken into memory. */
export function testSize(server: () => ServerProcess): void {
  test("a message in fragments that never ends is not taken into memory", async () => {
    const before = server().memoryBytes;
    expect(await closeCodeOf(server().socketUrl("thorin"), fragments(200 * MB))).toBe(1009);
    expect(server().memoryBytes - before).toBeLessThan(60 * MB);
  });

  test("a message that announces 60 MB is refused before it comes", async () => {
    const head = frame(TEXT, true, "only this much comes", 60 * MB);
    expect(await closeCodeOf(server().socketUrl("thorin"), [head])).toBe(1009);
    expect((await server().get("/healthz")).status).toBe(200);
  });
}

function* fragments(bytes: number): Generator<Buffer> {
  const piece = "x".repeat(MB / 20);
  for (let sent = 0; sent < bytes; sent += piece.length)
    yield frame(sent === 0 ? TEXT : CONTINUATION, false, piece);
}

/** A frame as a client sends it (RFC 6455 §5.2), masked with zeros. @param announced bytes it says it has */
function frame(opcode: number, isLast: boolean, payload: string, announced: number = payload.length): Buffer {
  const head = Buffer.alloc(14);
  head.writeUInt8((isLast ? 0x80 : 0) | opcode, 0);
  head.writeUInt8(0x80 | 127, 1);
  head.writeBigUInt64BE(BigInt(announced), 2);
  return Buffer.concat([head, Buffer.from(payload)]);
}

/** The code that a client is closed with who sends these and reads all the while. */
async function closeCodeOf(url: string, frames: Iterable<Buffer>): Promise<number | undefined> {
  const client = await DeafClient.connect(url);
  client.listen();
  for (const bytes of frames) {
    if (client.closeCode !== undefined) break;
    await client.write(bytes);
  }
  await until(() => client.closeCode !== undefined);
  client.leave();
  return client.closeCode;
}
