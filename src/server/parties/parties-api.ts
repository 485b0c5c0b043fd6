import { type Context, Hono } from "hono";
import { BardcastError } from "../../core/errors.ts";
import { parseInput } from "../../core/protocol/messages.ts";
import {
  newPartySchema,
  type PartyInvites,
  type PartyPage,
  partiesQuerySchema,
} from "../../core/protocol/parties.ts";
import type { Parties } from "../../party/parties/parties.ts";
import type { Party } from "../../party/party.ts";
import { inviteOf, pageUrl } from "../http/invite.ts";
import { json } from "../http/json-body.ts";
import { limitedBody } from "../http/limited-body.ts";

/**
 * Makes, lists and ends parties; who may do that was looked at before.
 * @param baseOf where the links of a party begin
 */
export function createPartiesApi(parties: Parties, baseOf: (c: Context, id: string) => string): Hono {
  const api = new Hono();
  api.post("/", limitedBody, async (c) => {
    const { settings, ...asked } = parseInput(newPartySchema, await json(c.req.raw));
    const { party, release } = await parties.create(asked);
    try {
      if (settings) party.store.settings.choose(settings);
      return c.json(await invitesOf(party, baseOf(c, party.id)), 201);
    } finally {
      release();
    }
  });
  api.get("/", (c) => {
    const page = parseInput(partiesQuerySchema, c.req.query());
    const found = parties.list({ ...page, limit: page.limit + 1 });
    const shown = found.slice(0, page.limit).map((id) => ({ id, isAwake: parties.isAwake(id) }));
    const last = found.length > shown.length ? shown.at(-1)?.id : undefined;
    return c.json<PartyPage>({
      parties: shown,
      total: parties.size,
      ...(last === undefined ? {} : { next: last }),
    });
  });
  api.get("/:id", (c) => {
    const id = c.req.param("id");
    if (!parties.has(id)) throw new BardcastError("not-found", "there is no such party");
    return c.json({ id, isAwake: parties.isAwake(id), url: baseOf(c, id) });
  });
  api.get("/:id/invites", async (c) => {
    const { party, release } = await parties.hold(c.req.param("id"));
    try {
      return c.json(await invitesOf(party, baseOf(c, party.id)));
    } finally {
      release();
    }
  });
  api.delete("/:id", async (c) => {
    await parties.remove(c.req.param("id"));
    return c.json({ id: c.req.param("id"), removed: true });
  });
  return api;
}

/** Where a party is, and its links. */
async function invitesOf(party: Party, base: string): Promise<PartyInvites> {
  const token = await party.tokens.issueDm();
  const players = await Promise.all(party.players.map((id) => inviteOf(party, id, base)));
  await party.store.saved();
  return { id: party.id, url: base, dm: { token, url: pageUrl(base, "dm", token) }, players };
}
