import { expect, test } from "bun:test";
import { unpackOpus } from "../../src/core/protocol/frame.ts";
import { until } from "../support/table.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";
import type { ServerProcess } from "./server-process.ts";

const CUT = "The gate falls! Dust fills the great hall of the dwarves.";
const TEXT = "The dragon roars! Smoke fills the great hall of the dwarves.";

/** The v2 wire: binary frames of one line to several listeners, one of whom is cut off. */
export function testSecondWire(server: () => ServerProcess): void {
  test("both wires and both codecs hear one line", async () => {
    await server().quiet();
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
    // A line before it may still be heard.
    const spoken = server().speak({ text: CUT.repeat(2) });
    const own = (): string | undefined =>
      cut.of("speech.text").find(({ text }) => CUT.startsWith(text))?.utterance;
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

  test("a page that is loaded anew in the middle of a line that was sent whole hears the rest, on both wires", async () => {
    await server().quiet();
    const before = await join(server(), "thorin", { codecs: ["opus"] });
    const old = await server().join("pip");
    const report = await (await server().speak({ text: STORY })).json();
    await until(() => before.isOver(report.utterance));
    const { length } = old.clips;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    for (const { socket } of [before, old]) socket.close();
    const after = await join(server(), "thorin", { codecs: ["opus"] });
    const oldAfter = await server().join("pip");
    await until(() => after.isOver(report.utterance) && oldAfter.clips.length > 0);
    const [first] = after.framesOf(report.utterance);
    expect(first).toMatchObject({ discontinuity: true });
    expect(after.framesOf(report.utterance)).toEqual(
      before.framesOf(report.utterance).filter(({ sequence }) => sequence >= (first?.sequence ?? 0)),
    );
    expect(first?.sequence).toBeGreaterThan(0);
    const texts = after
      .of("speech.text")
      .filter(({ utterance, words }) => utterance === report.utterance && !words);
    expect(texts.map(({ text }) => text).join(" ")).toBe(STORY);
    expect(oldAfter.of("narrative").map(({ content }) => content)).toContain(STORY);
    expect(oldAfter.clips.length).toBeLessThan(length);
    for (const { socket } of [after, oldAfter]) socket.close();
  });
}

const STORY = Array.from({ length: 6 }, (_, n) => `And this is sentence ${n} of a tale that is told.`).join(
  " ",
);

async function join(server: ServerProcess, player: string, hello: object): Promise<V2SocketClient> {
  const client = new V2SocketClient(server.socketUrl(player));
  await client.greet(hello);
  return client;
}
