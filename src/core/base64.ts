/** 0x8000 arguments are safe for every engine's `String.fromCharCode`. */
const BLOCK = 0x8000;

/** Standard base64 with padding; native where the runtime has it (13-29 times faster than `btoa`). */
export function toBase64(bytes: Uint8Array): string {
  if ("toBase64" in bytes) return (bytes as Uint8Array & { toBase64(): string }).toBase64();
  let binary = "";
  for (let at = 0; at < bytes.length; at += BLOCK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + BLOCK));
  }
  return btoa(binary);
}

/** The bytes again. @throws DOMException or SyntaxError where the text is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if ("fromBase64" in Uint8Array) {
    return (Uint8Array as unknown as { fromBase64(text: string): Uint8Array<ArrayBuffer> }).fromBase64(text);
  }
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
