import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "../support/run.ts";
import { writeVitsVoice } from "../support/stand-in-voices.ts";
import { until } from "../support/table.ts";
import { expectSpeech } from "./lines.ts";
import { cliCommand, type Runtime, startTable } from "./runtime.ts";
import { ServerProcess } from "./server-process.ts";

const STORY = { text: "hello there", context: "narration" };

/** An installed voice speaks in a process of its own, whatever becomes of that. */
export function testVoices(runtime: () => Runtime): void {
  const dir = mkdtempSync(join(tmpdir(), "bardcast-voices-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test("where no process can be started, an installed voice speaks in a worker", async () => {
    await writeVitsVoice(join(dir, "tiny"));
    const sherpa = { engine: "sherpa", options: { voicesDir: dir } };
    const options = { engines: [sherpa, "espeak"] };
    await using server = await startTable(allowedAll(runtime()), { options, withoutProcesses: true });
    const elara = await server.join("elara");
    const { engines } = await (await server.speak(STORY)).json();
    expect([engines, server.children]).toEqual([["sherpa"], []]);
    await elara.untilClips(1);
    for (const clip of elara.clips) expectSpeech(clip);
    elara.socket.close();
  });

  test("an installed voice tells stories, and its process can be killed in the middle of the night", async () => {
    await writeVitsVoice(join(dir, "tiny"));
    const env = { BARDCAST_VOICES_DIR: dir };
    await using server = await ServerProcess.start(cliCommand(allowedAll(runtime())), runtime().cwd, env);
    const thorin = await server.join("thorin");
    const engines = async (body: object): Promise<unknown> =>
      (await (await server.speak(body)).json()).engines;
    expect(await engines(STORY)).toEqual(["sherpa"]);
    expect(await engines({ text: "Initiative!", context: "combat" })).toEqual(["espeak"]);
    const [child] = server.children;
    if (child === undefined) throw new Error("there is no process");
    process.kill(child, "SIGKILL");
    // While it is away, others speak; soon there is another one.
    await until(() => server.children.some((pid) => pid !== child));
    expect((await server.speak(STORY)).status).toBe(200);
    expect(await engines(STORY)).toEqual(["sherpa"]);
    await until(() => thorin.clips.length === 4);
    for (const clip of thorin.clips) expectSpeech(clip);
    thorin.socket.close();
  });
}

/** Deno starts a process and lets native code run only where it is told to. */
function allowedAll(runtime: Runtime): Runtime {
  return runtime.name === "deno"
    ? { ...runtime, run: [tool("deno"), "run", "--no-prompt", "--allow-all"] }
    : runtime;
}
