import { expect, test } from "bun:test";
import { TokenKeeper } from "../../src/party/tokens.ts";

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

test("tokens outlive a restart with the same secret", async () => {
  expect(await keeper().verify(await keeper().issue("thorin"))).toMatchObject({ player: "thorin" });
});
