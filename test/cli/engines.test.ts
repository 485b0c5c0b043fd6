import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enginesOf } from "../../src/cli/options.ts";
import { BUILTIN_ENGINES } from "../../src/engines/catalogue.ts";
import { ServerProcess } from "../runtime/server-process.ts";
import { ROOT, run } from "../support/run.ts";
import { HttpService } from "../support/services/http-service.ts";
import { counting } from "../support/services/speaking.ts";

const home = mkdtempSync(join(tmpdir(), "bardcast-engines-"));
afterAll(() => rmSync(home, { recursive: true }));

const KEY = "sk-very-secret-key";
const COMMAND = [process.execPath, `${ROOT}/src/cli/main.ts`, "--json", "--port", "0", "--host", "127.0.0.1"];
const NOTHING = {
  BARDCAST_VOICES_DIR: join(home, "none"),
  OPENAI_API_KEY: "",
  OPENAI_BASE_URL: "",
  ELEVENLABS_API_KEY: "",
};

function command(...flags: string[]): string[] {
  return [...COMMAND, "--campaign", join(home, "campaign"), ...flags];
}

/** What it says when it does not start, or where help was asked for. */
async function said(flags: string[], env: Record<string, string> = {}): Promise<[number, string]> {
  const { exitCode, output } = await run(command(...flags), { env: { ...NOTHING, ...env } });
  return [exitCode, output];
}

test("engines that are asked for come first, in order, and those out of the box behind them", async () => {
  await using service = await HttpService.start(() => ({ parts: [counting(2400)] }));
  const env = { ...NOTHING, OPENAI_BASE_URL: `${service.url}/v1`, ELEVENLABS_API_KEY: KEY };
  await using server = await ServerProcess.start(command("--engine", "flite, openai"), ROOT, env);
  const { engines } = await (await server.call("/status")).json();
  expect(engines.map(({ name }: { name: string }) => name)).toEqual(["flite", "openai", "espeak"]);
  const line = { text: "The dragon roars!", voice: { engine: "openai" } };
  const thorin = await server.join("thorin");
  expect(await (await server.speak(line)).json()).toMatchObject({ engines: ["openai"] });
  expect(service.asked.flatMap(({ body }) => body.input ?? [])).toEqual(["Hello.", "The dragon roars!"]);
  thorin.socket.close();
}, 20_000);

test("a server that is not there is told at once, and others speak; once it is there it speaks", async () => {
  let isWell = false;
  await using service = await HttpService.start(() =>
    isWell ? { parts: [counting(2400)] } : { status: 401, parts: [`{"error":"Incorrect API key: ${KEY}"}`] },
  );
  const env = { ...NOTHING, OPENAI_BASE_URL: `${service.url}/v1`, OPENAI_API_KEY: KEY };
  const log = join(home, "log");
  const server = Bun.spawn(command("--engine", "openai"), {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", Bun.file(log)],
  });
  try {
    await server.stdout.getReader().read();
    const told =
      'the engine "openai" is out of order, and tried again until it speaks: the service answered 401';
    expect(await Bun.file(log).text()).toBe(`${told}: Incorrect API key: ***\n`);
    isWell = true;
    while (!(await Bun.file(log).text()).includes("speaks again")) await Bun.sleep(20);
  } finally {
    server.kill("SIGKILL");
    await server.exited;
  }
}, 20_000);

test.each([
  ["elevenlabs", "elevenlabs needs a key: set ELEVENLABS_API_KEY"],
  ["openai", "openai needs a key or a server of your own: set OPENAI_API_KEY or OPENAI_BASE_URL"],
  ["wyoming", "wyoming needs a server: set WYOMING_URL, for example to tcp://127.0.0.1:10200"],
  ["sherpa", "no voice is installed: npm start -- voices install kitten-nano-en"],
])("without what %s needs, nothing starts, and one sentence says what that is", async (engine, told) => {
  expect(await said(["--engine", engine])).toEqual([1, `Bardcast could not start: ${told}\n`]);
});

test("an address that is none is told by its variable, without its value", async () => {
  const [exitCode, output] = await said(["--engine", "openai"], { OPENAI_BASE_URL: `localhost/${KEY}` });
  expect(exitCode).toBe(1);
  expect(output).toStartWith("Bardcast could not start: OPENAI_BASE_URL: expected an address");
  expect(output).not.toContain(KEY);
});

test("an engine that does not exist is a mistake, and the answer names those that do", async () => {
  const [exitCode, output] = await said(["--engine", "espeak", "--engine", "opnai"]);
  expect(exitCode).toBe(1);
  expect(output).toStartWith('there is no engine "opnai"; there is: espeak, flite, sherpa, openai, edge,');
});

test("an engine is known by what people call it", () => {
  const asked = ["eSpeak-NG,Edge-TTS", "eleven_labs,edge, OpenAI"];
  expect(enginesOf(asked)).toEqual(["espeak", "edge", "elevenlabs", "openai"]);
});

test("--help names every engine and what it reads from the environment", async () => {
  const [exitCode, output] = await said(["--help"]);
  expect(exitCode).toBe(0);
  const variables = ["OPENAI_BASE_URL", "ELEVENLABS_API_KEY", "WYOMING_URL", "BARDCAST_VOICES_DIR"];
  for (const word of [...variables, ...BUILTIN_ENGINES]) expect(output).toContain(word);
});
