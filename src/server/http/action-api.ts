import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { BardcastError, toWire } from "../../core/errors.ts";
import { actionSchema } from "../../core/protocol/answer-schemas.ts";
import { parseInput } from "../../core/protocol/messages.ts";
import type { Claims } from "../../party/access/tokens.ts";
import type { Party } from "../../party/party.ts";
import { tokenOf } from "../network/credentials.ts";
import { type ClaimsEnv, requireRight } from "./authorize.ts";
import { nameFrom, toHolder } from "./cluster-forward.ts";
import { endUnread, statusOf } from "./http-error.ts";
import { json } from "./json-body.ts";

const MAX_BODY_BYTES = 64 * 1024;

/** What a player tells, as clients of dm20 know to tell it; an error is a text. */
export function createActionApi(party: Party): Hono<ClaimsEnv> {
  const api = new Hono<ClaimsEnv>();
  const claimsOf = async (request: Request): Promise<Claims> => {
    const claims = await party.tokens.verify(tokenOf(request));
    requireRight(claims, "answer");
    party.requireRights(claims);
    return claims;
  };
  api.onError((error, c) => {
    const { code, message } = toWire(error);
    party.observers.observe({ type: "error.told", code, over: "http" });
    endUnread(c, code);
    return c.json({ success: false, error: message }, statusOf(error));
  });
  const limited = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new BardcastError("payload-too-large", `the body is larger than ${MAX_BODY_BYTES} bytes`);
    },
  });
  api.use(toHolder(party, "/action"));
  api.post("/", limited, async (c) => {
    await claimsOf(c.req.raw);
    const { action, private: isPrivate } = parseInput(actionSchema, await json(c.req.raw));
    // A body may take its time.
    const { player } = await claimsOf(c.req.raw);
    const said = { kind: "text" as const, text: action, private: isPrivate };
    const answer = party.answers.take(player, said, nameFrom(c));
    await party.answers.kept(answer);
    return c.json({ success: true, action_id: answer.id, player_id: player, status: "pending" });
  });
  api.get("/:id/status", async (c) => {
    const { player } = await claimsOf(c.req.raw);
    const id = c.req.param("id");
    if (!party.answers.has(id, player))
      throw new BardcastError("not-found", "there is no such action of yours");
    return c.json({ action_id: id, status: "pending" });
  });
  return api;
}
