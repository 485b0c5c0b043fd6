import unbzip2 from "unbzip2-stream";
import { BardcastError, messageOf } from "../../core/errors.ts";

/** Bytes that may come of one piece of the source, and of its end; more is not data but an attack. */
const MAX_AT_ONCE = 256 * 1024 * 1024;

/**
 * Unpacks bzip2, as much at a time as one piece of the source makes possible.
 * @param maxAtOnce bytes that may come of one piece of the source
 * @throws BardcastError `bad-request` where it is not bzip2, or broken; `payload-too-large`
 */
export async function* bunzip2(
  source: AsyncIterable<Uint8Array>,
  maxAtOnce: number = MAX_AT_ONCE,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = unbzip2();
  let ready: Uint8Array[] = [];
  let held = 0;
  let problem: BardcastError | undefined;
  // It tells all of this while it is written to.
  stream.on("data", (bytes: Uint8Array) => {
    held += bytes.length;
    if (held <= maxAtOnce) ready.push(bytes);
    else problem ??= new BardcastError("payload-too-large", "the archive unpacks to more than memory holds");
    // It goes on until somebody throws.
    if (problem) throw problem;
  });
  stream.on("error", (cause: unknown) => {
    const message = `it is not a whole bzip2 archive (${messageOf(cause)})`;
    problem ??= new BardcastError("bad-request", message, { cause });
  });
  const taken = (): Uint8Array[] => {
    if (problem) throw problem;
    const bytes = ready;
    ready = [];
    held = 0;
    return bytes;
  };
  for await (const bytes of source) {
    stream.write(Buffer.from(bytes));
    yield* taken();
  }
  stream.end();
  yield* taken();
}
