import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { BardcastError } from "../../core/errors.ts";

/** Bytes of a JSON body: the longest text four times over, for escapes and the other fields. */
const MAX_BODY_BYTES = 256 * 1024;

/** Refuses a body that is too large. @throws BardcastError `payload-too-large` */
export const limitedBody: MiddlewareHandler = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    const message = `the body is larger than ${MAX_BODY_BYTES} bytes; send long texts as text/plain`;
    throw new BardcastError("payload-too-large", message);
  },
});
