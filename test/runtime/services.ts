import { expect, test } from "bun:test";
import { startStandIns } from "../support/services/stand-ins.ts";
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
}
