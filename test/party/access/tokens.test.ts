import { expect, test } from "bun:test";
import { LinkGenerations } from "../../../src/party/access/link-generations.ts";
import { TokenKeeper } from "../../../src/party/access/tokens.ts";

const keeper = () => new TokenKeeper("a secret", "table");
const refused = expect.objectContaining({ code: "unauthorized" });

test("a token lets in whom it was issued to", async () => {
  const tokens = keeper();
  expect(await tokens.verify(await tokens.issue("thorin"))).toMatchObject({
    player: "thorin",
    role: "player",
  });
  expect(await tokens.verify(await tokens.issueDm())).toMatchObject({ player: "dm", role: "dm" });
});

test("a missing, forged, altered, foreign or unsigned token is refused", async () => {
  const tokens = keeper();
  const token = await tokens.issue("thorin");
  const [head, , signature] = token.split(".");
  const claims = { sub: "thorin", role: "dm", party: "table", iat: 9e9 };
  const forged = btoa(JSON.stringify(claims)).replaceAll("=", "");
  const none = btoa(JSON.stringify({ alg: "none", typ: "JWT" })).replaceAll("=", "");
  const bad = [
    undefined,
    "",
    "thorin",
    `${head}.${forged}.${signature}`,
    `${none}.${forged}.`,
    await new TokenKeeper("another secret", "table").issue("thorin"),
    await new TokenKeeper("a secret", "another table").issue("thorin"),
  ];
  for (const each of bad) await expect(tokens.verify(each)).rejects.toEqual(refused);
});

test("a fixed DM token works beside signed ones, and only whole", async () => {
  const tokens = new TokenKeeper("a secret", "table", { dmToken: "open-sesame" });
  expect(await tokens.issueDm()).toBe("open-sesame");
  expect(await tokens.verify("open-sesame")).toMatchObject({ role: "dm" });
  await expect(tokens.verify("open-sesam")).rejects.toEqual(refused);
});

test("refreshing ends the old token at once and leaves the others alone", async () => {
  const tokens = keeper();
  const [old, other] = [await tokens.issue("thorin"), await tokens.issue("elara")];
  const fresh = await tokens.refresh("thorin");
  await expect(tokens.verify(old)).rejects.toEqual(refused);
  expect(await tokens.verify(fresh)).toMatchObject({ player: "thorin" });
  expect(await tokens.verify(other)).toMatchObject({ player: "elara" });
});

const MINUTE = 60_000;

test.each([-60 * MINUTE, -10 * MINUTE, -5_000, 0, 5_000, 10 * MINUTE])(
  "what was replaced stays void and what is new is good when the clock is set by %d ms, before or after",
  async (stepMs) => {
    const { now } = Date;
    const tokens = keeper();
    const first = await tokens.issue("thorin");
    try {
      Date.now = () => now() + stepMs;
      const second = await tokens.refresh("thorin");
      await expect(tokens.verify(first)).rejects.toEqual(refused);
      Date.now = () => now() - stepMs;
      const third = await tokens.refresh("thorin");
      for (const old of [first, second]) await expect(tokens.verify(old)).rejects.toEqual(refused);
      expect(await tokens.verify(third)).toMatchObject({ player: "thorin" });
      Date.now = now;
      for (const old of [first, second]) await expect(tokens.verify(old)).rejects.toEqual(refused);
      expect(await tokens.verify(third)).toMatchObject({ player: "thorin" });
    } finally {
      Date.now = now;
    }
  },
);

test("where nothing is kept, a link is replaced for good although an earlier table had replaced it before", async () => {
  const newest = await keeper().refresh("thorin");
  const tokens = keeper();
  expect(await tokens.verify(newest)).toMatchObject({ player: "thorin" });
  await tokens.refresh("thorin");
  await expect(tokens.verify(newest)).rejects.toEqual(refused);
});

test("who was let in is told, at once, that their token was revoked", async () => {
  const tokens = keeper();
  const told: string[] = [];
  const stop = tokens.onRevoked((player) => told.push(player));
  const [thorin, elara] = [
    await tokens.verify(await tokens.issue("thorin")),
    await tokens.verify(await tokens.issue("elara")),
  ];
  tokens.revoke("thorin");
  expect(told).toEqual(["thorin"]);
  expect([tokens.isCurrent(thorin), tokens.isCurrent(elara)]).toEqual([false, true]);
  stop();
  tokens.revoke("elara");
  expect(told).toEqual(["thorin"]);
});

test("more players with links that are void than are told apart make the links of all void", async () => {
  const generations = new LinkGenerations();
  const tokens = new TokenKeeper("a secret", "table", { generations });
  const [thorin, elara] = [await tokens.issue("thorin"), await tokens.issue("elara")];
  tokens.revoke("thorin");
  for (let i = 0; i < 10_000; i++) tokens.revoke(`guest ${i}`);
  for (const token of [thorin, elara]) await expect(tokens.verify(token)).rejects.toEqual(refused);
  expect(await tokens.verify(await tokens.issue("thorin"))).toMatchObject({ player: "thorin" });
});

test("tokens outlive a restart with the same secret", async () => {
  expect(await keeper().verify(await keeper().issue("thorin"))).toMatchObject({ player: "thorin" });
});
