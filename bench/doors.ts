import { connectMcp } from "../test/support/mcp-client.ts";
import { Client } from "./first-audio.ts";
import { addedRow, atLeastRow, quantile, type Row } from "./row.ts";
import { Program } from "./support/program.ts";
import { inTurn, roundsOn } from "./support/rounds.ts";
import type { RuntimeName } from "./support/runtime-name.ts";
import { SENTENCE, SHORT } from "./support/texts.ts";

const ROUNDS = 60;
const WARM_ROUNDS = 15;
const MOST_FIRST_BYTE_MS = 8;
const MOST_BY_MCP_MS = 5;

const CLIENTS = 16;
const LEAST_OF_POOL = 0.9;
const WINDOW_MS = 2_000;
const WARM_MS = 6_000;
const WINDOWS = 5;

/** What programs of others wait for, by OpenAI's API and by MCP. */
export async function doors(runtime: RuntimeName): Promise<Row[]> {
  await using engine = await Program.start(runtime, "engine");
  await using server = await Program.start(runtime, "speaking");
  const api = await server.call<string>("api");
  const token = await server.call<string>("dmToken");
  const speech = new Speech(api.replace(/\/api$/, ""), token);
  return [
    await firstByte(runtime, engine, speech),
    await manyClients(runtime, engine, speech),
    await byMcp(runtime, server, api.replace(/\/api$/, ""), token),
  ];
}

async function firstByte(runtime: RuntimeName, engine: Program, speech: Speech): Promise<Row> {
  const sides = { value: () => speech.firstByte(SHORT), control: () => engine.call<number>("firstPiece") };
  const measured = await inTurn(roundsOn(runtime, ROUNDS), sides, WARM_ROUNDS);
  const controlName = "the engine alone, its first piece";
  const name = "speech for other programs, first byte, p50";
  return addedRow(name, { ...measured, unit: "ms", controlName }, MOST_FIRST_BYTE_MS);
}

async function manyClients(runtime: RuntimeName, engine: Program, speech: Speech): Promise<Row> {
  await engine.call("startPool", 1);
  await engine.call("pooled", WARM_MS, 1);
  await speech.rate(WARM_MS);
  const measured = await inTurn(roundsOn(runtime, WINDOWS), {
    value: () => speech.rate(WINDOW_MS),
    control: () => engine.call<number>("pooled", WINDOW_MS, 1),
  });
  const controlName = "a pool of one worker alone";
  const name = `speech for ${CLIENTS} other programs at once`;
  return atLeastRow(name, { ...measured, unit: "sentences/s", controlName }, LEAST_OF_POOL);
}

async function byMcp(runtime: RuntimeName, server: Program, url: string, token: string): Promise<Row> {
  const table = await Client.join(server);
  const mcp = await connectMcp(url, token);
  const times: { mcp: number[]; http: number[] } = { mcp: [], http: [] };
  for (let round = 0; round < WARM_ROUNDS + roundsOn(runtime, ROUNDS); round++) {
    const http = await table.post(SHORT);
    await server.call("rest");
    const narrated = await table.until(() => mcp.call("narrate", { text: SHORT, wait: 0 }));
    await server.call("rest");
    if (round < WARM_ROUNDS) continue;
    times.mcp.push(narrated);
    times.http.push(http);
  }
  table.leave();
  await mcp.close();
  const measured = { value: quantile(times.mcp, 0.5), control: quantile(times.http, 0.5) };
  const controlName = "POST /api/speak to the same";
  return addedRow(
    "MCP's narrate to first audio, p50",
    { ...measured, unit: "ms", controlName },
    MOST_BY_MCP_MS,
  );
}

/** Programs that ask for speech as OpenAI has it. */
class Speech {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** ms from a request to the first byte of sound. */
  async firstByte(input: string): Promise<number> {
    const begunAt = performance.now();
    const answer = await this.#ask(input, "pcm");
    const reader = answer.body?.getReader();
    await reader?.read();
    const ms = performance.now() - begunAt;
    while (!(await reader?.read())?.done);
    return ms;
  }

  /** Sentences a second, in Opus as the pool makes them, by clients that ask one after the other. */
  async rate(ms: number): Promise<number> {
    const begunAt = performance.now();
    let sentences = 0;
    const client = async (): Promise<void> => {
      while (performance.now() - begunAt < ms) {
        await (await this.#ask(SENTENCE, "opus")).arrayBuffer();
        sentences += 1;
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    return (sentences * 1000) / (performance.now() - begunAt);
  }

  async #ask(input: string, format: string): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" };
    const body = JSON.stringify({ input, voice: "dm", response_format: format });
    const answer = await fetch(`${this.#url}/v1/audio/speech`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(await answer.text());
    return answer;
  }
}
