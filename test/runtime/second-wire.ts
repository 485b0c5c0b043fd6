import { expect, test } from "bun:test";
import { unpackOpus } from "../../src/core/frame.ts";
import { until } from "../support/table.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";
import type { ServerProcess } from "./server-process.ts";

const TEXT = "The dragon roars! Smoke fills the great hall of the dwarves.";

/** The v2 wire: binary frames of one line to several listeners, one of whom is cut off. */
export function testSecondWire(server: () => ServerProcess): void {
  test("both wires and both codecs hear one line", async () => {
    const opus = await join(server(), "thorin", { codecs: ["opus"] });
    const pcm = await join(server(), "elara", { codecs: ["pcm16"] });
    const old = await server().join("pip");
    const report = await (await server().speak({ text: TEXT })).json();
    expect(report).toMatchObject({ delivered: true, listeners: 3, sentences: 2 });
    for (const client of [opus, pcm]) await until(() => client.isOver(report.utterance));
    await until(() => old.clips.length >= 2);
    expect(opus.socket.protocol).toBe("bardcast.v2");
    const where = (client: V2SocketClient): number[][] =>
      client
        .framesOf(report.utterance)
        .map(({ sequence, ptsSamples, packets }) => [sequence, ptsSamples, packets]);
    expect(where(opus)).toEqual(where(pcm));
    for (const frame of opus.frames) expect(unpackOpus(frame)).toHaveLength(frame.packets);
    const samples = pcm.framesOf(report.utterance).reduce((sum, { payload }) => sum + payload.length / 2, 0);
    // A frame is a whole number of packets, one of which may be little more than silence.
    expect(samples / 24 - report.durationMs).toBeGreaterThanOrEqual(-2);
    expect(samples / 24 - report.durationMs).toBeLessThan(60);
    for (const client of [opus, pcm, old]) client.socket.close();
  });

  test("who is cut off goes on where they were", async () => {
    const witness = await join(server(), "elara", { codecs: ["opus"] });
    const cut = await join(server(), "thorin", { codecs: ["opus"] });
    const spoken = server().speak({ text: TEXT.repeat(2) });
    const own = (): string | undefined => cut.of("speech.begin").at(-1)?.utterance;
    await until(() => cut.framesOf(own()).length > 2);
    const { resume } = cut;
    const kept = cut.framesOf(own());
    cut.cut();
    const back = await join(server(), "thorin", { codecs: ["opus"], resume });
    const { utterance } = await (await spoken).json();
    await until(() => back.isOver(utterance) && witness.isOver(utterance));
    expect(back.of("welcome")[0]?.recovered).toBe(true);
    const handle = kept[0]?.handle;
    const rest = back.frames.filter((frame) => frame.handle === handle);
    expect([...kept, ...rest]).toEqual(witness.framesOf(utterance));
    for (const client of [back, witness]) client.socket.close();
  });
}

async function join(server: ServerProcess, player: string, hello: object): Promise<V2SocketClient> {
  const client = new V2SocketClient(server.socketUrl(player));
  await client.greet(hello);
  return client;
}
