import { createHash, createHmac, timingSafeEqual } from "node:crypto";

interface HmacKey {
  bytes: Uint8Array;
}

/** What the product needs of Web Crypto, answered at once instead of by another thread whenever that is done. */
export const syncSubtle: unknown = {
  async importKey(_format: string, bytes: Uint8Array): Promise<HmacKey> {
    return { bytes };
  },
  async sign(_how: unknown, key: HmacKey, data: Uint8Array): Promise<ArrayBuffer> {
    return bytesOf(createHmac("sha256", key.bytes).update(data).digest());
  },
  async verify(_how: unknown, key: HmacKey, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
    const own = createHmac("sha256", key.bytes).update(data).digest();
    return own.length === signature.length && timingSafeEqual(own, signature);
  },
  async digest(name: string, data: Uint8Array): Promise<ArrayBuffer> {
    return bytesOf(createHash(name.replace("-", "").toLowerCase()).update(data).digest());
  },
};

function bytesOf(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
