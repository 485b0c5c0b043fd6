const BLOCK_BYTES = 512;

export interface TarEntry {
  name: string;
  content?: Uint8Array | string;
  /** `0` a file, `1` a hard link, `2` a symbolic link, `5` a folder, `L` GNU's long name; default `0`. */
  type?: string;
  /** Where a link leads. */
  target?: string;
}

/** A tar archive (ustar) of entries as they are given, sensible or not. */
export function tar(entries: readonly TarEntry[]): Uint8Array<ArrayBuffer> {
  const parts = entries.flatMap(({ name, content = "", type = "0", target = "" }) => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const padding = new Uint8Array((BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES);
    return [header(name, bytes.length, type, target), bytes, padding];
  });
  return new Uint8Array(Buffer.concat([...parts, new Uint8Array(2 * BLOCK_BYTES)]));
}

function header(name: string, size: number, type: string, target: string): Uint8Array {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, 0, 100);
  block.write("0000644\0", 100);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write(`${"0".repeat(11)}\0`, 136);
  block.write(" ".repeat(8), 148);
  block.write(type, 156);
  block.write(target, 157, 100);
  block.write("ustar\0" + "00", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
