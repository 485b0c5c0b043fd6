import { expect, test } from "bun:test";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { run } from "../support/run.ts";
import { cliCommand, type Runtime } from "./runtime.ts";
import { ServerProcess } from "./server-process.ts";

/** An address of this machine that is not its own alone. */
const LAN = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

/** Where `--host` lets a server be reached, and that what is said about it is so. */
export function testHost(runtime: () => Runtime): void {
  const command = (...flags: string[]): string[] => [...cliCommand(runtime()), ...flags];

  test("--host 127.0.0.1 keeps it to this machine, 0.0.0.0 does not", async () => {
    const reached = async (host: string, by: string): Promise<boolean> => {
      await using server = await ServerProcess.start(command("--host", host), runtime().cwd);
      expect((await server.get("/healthz")).status).toBe(200);
      const socket = connect({ port: Number(new URL(server.line.url).port), host: by });
      const isReached = await new Promise<boolean>((resolve) => {
        socket.once("connect", () => resolve(true));
        socket.once("error", () => resolve(false));
      });
      socket.destroy();
      return isReached;
    };
    const other = LAN ?? "127.0.0.2";
    expect([await reached("127.0.0.1", other), await reached("0.0.0.0", other)]).toEqual([false, true]);
  });

  test("a host that is not here is told in a sentence", async () => {
    for (const host of ["192.0.2.1", "nowhere.invalid"]) {
      const { exitCode, output } = await run(command("--host", host), { cwd: runtime().cwd });
      expect([host, exitCode]).toEqual([host, 1]);
      expect(output).toMatch(/no such address|is an address of this machine|Deno may not listen on/);
    }
  });

  test("who can join is told as it is", async () => {
    const said = async (host: string): Promise<string> => {
      const flags = command("--host", host).filter((flag) => flag !== "--json");
      const { output } = await run(flags, { cwd: runtime().cwd, stopAt: "Stop with Ctrl+C" });
      return output;
    };
    expect(await said("127.0.0.1")).toContain("Only this machine can join");
    const everywhere = await said("0.0.0.0");
    expect(everywhere).not.toContain("Only this machine can join");
    if (runtime().name === "deno") expect(everywhere).toContain("--allow-sys=networkInterfaces");
    else if (LAN) expect(everywhere).toContain(`http://${LAN}:`);
  });

  test("--public-url is in every link, and what is none is told", async () => {
    const flags = ["--public-url", "https://party.example/table/"];
    await using server = await ServerProcess.start(command(...flags), runtime().cwd);
    const { players } = await (await server.call("/invites")).json();
    const links: string[] = [server.line.dm, ...server.line.players, ...players].map(({ url }) => url);
    expect(new Set(links.map((link) => link.replace(/\?.*/, "")))).toEqual(
      new Set(["https://party.example/table/dm", "https://party.example/table/play"]),
    );
    const { exitCode, output } = await run(command("--public-url", "party.example"), { cwd: runtime().cwd });
    expect([exitCode, output]).toEqual([1, expect.stringContaining("--public-url: the public address is")]);
  });
}
