import { afterAll, beforeAll, test } from "bun:test";
import fc from "fast-check";
import { fuzz, likeJson, RARE } from "./fuzz.ts";
import { expectCode, type FuzzTable, openFuzzTable } from "./fuzz-table.ts";

const MINUTES = 60_000 + Number(process.env.FUZZ ?? 10_000) * 30;
const JSON_TYPE = { "Content-Type": "application/json" };

let table: FuzzTable;

beforeAll(async () => {
  table = await openFuzzTable();
});

afterAll(() => table.party.close());

const name = fc.oneof(
  fc.constantFrom("ann", "old mara", "__proto__", "dm", ""),
  fc.string({ maxLength: 40 }),
);
const voice = fc.oneof(
  fc.constantFrom("espeak/en", "tone", "nobody"),
  fc.record({ voiceId: fc.string(), speed: fc.double(), pitch: fc.double() }, { requiredKeys: [] }),
);
const fields = {
  id: name,
  name,
  to: fc.constantFrom("all", ["ann"], []),
  text: fc.string({ maxLength: 60 }),
  speaker: name,
  voice,
  race: name,
  gender: name,
  say: fc.string({ maxLength: 20 }),
  notes: fc.string({ maxLength: 40 }),
  colour: fc.constantFrom("amber", "rose", "black"),
  lexicon: fc.dictionary(fc.string({ maxLength: 12 }), fc.oneof(fc.string({ maxLength: 20 }), fc.integer())),
  reveal: fc.constantFrom("early", "word", "sentence", "at-once", "late"),
  sounds: fc.constantFrom("all", "narration", "none", "loud"),
  lines: fc.array(fc.record({ id: fc.string(), text: fc.string(), to: fc.constant("all") }), {
    maxLength: 4,
  }),
  before: fc.option(fc.string()),
  role: fc.constantFrom("observer", "service", "dm"),
  kind: fc.constantFrom("text", "hand", "again", "slower"),
  raised: fc.boolean(),
  private: fc.boolean(),
};
/** Whatever takes a body, and bodies with the fields that one of them asks for. */
const DOORS = [
  ["PUT", "/api/lexicon"],
  ["PUT", "/api/settings"],
  ["PUT", "/api/draft"],
  ["PUT", "/api/lines"],
  ["PATCH", "/api/speak/nobodys"],
  ["POST", "/api/guests"],
  ["POST", "/api/answers"],
  ["POST", "/api/voices/install"],
  ["PUT", "/api/characters/old-mara"],
  ["PUT", "/api/characters/%F0%9F%90%89"],
  ["POST", "/action"],
] as const;

test(
  "bodies of everything else that takes one",
  async () => {
    const body = likeJson(fields).map((value) => JSON.stringify(value));
    const cases = fc.tuple(fc.constantFrom(...DOORS), fc.oneof({ weight: 9, arbitrary: body }, fc.string()));
    await fuzz(
      cases,
      async ([[method, path], text]) => {
        const answer = await table.ask(path, { method, body: text, headers: JSON_TYPE });
        // It answers in words of its own.
        if (path === "/action") await answer.json();
        else await expectCode(answer);
      },
      RARE,
    );
  },
  MINUTES,
);

test(
  "queries of pages and lists",
  async () => {
    const paths = fc.constantFrom(
      "/api/log",
      "/api/answers",
      "/api/voices/sample",
      "/dm",
      "/play",
      "/ws",
      "/j/x",
    );
    const query = fc.dictionary(
      fc.constantFrom("before", "limit", "token", "ticket", "voice", "name", "text"),
      fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom("1", "-1", "1e9", "NaN")),
    );
    await fuzz(
      fc.tuple(paths, query),
      async ([path, asked]) => {
        const answer = await table.ask(`${path}?${new URLSearchParams(asked)}`, {});
        await answer.arrayBuffer();
      },
      RARE,
    );
  },
  MINUTES,
);

test(
  "OpenAI's speech API",
  async () => {
    const request = likeJson({
      input: fc.oneof(fc.constant("Hear, hear."), fc.string({ maxLength: 60, unit: "binary" })),
      model: fc.oneof(fc.constantFrom("tts-1", "tone", "kokoro"), fc.string()),
      voice: fc.oneof(name, fc.record({ id: name })),
      response_format: fc.constantFrom("pcm", "wav", "aac", "WAV"),
      speed: fc.double(),
      instructions: fc.string(),
      stream_format: fc.constantFrom("audio", "sse", "both"),
      stream: fc.boolean(),
      return_timestamps: fc.boolean(),
    }).map((value) => JSON.stringify(value));
    const paths = fc.constantFrom("/v1/audio/speech", "/dev/captioned_speech");
    await fuzz(
      fc.tuple(paths, fc.oneof({ weight: 9, arbitrary: request }, fc.string())),
      async ([path, body]) => {
        const answer = await table.ask(path, { method: "POST", body, headers: JSON_TYPE });
        await answer.arrayBuffer();
      },
    );
  },
  MINUTES,
);

test(
  "MCP",
  async () => {
    const call = likeJson({
      jsonrpc: fc.constantFrom("2.0", "1.0"),
      id: fc.oneof(fc.integer(), fc.string({ maxLength: 8 })),
      method: fc.constantFrom(
        "initialize",
        "ping",
        "tools/list",
        "tools/call",
        "resources/read",
        "notifications/initialized",
        "what",
      ),
      params: likeJson({
        protocolVersion: fc.constantFrom("2025-06-18", "1999-01-01"),
        capabilities: fc.constant({}),
        clientInfo: fc.constant({ name: "fuzz", version: "1" }),
        name: fc.constantFrom("narrate", "whisper", "get_log", "say"),
        arguments: likeJson({
          text: fc.string({ maxLength: 40 }),
          to: fc.constantFrom("all", ["ann"]),
          speaker: name,
        }),
        uri: fc.string(),
      }),
    });
    const bodies = fc.oneof(
      { weight: 8, arbitrary: call.map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: fc.array(call, { maxLength: 3 }).map((values) => JSON.stringify(values)) },
      { weight: 1, arbitrary: fc.string() },
    );
    const headers = fc.record({
      Accept: fc.constantFrom("application/json, text/event-stream", "application/json", "text/html"),
      "Mcp-Session-Id": fc.constantFrom("", "nobodys"),
      "Mcp-Protocol-Version": fc.constantFrom("2025-06-18", "1", ""),
    });
    await fuzz(
      fc.tuple(bodies, headers),
      async ([body, more]) => {
        const answer = await table.ask("/mcp", { method: "POST", body, headers: { ...JSON_TYPE, ...more } });
        await answer.body?.cancel();
      },
      RARE,
    );
  },
  MINUTES,
);
