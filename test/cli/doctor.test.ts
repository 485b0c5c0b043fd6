import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import { networkFindings } from "../../src/cli/doctor/network-checks.ts";
import { folderFindings, runtimeFinding } from "../../src/cli/doctor/system-checks.ts";
import { lanAddresses } from "../../src/server/network/addresses.ts";
import { type Ran, ROOT, run } from "../support/run.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-doctor-"));
afterAll(() => rmSync(home, { recursive: true }));

const MAIN = [process.execPath, `${ROOT}/src/cli/main.ts`];
const env = { BARDCAST_VOICES_DIR: join(home, "none"), OPENAI_API_KEY: "", OPENAI_BASE_URL: "" };
const doctor = (...args: string[]): Promise<Ran> => run([...MAIN, "doctor", ...args], { env });

test("where a table would speak, every engine has spoken, and nothing was made in the campaign's folder", async () => {
  const campaign = join(home, "new");
  const { exitCode, output } = await doctor("--campaign", campaign, "--port", "0");
  expect(output).toMatch(/engine espeak: speaks: \d\.\d s of sound, \d{4,5} bytes of Opus, in \d+ ms\n/);
  expect(output).toContain("engine flite: speaks: ");
  expect(output).toContain("ok      workers: ");
  expect(output).toEndWith("\n\nThe table would speak.\n");
  expect(exitCode).toBe(0);
  expect(existsSync(campaign)).toBe(false);
}, 60_000);

test("a port that is taken keeps a table from starting, and another one is named; a table's own does not", async () => {
  const other = createServer().listen(0);
  const { port } = other.address() as AddressInfo;
  const place = { host: "0.0.0.0", port, publicUrl: undefined };
  const [taken] = await networkFindings(place, undefined);
  const own = { url: `http://127.0.0.1:${port}`, pid: process.pid };
  const [running] = await networkFindings(place, own);
  other.close();
  const says = `${port} is taken by another program`;
  const mend = `npm start -- --port ${port + 1}`;
  expect(taken).toEqual({ check: "port", state: "problem", says, mend });
  expect(running).toEqual({ check: "port", state: "ok", says: `${port} is the running table's` });
  expect((await networkFindings(place, undefined))[0]?.state).toBe("ok");
});

test("an engine that was asked for and lacks its key is a problem, with what it lacks", async () => {
  const { exitCode, stdout } = await doctor(
    "--json",
    "--engine",
    "openai",
    "--port",
    "0",
    "--campaign",
    home,
  );
  expect(exitCode).toBe(1);
  const { speaks, findings }: { speaks: boolean; findings: Finding[] } = JSON.parse(stdout);
  expect(speaks).toBe(false);
  expect(findings.filter(({ state }) => state === "problem")).toEqual([
    {
      check: "engines",
      state: "problem",
      says: "openai needs a key or a server of your own: set OPENAI_API_KEY or OPENAI_BASE_URL",
    },
  ]);
});

test("a folder that can be none and a registry with mistakes do not keep a table from speaking, and are told", async () => {
  const letter = join(home, "letter");
  writeFileSync(letter, "Dear dragon");
  const [file] = await folderFindings(letter);
  expect(file?.state).toBe("note");
  expect(file?.says).toStartWith(`nothing can be kept in ${letter} (${letter} is no folder)`);
  const campaign = join(home, "mistakes");
  mkdirSync(campaign);
  writeFileSync(
    join(campaign, "voice_registry.yaml"),
    "npc_overrides:\n  mara: { voice_id: en-us, speed: often }\n",
  );
  const [, registry] = await folderFindings(campaign);
  expect([registry?.check, registry?.state]).toEqual(["registry", "note"]);
  expect(registry?.says).toContain("mara");
  expect(readdirSync(campaign)).toEqual(["voice_registry.yaml"]);
});

test("a Node.js that is too old is a problem, the oldest that is supported is not", () => {
  expect(runtimeFinding({ node: "20.15.1" })).toMatchObject({
    state: "problem",
    mend: expect.stringContaining("20.16"),
  });
  expect(runtimeFinding({ node: "20.16.0" })).toMatchObject({ state: "ok" });
  expect(runtimeFinding({ node: "18.20.0" })).toMatchObject({ state: "problem" });
});

test("of how phones reach it, what can be known is told", async () => {
  const of = async (host: string, publicUrl?: string): Promise<Finding[]> =>
    (await networkFindings({ host, port: 0, publicUrl }, undefined)).slice(1);
  expect(await of("127.0.0.1", "https://party.example/table")).toEqual([
    { check: "addresses", state: "ok", says: "players come to https://party.example/table" },
    { check: "secure context", state: "ok", says: "https: phones can do all they are able to" },
  ]);
  const [alone, context] = await of("127.0.0.1");
  expect([alone?.state, alone?.says]).toEqual(["note", "only this machine can join"]);
  expect(context?.says).toStartWith("plain http: ");
  const checks = (await of("0.0.0.0")).map(({ check }) => check);
  expect(checks).toEqual(
    lanAddresses()?.length ? ["addresses", "firewall", "secure context"] : ["addresses", "secure context"],
  );
});
