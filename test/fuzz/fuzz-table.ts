import { expect } from "bun:test";
import { createParty, type Party } from "../../src/index.ts";
import { createApp } from "../../src/server/app.ts";
import { FakeSocket } from "../support/fake-socket.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const DM_TOKEN = "a-dungeon-masters-own-token-4711";

/** A table whose routes are asked without a network. */
export interface FuzzTable {
  party: Party;
  /** As the DM. @throws where the answer is none that a client can understand */
  ask(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response>;
  /** Ends what is said. */
  endLines(): void;
}

export async function openFuzzTable(): Promise<FuzzTable> {
  const party = await createParty({
    engines: [new ToneEngine({ samplesPerChar: 1 })],
    players: ["ann", "bob"],
    dmToken: DM_TOKEN,
    cache: false,
    door: { player: { perSecond: 1e9, burst: 1e9 } },
  });
  const app = createApp(party, {
    upgradeWebSocket: () => async (c) => c.body(null),
    toSocket: () => new FakeSocket(),
  });
  const endLines = (): void => {
    for (const line of party.streams.utterances) line.cancel();
  };
  return {
    party,
    endLines,
    async ask(path, { headers, ...init }) {
      const known = { Authorization: `Bearer ${DM_TOKEN}`, Prefer: "respond-async" };
      const answer = await app.request(path, { ...init, headers: { ...known, ...headers } });
      endLines();
      if (answer.status < 500 || answer.status === 503) return answer;
      // A tone is not always speech.
      const told = await answer.text();
      if (!told.includes('"all-engines-failed"')) throw new Error(`${answer.status} ${told}`);
      return new Response(told, { status: answer.status });
    },
  };
}

/** An answer that says that something is wrong says what. */
export async function expectCode(answer: Response): Promise<void> {
  const told = (await answer.json()) as { error?: { code?: string } };
  if (answer.status >= 400) expect(told.error?.code).toBeString();
}
