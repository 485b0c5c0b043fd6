/** 0x8000 arguments are safe for every engine's `String.fromCharCode`. */
const BLOCK = 0x8000;

/** What Node 20-24 has instead, looked up because it is no standard. */
interface BytesAsText {
  from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: "base64"): string };
}
const { Buffer: nodes } = globalThis as { Buffer?: BytesAsText };

// Node 20-24 has neither; the types of the newest standard say everybody does.
const hasNative = typeof Uint8Array.prototype.toBase64 === "function";

/** Standard base64 with padding; native where the runtime has it (13-200 times faster than `btoa`). */
export const toBase64: (bytes: Uint8Array) => string = hasNative
  ? (bytes) => bytes.toBase64()
  : nodes
    ? (bytes) => nodes.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")
    : base64ByHand;

function base64ByHand(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += BLOCK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + BLOCK));
  }
  return btoa(binary);
}

/** The bytes again. @throws DOMException or SyntaxError where the text is not base64 */
export const fromBase64: (text: string) => Uint8Array<ArrayBuffer> = hasNative
  ? (text) => Uint8Array.fromBase64(text)
  : (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
