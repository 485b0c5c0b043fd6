import { expect, test } from "bun:test";
import { until } from "../support/table.ts";
import { expectSpeech } from "./lines.ts";
import { type Runtime, startTable } from "./runtime.ts";

/** Some places have no workers, Deno Deploy for one. */
export function testWithoutWorkers(runtime: () => Runtime): void {
  test("where no worker can be made, the server's own thread speaks", async () => {
    await using server = await startTable(runtime(), { withoutWorkers: true });
    const thorin = await server.join("thorin");
    const response = await server.speak({ text: "All alone. Still speaking." });
    expect(await response.json()).toMatchObject({ delivered: true, engines: ["espeak"], sentences: 2 });
    await until(() => thorin.clips.length === 2);
    for (const clip of thorin.clips) expectSpeech(clip);
    const story = await server.speak({ text: "A story.", context: "narration" });
    expect(await story.json()).toMatchObject({ delivered: true, engines: ["flite"] });
    const { speech } = await (await server.call("/status")).json();
    expect(speech).toMatchObject({ kind: "inline", workers: 0 });
  });
}
