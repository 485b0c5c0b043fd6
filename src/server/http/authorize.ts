import type { MiddlewareHandler } from "hono";
import { BardcastError } from "../../core/errors.ts";
import type { Claims } from "../../party/access/tokens.ts";
import type { Party } from "../../party/party.ts";
import { hasRight, type Right } from "../../party/transport/role.ts";
import { bearerOf } from "../network/credentials.ts";

/** Whose request it is, and whether another process of the same table passed it on. */
export interface ClaimsEnv {
  Variables: { claims: Claims; isPassedOn?: boolean };
}

const REFUSALS: Readonly<Record<Right, string>> = {
  manage: "only the DM may do this",
  speak: "only the DM may do this, or a service",
  answer: "only a player may do this",
  listen: "a service speaks, and does not listen",
};

/** Finds out who asks, by the token in the request's header. */
export function withBearer(party: Party): MiddlewareHandler<ClaimsEnv> {
  return async (c, next) => {
    c.set("claims", await party.tokens.verify(bearerOf(c.req.raw.headers)));
    await next();
  };
}

/** Lets only those go on who may do it; `withBearer` comes before. */
export function requiring(right: Right): MiddlewareHandler<ClaimsEnv> {
  return async (c, next) => {
    requireRight(c.get("claims"), right);
    await next();
  };
}

/** @throws BardcastError `forbidden` */
export function requireRight({ role }: Pick<Claims, "role">, right: Right): void {
  if (!hasRight(role, right)) throw new BardcastError("forbidden", REFUSALS[right]);
}
