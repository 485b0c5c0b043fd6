import { Client, type Progress, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

/** Which MCP a client speaks: with sessions, or since 2026-07-28 without. */
export type McpAge = "legacy" | "auto";

export interface ToolAnswer {
  text: string;
  isError: boolean;
  data: Record<string, unknown>;
}

/** The SDK's own client over HTTP, connected. */
export async function connectMcp(
  url: string,
  token: string,
  options: { age?: McpAge; headers?: Record<string, string> } = {},
): Promise<McpConnection> {
  const { age = "legacy", headers } = options;
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: age } });
  const init = { headers: { Authorization: `Bearer ${token}`, ...headers } };
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: init });
  await client.connect(transport);
  return new McpConnection(client, transport);
}

export class McpConnection {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport | undefined;

  constructor(client: Client, transport?: StreamableHTTPClientTransport) {
    this.client = client;
    this.transport = transport;
  }

  async call(
    name: string,
    args: Record<string, unknown> = {},
    options: { signal?: AbortSignal; onprogress?: (progress: Progress) => void } = {},
  ): Promise<ToolAnswer> {
    const {
      content,
      isError = false,
      structuredContent,
    } = await this.client.callTool({ name, arguments: args }, options);
    const [first] = content as { text: string }[];
    return { text: first?.text ?? "", isError, data: (structuredContent ?? {}) as Record<string, unknown> };
  }

  async toolNames(): Promise<string[]> {
    return (await this.client.listTools()).tools.map(({ name }) => name);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
