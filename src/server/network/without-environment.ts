/** What newer versions of Node.js bring in `node:http`, for the masking of WebSocket frames (RFC 6455 §5.3). */
interface Masking {
  websocketMask?(
    source: Uint8Array,
    mask: Uint8Array,
    output: Uint8Array,
    offset: number,
    length: number,
  ): void;
  websocketUnmask?(buffer: Uint8Array, mask: Uint8Array): void;
}

/**
 * Loads `ws` where the environment may not be read: it asks there for a package that masks fast, unless
 * `node:http` can. So `node:http` can, while it is loaded.
 */
export async function withoutEnvironment<T>(load: () => Promise<T>): Promise<T> {
  const http = process.getBuiltinModule("node:http") as Masking;
  if (http.websocketMask) return load();
  http.websocketMask = (source, mask, output, offset, length) => {
    for (let i = 0; i < length; i++) output[offset + i] = (source[i] ?? 0) ^ (mask[i & 3] ?? 0);
  };
  http.websocketUnmask = (buffer, mask) => {
    for (let i = 0; i < buffer.length; i++) buffer[i] = (buffer[i] ?? 0) ^ (mask[i & 3] ?? 0);
  };
  try {
    return await load();
  } finally {
    delete http.websocketMask;
    delete http.websocketUnmask;
  }
}
