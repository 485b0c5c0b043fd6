import type { MiddlewareHandler } from "hono";
import { BardcastError } from "../../core/errors.ts";

/** A name in HTTP (RFC 9110 §5.6.2). */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Refuses what is no opening handshake (RFC 6455 §4.2.1) before a runtime sees it: each answers otherwise, and
 * not all of them with what is wrong.
 */
export const requireHandshake: MiddlewareHandler = async (c, next) => {
  const header = (name: string): string => c.req.header(name) ?? "";
  if (!isListed(header("Upgrade"), "websocket")) {
    c.header("Upgrade", "websocket");
    c.header("Connection", "Upgrade");
    throw new BardcastError("upgrade-required", "this is the address of a WebSocket; the page is /play");
  }
  if (header("Sec-WebSocket-Version") !== "13") {
    c.header("Sec-WebSocket-Version", "13");
    throw new BardcastError("upgrade-required", "the version of the WebSocket protocol is 13");
  }
  const protocols = c.req.header("Sec-WebSocket-Protocol")?.split(",");
  const isWhole =
    c.req.method === "GET" &&
    isListed(header("Connection"), "upgrade") &&
    /^[\d+/A-Za-z]{22}==$/.test(header("Sec-WebSocket-Key")) &&
    (protocols?.every((name) => TOKEN.test(name.trim())) ?? true);
  if (!isWhole)
    throw new BardcastError("bad-request", "this is no opening handshake of a WebSocket (RFC 6455)");
  await next();
};

function isListed(header: string, name: string): boolean {
  return header.split(",").some((part) => part.trim().toLowerCase() === name);
}
