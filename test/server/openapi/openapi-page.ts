import { DOCUMENT } from "../../support/described.ts";

interface Shown {
  summary: string;
  description?: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: { properties?: object; required?: string[] } }> };
  responses: Record<string, { description: string; content?: Record<string, unknown> }>;
}

const HEAD = `# Every route

What \`GET /api/openapi.json\` says, in short: that is the whole HTTP API of a table as
[OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.0), made from the schemas that check requests. Programs that make clients from
such a description, or show it, need no token for it. [Over HTTP](http.md) tells what the routes are for; routes of
[many parties](parties.md) are not in it.

Fields with a star have to be there. What goes wrong is told in one form everywhere, \`{"error": {"code", "message",
"issues"?}}\`, but for [OpenAI's](openai.md) routes and \`/action\`.

| route | what it does | who may | fields | answered |
|---|---|---|---|---|
`;

/** docs/openapi.md, as the description has it. */
export function openApiPage(): string {
  const rows = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => row(method, path, each as unknown as Shown)),
  );
  return `${HEAD}${rows.join("\n")}\n`;
}

function row(
  method: string,
  path: string,
  { summary, description, parameters, requestBody, responses }: Shown,
): string {
  const content = requestBody?.content ?? {};
  const { properties = {}, required = [] } = content["application/json"]?.schema ?? {};
  const fields = Object.keys(properties).map((name) => `\`${name}\`${required.includes(name) ? "*" : ""}`);
  const query = (parameters ?? []).filter((each) => each.in === "query").map(({ name }) => `\`?${name}\``);
  // Of a text that is the body itself, the same fields stand in the address.
  const shown = content["text/plain"]
    ? [...fields, "or text, with these in the address"]
    : [...fields, ...query];
  const answered = Object.entries(responses)
    .filter(([status]) => status !== "default")
    .map(([status, answer]) => [status, ...Object.keys(answer.content ?? {})].join(" "));
  const route = `\`${method.toUpperCase()} ${path}\``;
  return `| ${route} | ${summary} | ${(description ?? "anybody").replace(/\.$/, "")} | ${shown.join(", ")} | ${answered.join(", ")} |`;
}
