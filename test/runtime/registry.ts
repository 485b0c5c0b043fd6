import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Dm20Client } from "../support/server.ts";
import { until } from "../support/table.ts";
import { V2SocketClient } from "../support/v2-socket-client.ts";
import { cliCommand, type Runtime } from "./runtime.ts";
import { ServerProcess } from "./server-process.ts";

const REGISTRY = `# ours
dm_voice: { voice_id: en-us+m1, speed: 90%, pitch: -30 }
shared: { gruff: &gruff { voice_id: en-us+m7, speed: 0.8, pitch: -6 } }
npc_defaults:
  non_binary_half_elf: { <<: *gruff, pitch: 3 }
npc_overrides:
  old_mara: { <<: *gruff, speed: 0,5 }
  007: { voice_id: en-us+m3, engine: eSpeak-NG, pitch: 7 }
`;

/** The voices of a campaign, as people write them down and as requests change them. */
export function testRegistry(runtime: () => Runtime): void {
  test("a registry as people write it gives everybody their voice, and a request changes or replaces it", async () => {
    const campaign = join(runtime().campaign, "house-rules");
    mkdirSync(campaign);
    writeFileSync(join(campaign, "voice_registry.yaml"), REGISTRY);
    await using server = await ServerProcess.start(cliCommand({ ...runtime(), campaign }), runtime().cwd);
    const elara = new V2SocketClient(server.socketUrl("elara"));
    await elara.greet({ codecs: ["opus"] });
    const said = async (line: object): Promise<unknown> => {
      const response = await server.speak({ text: "Ho!", ...line });
      expect(await response.json()).toMatchObject({ delivered: true, problems: [] });
      const { speed, pitch, language } = elara.of("speech.begin").at(-1) ?? {};
      return [speed, pitch, language];
    };
    const npc = { name: "Zoe", gender: "Non-Binary", race: "half elf" };
    expect(await said({})).toEqual([0.9, -24, "en-us"]);
    expect(await said({ speaker: "Old Mara" })).toEqual([0.5, -6, "en-us"]);
    expect(await said({ speaker: "007" })).toEqual([1, 7, "en-us"]);
    expect(await said({ npc, voice: { voice_id: "en-us+m2" } })).toEqual([0.8, 3, "en-us"]);
    expect(await said({ speaker: "007", voice: { speed: "80%" } })).toEqual([0.8, 7, "en-us"]);
    expect(await said({ speaker: "007", voice: { voice_id: "it", replace: true } })).toEqual([1, 0, "en-us"]);
    elara.socket.close();
  });

  test("a text of nothing but pauses is silence of that length on both wires, in its turn", async () => {
    await using server = await ServerProcess.start(cliCommand(runtime()), runtime().cwd);
    const elara = new V2SocketClient(server.socketUrl("elara"));
    await elara.greet({ codecs: ["opus"] });
    const thorin = new Dm20Client(server.socketUrl("thorin"));
    await thorin.until("connected", 1);
    const stream = server.dictate("");
    await stream.write("[pause 200ms] [pau");
    await stream.write("se 100ms]");
    await stream.end();
    const answers = [await stream.response, await server.speak({ text: "[pause 300ms]" })];
    for (const response of answers) {
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ delivered: true, listeners: 2, durationMs: 300 });
    }
    await until(() => thorin.clips.length === 2 && elara.of("speech.end").length === 2);
    // Clips of as many chunks are told apart by their durations.
    const durations = thorin.clips.map(({ durationMs }) => durationMs);
    expect(new Set(durations).size).toBe(2);
    for (const durationMs of durations) expect(durationMs).toBeWithin(300, 310);
    for (const { durationMs } of elara.of("speech.end")) expect(durationMs).toBeWithin(299, 321);
    expect([...elara.of("speech.text"), ...thorin.of("narrative")]).toEqual([]);
    elara.socket.close();
    thorin.socket.close();
  });
}
