import type { FileHandle } from "node:fs/promises";
import { BardcastError, messageOf } from "../../../core/errors.ts";

/**
 * Writes all of it: a disk that is nearly full takes a part, and says so only the next time.
 * @param path of the file, for the error
 * @throws BardcastError `internal`
 */
export async function writeAll(file: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  try {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, at, bytes.length - at);
      at += bytesWritten;
    }
  } catch (cause) {
    throw new BardcastError("internal", `${path} cannot be written to the disk (${messageOf(cause)})`, {
      cause,
    });
  }
}
