import unbzip2 from "unbzip2-stream";
import { BardcastError, messageOf } from "../../core/errors.ts";

/**
 * Unpacks bzip2, as much at a time as one piece of the source makes possible.
 * @throws BardcastError `bad-request` where it is not bzip2, or broken
 */
export async function* bunzip2(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = unbzip2();
  let ready: Uint8Array[] = [];
  let problem: unknown;
  // It tells all of this while it is written to.
  stream.on("data", (bytes: Uint8Array) => ready.push(bytes));
  stream.on("error", (error: unknown) => {
    problem ??= error;
  });
  const taken = (): Uint8Array[] => {
    if (problem !== undefined) {
      const message = `it is not a whole bzip2 archive (${messageOf(problem)})`;
      throw new BardcastError("bad-request", message, { cause: problem });
    }
    const bytes = ready;
    ready = [];
    return bytes;
  };
  for await (const bytes of source) {
    stream.write(Buffer.from(bytes));
    yield* taken();
  }
  stream.end();
  yield* taken();
}
