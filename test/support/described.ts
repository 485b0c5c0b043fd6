import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { openApiDocument } from "../../src/server/openapi/document.ts";

interface Described {
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
}

export const DOCUMENT = openApiDocument("0.0.0") as {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, object> };
};

const ajv = new Ajv2020({ strict: false });
ajv.addSchema({ $id: "api", ...DOCUMENT });
const compiled = new Map<object, ValidateFunction>();
const PATTERNS = Object.keys(DOCUMENT.paths)
  .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`) }))
  // What is named goes before what may be anything.
  .sort((a, b) => a.path.split("{").length - b.path.split("{").length);

/** What is said of a route. */
export function describedAt(method: string, path: string): Described | undefined {
  const found = PATTERNS.find(
    ({ path: each, pattern }) => pattern.test(path) && DOCUMENT.paths[each]?.[method.toLowerCase()],
  );
  return found && DOCUMENT.paths[found.path]?.[method.toLowerCase()];
}

/** What is wrong with a value; undefined where it is as described. */
export function wrongWith(schema: object, value: unknown): string | undefined {
  const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')) as object;
  const validate = compiled.get(schema) ?? ajv.compile(local);
  compiled.set(schema, validate);
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}

/** @throws Error where an answer is not as the description has it */
export async function requireDescribed(method: string, url: string, answer: Response): Promise<void> {
  const { pathname } = new URL(url);
  const described = describedAt(method, pathname);
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (!described || !isJson) return;
  const said = described.responses[answer.status] ?? (answer.ok ? undefined : described.responses.default);
  const schema = said?.content?.["application/json"]?.schema;
  const wrong = schema ? wrongWith(schema, await answer.clone().json()) : "no such answer is described";
  if (wrong !== undefined) throw new Error(`${method} ${pathname} answers ${answer.status}: ${wrong}`);
}
