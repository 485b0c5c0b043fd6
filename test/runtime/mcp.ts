import { expect, test } from "bun:test";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { connectMcp, McpConnection } from "../support/mcp-client.ts";
import type { Runtime } from "./runtime.ts";
import type { ServerProcess } from "./server-process.ts";

/** What a language model says by MCP, whatever serves the table, and whatever runs `bardcast mcp`. */
export function testMcp(runtime: () => Runtime, server: () => ServerProcess): void {
  test("a language model narrates over HTTP, with a session and without, and is told how far it is and who heard it", async () => {
    await server().quiet();
    for (const age of ["legacy", "auto"] as const) {
      // Of a client of dm20 it is taken that it hears what it was sent: another one begins anew.
      const pip = await server().join("pip");
      const mcp = await connectMcp(server().line.url, server().line.dm.token, { age });
      let told = 0;
      const onprogress = (): void => void told++;
      const { text } = await mcp.call("narrate", { text: "Run!" }, { onprogress });
      expect(text).toStartWith("Heard by pip: ");
      expect(told).toBeGreaterThan(0);
      // A call that is given up ends its line.
      const giving = new AbortController();
      const clips = pip.clips.length;
      const call = mcp.call(
        "narrate",
        { text: "Far away it thunders. ".repeat(30) },
        { signal: giving.signal },
      );
      while (pip.clips.length === clips) await Bun.sleep(5);
      giving.abort();
      await expect(call).rejects.toThrow();
      for (let isOpen = true; isOpen; )
        isOpen = (await (await server().call("/status")).json()).queue.length > 0;
      await mcp.close();
      pip.socket.close();
    }
  });

  test("and over stdio, as its program starts it", async () => {
    const { run, cli, cwd } = runtime();
    const [command = "", ...args] = [...run, cli, "mcp", "--url", server().line.url];
    const env = { PATH: process.env.PATH ?? "", BARDCAST_DM_TOKEN: server().line.dm.token };
    const client = new Client({ name: "test", version: "1" });
    await client.connect(new StdioClientTransport({ command, args, cwd, env }));
    const mcp = new McpConnection(client);
    const { text } = await mcp.call("whisper", { to: ["elara"], text: "Psst." });
    expect(text).toMatch(/^Not here: elara\.\nNobody was here to hear it\.\nLine \w+\.$/);
    await mcp.close();
  });
}
