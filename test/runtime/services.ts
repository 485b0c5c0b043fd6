import { expect, test } from "bun:test";
import { floatToInt16 } from "../../src/core/dsp/pcm.ts";
import { encodeClip } from "../../src/engines/render/clip-collector.ts";
import type { StandInName } from "../support/services/stand-ins.ts";
import { startStandIns } from "../support/services/stand-ins.ts";
import { babble, noise } from "../support/sound.ts";
import { until } from "../support/table.ts";
import { expectSpeech } from "./lines.ts";
import { type Runtime, startTable } from "./runtime.ts";

/** Sockets, HTTP bodies and decoders are each runtime's own. */
export function testServices(runtime: () => Runtime): void {
  test("a table speaks through every network service", async () => {
    await using services = await startStandIns();
    const names = services.engines.map(({ engine }) => engine);
    await using server = await startTable(runtime(), { options: { engines: services.engines } });
    const { engines } = await (await server.call("/status")).json();
    expect(engines.filter(({ available }: { available: boolean }) => !available)).toEqual([]);
    const thorin = await server.join("thorin");
    for (const [index, engine] of names.entries()) {
      const response = await server.speak({ text: "The dragon roars!", voice: { engine } });
      expect(await response.json()).toMatchObject({ delivered: true, engines: [engine] });
      await until(() => thorin.clips.length === index + 1);
    }
    for (const clip of thorin.clips) expectSpeech(clip);
    expect(Object.values(services.asked)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test("noise from a service is said by the next engine, and Ogg Opus that was not asked for is heard", async () => {
    const speech = babble(2, 0.3);
    const kinds = [
      new Uint8Array(floatToInt16(noise(48_000, 1)).buffer),
      (await encodeClip(speech, "opus", 24_000)).bytes,
    ];
    for (const [index, sound] of kinds.entries()) {
      await using services = await startStandIns(2000, () => sound);
      const options = { engines: [...services.engines, "espeak"], cache: false };
      await using server = await startTable(runtime(), { options });
      const thorin = await server.join("thorin");
      for (const name of Object.keys(services.moods).filter((name) => name !== "edge")) {
        const report = await (
          await server.speak({ text: "The dragon roars!", voice: { engine: name } })
        ).json();
        const [spoke] =
          index === 0 ? ["edge", "espeak"].filter((engine) => report.engines.includes(engine)) : [name];
        expect(report).toMatchObject({ delivered: true, engines: [spoke] });
      }
      await until(() => thorin.clips.length === 5);
      for (const clip of thorin.clips) expectSpeech(clip);
    }
  });

  test("a cancelled line ends what a service is at", async () => {
    await using services = await startStandIns();
    // Nothing else ends it.
    const options = { engines: services.engines, pool: { hangMs: 600_000 } };
    await using server = await startTable(runtime(), { options });
    const thorin = await server.join("thorin");
    await until(() => services.open() === 0);
    for (const name of Object.keys(services.moods) as StandInName[]) {
      services.moods[name] = "hang";
      const line = { text: "The dragon roars!", voice: { engine: name } };
      const { utterance } = await (await server.speak(line, { Prefer: "respond-async" })).json();
      await until(() => services.asked[name] === 1 && services.open() === 1);
      expect((await server.call(`/speak/${utterance}`, { method: "DELETE" })).status).toBe(200);
      await until(() => services.open() === 0);
    }
    expect(thorin.clips).toEqual([]);
  });
}
