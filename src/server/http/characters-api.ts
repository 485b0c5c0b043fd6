import { Hono, type MiddlewareHandler } from "hono";
import type { CharacterInfo, CharacterList } from "../../core/protocol/api.ts";
import { characterIdSchema, parseInput } from "../../core/protocol/messages.ts";
import type { Party } from "../../party/party.ts";
import type { ClaimsEnv } from "./authorize.ts";
import { json } from "./json-body.ts";

/** Who may speak, for the DM to list and to change. @param limited refuses bodies that are too large */
export function createCharactersApi(party: Party, limited: MiddlewareHandler): Hono<ClaimsEnv> {
  const api = new Hono<ClaimsEnv>();
  api.get("/", (c) => c.json<CharacterList>(party.characters.list()));
  api.post("/undo", async (c) => {
    await party.characters.undo();
    return c.json<CharacterList>(party.characters.list());
  });
  api.get("/:id", (c) => c.json<CharacterInfo>(party.characters.get(c.req.param("id"))));
  api.put("/:id", limited, async (c) => {
    const id = parseInput(characterIdSchema, c.req.param("id"));
    const sheet = await json(c.req.raw);
    party.requireRights(c.get("claims"));
    return c.json<CharacterInfo>(await party.characters.put(id, sheet));
  });
  api.delete("/:id", async (c) => {
    await party.characters.remove(c.req.param("id"));
    return c.json({ id: c.req.param("id"), removed: true });
  });
  return api;
}
