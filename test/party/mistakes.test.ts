import { expect, spyOn, test } from "bun:test";
import { createEspeakEngine } from "../../src/engines/espeak/espeak.ts";
import { createFliteEngine } from "../../src/engines/flite/flite.ts";
import { createParty } from "../../src/party/create-party.ts";
import type { PartyOptions } from "../../src/party/party-options.ts";
import { serve } from "../../src/server/bun.ts";
import { startServer } from "../support/server.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const engines = [new ToneEngine()];

test.each<[string, unknown, object]>([
  ["an engine that there is not", "nope", { code: "engine-unavailable", message: /nope.*there is: espeak/ }],
  ["one of that kind", { engine: "nope" }, { code: "engine-unavailable", message: /nope/ }],
  ["an engine without its key", "elevenlabs", { code: "engine-unavailable", message: /ELEVENLABS_API_KEY/ }],
  ["an engine without its address", "wyoming", { code: "engine-unavailable", message: /WYOMING_URL/ }],
  ["options that make no sense", { engine: "openai", options: { modell: "x" } }, { code: "bad-request" }],
])(
  "%s keeps a table from being set, and says why",
  async (_what, engine, { code, message = /./ }: { code?: string; message?: RegExp }) => {
    const setting = createParty({ engines: ["espeak", engine] as PartyOptions["engines"] & object });
    await expect(setting).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  },
);

test("a line to nobody, in no context that there is, or without a text is refused at once", async () => {
  const party = await createParty({ engines, players: ["thorin"] });
  const mistake = (line: object): string => {
    try {
      party.speak(line as never);
      return "none";
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(mistake({ text: "Hm.", to: [] })).toBe("bad-request");
  expect(mistake({ text: "Hm.", to: ["thorin", "thorn"] })).toBe("unknown-player");
  expect(mistake({ text: "Hm.", context: "batle" })).toBe("bad-request");
  expect(mistake({})).toBe("text-empty");
  expect(mistake({ text: 7 })).toBe("bad-request");
  expect(mistake({ text: "Hm.", to: ["thorin"], context: "combat" })).toBe("none");
  await expect(party.streamToPlayer("thorn", "Hm.")).rejects.toMatchObject({ code: "unknown-player" });
  await expect(party.prepare({ text: "Hm.", context: "batle" as never })).rejects.toMatchObject({
    code: "bad-request",
  });
  await party.close();
});

test("whoever brings connections or a router of their own says who there is, and which contexts", async () => {
  const connections = { sendToPlayer: () => undefined, broadcast: () => undefined };
  const router = {
    synthesize: async () => Int16Array.from({ length: 9_600 }, (_, i) => 9_000 * Math.sin(i / 9)).buffer,
  };
  const party = await createParty({ connections, router });
  expect(await party.streamToPlayer("anybody", "Hm.", { context: "elsewhere" as never })).toBe(true);
  await party.close();
});

test("a voice that no engine knows is said all the same, and told in the report; one that an engine knows is not", async () => {
  const party = await createParty({
    engines: [createEspeakEngine(), createFliteEngine()],
    players: ["thorin"],
  });
  const told = async (voice: object): Promise<string[]> => {
    const { problems = [] } = await party.speak({ text: "Hm.", voice }).done;
    return problems.map(({ code, message }) => `${code}: ${message}`);
  };
  const unknown = [expect.stringMatching(/^voice-unknown: no voice ".+" is known to .*GET \/api\/voices/)];
  for (const voiceId of ["gandalf", "en-us+zorg", "kokoro/af_heart", "alloy"])
    expect(await told({ voiceId }), voiceId).toEqual(unknown);
  expect(await told({ voiceId: "slt", engine: "espeak" })).toEqual(unknown);
  for (const voiceId of ["slt", "en-us", "EN-GB+F3", "gmw/en-us", "it+m3", "en-029", "cmn"])
    expect(await told({ voiceId }), voiceId).toEqual([]);
  await party.close();
});

test("over HTTP an unknown context is a bad request that names those there are", async () => {
  const server = await startServer({ engines });
  const response = await server.speak({ text: "Hm.", context: "batle" });
  expect(response.status).toBe(400);
  expect((await response.json()).error.message).toContain("narration");
});

test("what goes wrong is told on the console where nobody listens, and nowhere else where somebody does", async () => {
  const warn = spyOn(console, "warn").mockImplementation(() => undefined);
  const told: string[] = [];
  try {
    for (const log of [undefined, (line: string) => told.push(line)]) {
      const party = await createParty({ engines, dmToken: "k3y-9x", ...(log ? { log } : {}) });
      await party.close();
      await Bun.sleep(20);
    }
    expect(told).toEqual([expect.stringContaining("BARDCAST_DM_TOKEN")]);
    expect(warn.mock.calls).toEqual([[expect.stringContaining("BARDCAST_DM_TOKEN")]]);
  } finally {
    warn.mockRestore();
  }
});

test("a port that is taken is one clear error", async () => {
  const first = await startServer({ engines });
  const port = Number(new URL(first.url).port);
  await expect(serve({ port, host: "127.0.0.1", engines })).rejects.toMatchObject({
    code: "EADDRINUSE",
    message: `port ${port} of 127.0.0.1 is taken: end what listens there, or choose another port (0: any that is free)`,
  });
});
