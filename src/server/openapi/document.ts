import { z } from "zod";
import { errorAnswer } from "./answers.ts";
import { apiOperations } from "./api-operations.ts";
import type { Answered, Caller, Operation } from "./operation.ts";
import { otherOperations } from "./other-operations.ts";
import { partiesOperations } from "./parties-operations.ts";
import { soundOperations } from "./sound-operations.ts";

type Json = Record<string, unknown>;

/** What a caller has to have. */
const CALLERS: Readonly<Record<Exclude<Caller, "anybody">, string>> = {
  holder: "Any token.",
  player: "A player's token.",
  speaker: "The DM's token, a service's, or the API key.",
  dm: "The DM's token.",
  operator: "The operator's key, where there may be many parties.",
};

/** The HTTP API of a table as an OpenAPI document, 3.1. @param version of Bardcast */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  const table = [...apiOperations(), ...soundOperations(), ...otherOperations()];
  for (const operation of [...table, ...partiesOperations()]) {
    const path = operation.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [operation.method]: described(operation, path) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Bardcast",
      version,
      description: "Speaks to a party: text in, streamed speech out to every listener's browser.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: { Error: jsonSchema(errorAnswer, "output") },
    },
  };
}

function described(operation: Operation, path: string): Json {
  const { method, summary, caller, query, body, takesText, answered, errors } = operation;
  const content = {
    ...(body ? { "application/json": { schema: jsonSchema(body, "input") } } : {}),
    ...(takesText ? { "text/plain": { schema: { type: "string" } } } : {}),
  };
  const parameters = [...inPath(path), ...(query ? inQuery(query) : [])];
  return {
    operationId: `${method}${path.replace(/[{}]/g, "").replace(/[^A-Za-z0-9]+/g, "_")}`,
    summary,
    ...(caller === "anybody"
      ? { security: [] }
      : { description: CALLERS[caller], security: [{ bearer: [] }] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content } } : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answered).map(([status, answer]) => [status, answerOf(answer)])),
      default: {
        description: "What went wrong, with its code.",
        content: {
          "application/json": {
            schema: errors ? jsonSchema(errors, "output") : { $ref: "#/components/schemas/Error" },
          },
        },
      },
    },
  };
}

function answerOf({ schema, type, description }: Answered): Json {
  if (schema)
    return { description, content: { "application/json": { schema: jsonSchema(schema, "output") } } };
  return { description, ...(type ? { content: { [type]: {} } } : {}) };
}

function inPath(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

/** Fields of a query; structured ones are written as JSON, lists with commas. */
function inQuery(schema: z.ZodType): Json[] {
  const { properties = {} } = jsonSchema(schema, "input") as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: "query",
    required: false,
    schema: each,
  }));
}

/** What cannot be said in JSON Schema is anything. */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", reused: "inline" });
  return rest;
}
