import { messageOf } from "../../core/errors.ts";
import type { TableApi } from "../../server/mcp/table-api.ts";
import { EXIT } from "../exit-codes.ts";
import { stopSignal } from "../stop-signal.ts";
import { warn } from "../terminal.ts";
import { TableClient } from "./table-client.ts";
import type { TypedTableOptions } from "./table-options.ts";

/** Bytes of a message: the same as over HTTP. */
const MAX_MESSAGE_BYTES = 256 * 1024;

/**
 * `mcp`: lets a language model's program use a running table, by MCP on stdin and stdout, until it closes stdin; resolves
 * with the exit code. Nothing but the protocol is written to stdout.
 */
export async function runMcp(typed: TypedTableOptions): Promise<number> {
  const [{ serveStdio, StdioServerTransport }, { createMcpServer }] = await Promise.all([
    import("@modelcontextprotocol/server/stdio"),
    import("../../server/mcp/create-mcp-server.ts"),
  ]);
  // Found anew with every call: it may be started after this, and anew.
  const table: TableApi = {
    call: async (path, request) => (await TableClient.find(typed)).call(path, request),
  };
  const mayManage = await table.call("/settings").then(
    () => true,
    (error) => {
      if (error.code === "forbidden") return false;
      warn(`For now there is nobody to speak to: ${messageOf(error)}`);
      return true;
    },
  );
  const maxBufferSize = MAX_MESSAGE_BYTES;
  const transport = new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize });
  const served = serveStdio(() => createMcpServer({ table, endsWithConnection: false, mayManage }), {
    transport,
    onerror: (error) => warn(messageOf(error)),
  });
  await Promise.race([closed(transport), stopSignal()]);
  await served.close();
  return EXIT.done;
}

/** Resolves when nothing more comes: stdin has ended, or brought something that is too large. */
function closed(transport: { onclose?: () => void }): Promise<void> {
  const { onclose } = transport;
  return new Promise((resolve) => {
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
  });
}
