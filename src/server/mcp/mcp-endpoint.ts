import { createMcpHandler, isLegacyRequest } from "@modelcontextprotocol/server";
import type { Party } from "../../party/party.ts";
import { createMcpServer } from "./create-mcp-server.ts";
import { type McpCaller, mayManage } from "./mcp-caller.ts";
import { McpSessions } from "./mcp-sessions.ts";

/**
 * Answers MCP over HTTP, whichever of its ages a client speaks: since 2026-07-28 every request stands alone, before that
 * there were sessions. Loaded when somebody first asks.
 */
export class McpEndpoint {
  readonly #sessions: McpSessions;

  constructor(party: Party) {
    this.#sessions = new McpSessions(party);
    party.observers.add(({ type }) => type === "party.closed" && this.#sessions.close());
  }

  /** @param body what the request's body says; undefined where it has none */
  async answer(raw: Request, body: unknown, caller: McpCaller): Promise<Response> {
    // Its body was read within limits. That its client has gone is told by the end of the stream that it is answered by.
    const { url, method, headers } = raw;
    const request = new Request(url, { method, headers });
    if (await isLegacyRequest(request, body)) return this.#sessions.answer(request, body, caller);
    const { table } = caller;
    const handler = createMcpHandler(
      () => createMcpServer({ table, endsWithConnection: true, mayManage: mayManage(caller) }),
      // There is nothing to subscribe to: tools and resources stay what they are.
      { legacy: "reject", responseMode: "sse", maxSubscriptions: 0 },
    );
    return handler.fetch(request, { parsedBody: body });
  }
}
