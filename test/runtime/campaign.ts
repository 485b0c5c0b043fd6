import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../support/run.ts";
import { cliCommand, type Runtime } from "./runtime.ts";
import { ServerProcess } from "./server-process.ts";

/** Where nothing can be kept, that is told, and the table plays. */
export function testCampaign(runtime: () => Runtime): void {
  test("a folder that can be none is told once, with its path, and the default voices speak", async () => {
    const folder = join(runtime().campaign, "letter");
    writeFileSync(folder, "Dear dragon");
    const command = cliCommand({ ...runtime(), campaign: folder });
    const log = join(runtime().campaign, "told");
    const redirected = ["sh", "-c", 'exec "$@" 2>"$0"', log, ...command];
    await using server = await ServerProcess.start(redirected, runtime().cwd);
    const thorin = await server.join("thorin");
    expect(await (await server.speak({ text: "The dragon roars!" })).json()).toMatchObject({
      delivered: true,
    });
    thorin.socket.close();
    const { stdout } = await run(["cat", log]);
    expect(stdout.match(/^nothing can be kept in .*$/gm)).toEqual([
      expect.stringContaining(`in ${folder} (ENOTDIR`),
    ]);
  });
}
