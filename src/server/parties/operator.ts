import type { MiddlewareHandler } from "hono";
import { BardcastError } from "../../core/errors.ts";
import { sameText } from "../../party/access/secrets.ts";
import { bearerOf } from "../network/credentials.ts";

/** Lets only those go on who know the operator's key. */
export function requireOperator(key: string): MiddlewareHandler {
  return async (c, next) => {
    const given = bearerOf(c.req.raw.headers);
    if (given === undefined || !(await sameText(given, key)))
      throw new BardcastError(
        "unauthorized",
        "this wants the operator's key (BARDCAST_OPERATOR_KEY) as a bearer",
      );
    await next();
  };
}
