import { expect, test } from "bun:test";
import { sign } from "hono/jwt";
import { randomId } from "../../../src/core/id.ts";
import { checkSecrets } from "../../../src/party/access/secrets.ts";
import { TokenKeeper } from "../../../src/party/access/tokens.ts";
import { createParty } from "../../../src/party/create-party.ts";

/** What is told of them, or why they are refused. */
function told(secrets: { secret?: string; dmToken?: string; apiKey?: string }): string[] {
  const log: string[] = [];
  try {
    checkSecrets(secrets, (message) => log.push(message));
    return log;
  } catch (error) {
    return [`refused: ${(error as Error).message}`];
  }
}

const CLAIMS = { sub: "thorin", role: "dm", party: "table", iat: Date.now() / 1000 };

test.each(["dragon", "a secret", "abc".repeat(20), "correct horse"])(
  "whoever has a link cannot try secrets as fast as they can be hashed (%s)",
  async (secret) => {
    const tokens = new TokenKeeper(secret, "table");
    const forged = await sign(CLAIMS, secret, "HS256");
    await expect(tokens.verify(forged)).rejects.toMatchObject({ code: "unauthorized" });
    const link = await tokens.issue("thorin");
    const restarted = new TokenKeeper(secret, "table");
    expect(await restarted.verify(link)).toMatchObject({ player: "thorin" });
    expect(told({ secret })).toEqual([expect.stringContaining("can be guessed by whoever has a link")]);
  },
);

test("a secret that is long and random signs as it always did", async () => {
  const secret = randomId();
  const signed = await sign(CLAIMS, secret, "HS256");
  expect(await new TokenKeeper(secret, "table").verify(signed)).toMatchObject({ player: "thorin" });
  expect(told({ secret, dmToken: randomId() })).toEqual([]);
});

test.each(["", " ", "\t\n ", "1", "dm", "12345", "aaaaaaaaaaaa", "ababababab"])(
  "what anybody guesses guards nothing (%p)",
  async (weak) => {
    for (const [secrets, variable] of [
      [{ secret: weak }, "BARDCAST_SECRET"],
      [{ dmToken: weak }, "BARDCAST_DM_TOKEN"],
      [{ apiKey: weak }, "BARDCAST_API_KEY"],
    ] as const) {
      const [message = ""] = told(secrets);
      expect(message).toMatch(
        new RegExp(`^refused: .*\\(${variable}\\) (is empty|can be guessed at once).*; `),
      );
      // It says what to do, with a new one each time.
      const proposed = new RegExp(`${variable}=(\\w{32}), made just now$`).exec(message)?.[1] ?? "";
      expect(told({ secret: proposed, dmToken: proposed })).toEqual([]);
      expect(told(secrets)).not.toEqual([message]);
      await expect(createParty({ ...secrets, engines: [] })).rejects.toMatchObject({ code: "bad-request" });
    }
  },
);

test("a key that would do as the DM's token is refused, and never shown", () => {
  const token = randomId();
  expect(told({ dmToken: token, apiKey: token })).toEqual([
    expect.stringMatching(/^refused: the API key is to be another/),
  ]);
  expect(told({ dmToken: token, apiKey: token }).join()).not.toContain(token);
  expect(told({ dmToken: token, apiKey: "open-sesame" })).toEqual([
    expect.stringContaining("BARDCAST_API_KEY is short"),
  ]);
});

test("a token for the DM that is short is told, and not shown", () => {
  expect(told({ dmToken: "open-sesame" })).toEqual([expect.stringContaining("BARDCAST_DM_TOKEN is short")]);
  expect(told({ dmToken: "open-sesame" }).join()).not.toContain("open-sesame");
  expect(told({ secret: "open-sesame" }).join()).not.toContain("open-sesame");
});

test.each(["123456", "Password1", "changeme", "qwerty123"])(
  "%s, which is tried first, guards no table",
  (secret) => {
    expect(() => checkSecrets({ secret }, () => undefined)).toThrow("can be guessed at once");
    expect(() => checkSecrets({ dmToken: secret }, () => undefined)).toThrow("can be guessed at once");
  },
);

test.each(["läuft-bei-uns-im-Keller", "a token with an end of line\n", "with\ta tab, and long enough"])(
  "a DM's token that no request could carry is refused at the start",
  (dmToken) => {
    expect(() => checkSecrets({ dmToken }, () => undefined)).toThrow("no HTTP header takes");
  },
);
