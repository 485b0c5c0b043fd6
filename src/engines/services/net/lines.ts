import { ServiceError } from "./service-error.ts";

/** Characters of one line, or of one event: ten minutes of 24 kHz PCM in base64. */
const MAX_LINE = 40 * 1024 * 1024;

/** Lines of UTF-8 that arrives in pieces, without what ends them; an empty last one is left out. */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of source) {
    const lines = decoder.decode(bytes, { stream: true }).split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      yield (rest + line).replace(/\r$/, "");
      rest = "";
    }
    rest += last;
    if (rest.length > MAX_LINE) throw new ServiceError("engine-failed", "the service's line has no end");
  }
  if (rest !== "") yield rest;
}

/** The data of server-sent events (WHATWG HTML, 9.2.6); their names are in the data too, wherever it matters. */
export async function* eventsOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let data: string | undefined;
  for await (const line of linesOf(source)) {
    if (line.startsWith("data:")) {
      const more = line.slice(line[5] === " " ? 6 : 5);
      data = data === undefined ? more : `${data}\n${more}`;
      if (data.length > MAX_LINE) throw new ServiceError("engine-failed", "the service's event has no end");
    } else if (line === "" && data !== undefined) {
      yield data;
      data = undefined;
    }
  }
  if (data !== undefined) yield data;
}

/** An object from JSON that a service sent. @throws ServiceError where it is none */
export function objectIn(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new ServiceError("engine-failed", "the service sent something that is not its protocol");
}
