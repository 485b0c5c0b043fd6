/** A text message of Edge's service. */
export function edgeText(id: string, path: string, body: unknown): string {
  return `X-RequestId:${id}\r\nContent-Type:application/json; charset=utf-8\r\nPath:${path}\r\n\r\n${JSON.stringify(body)}`;
}

/** A binary message of Edge's service. */
export function edgeAudio(id: string, bytes: Uint8Array): Buffer {
  const head = Buffer.from(`X-RequestId:${id}\r\nContent-Type:audio/mpeg\r\nX-StreamId:1\r\nPath:audio\r\n`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(head.length);
  return Buffer.concat([length, head, bytes]);
}

/** When a word is heard, in ms, as Edge's service tells it. */
export function edgeBoundary(word: string, offsetMs: number, durationMs: number): object {
  const text = { Text: word, Length: word.length, BoundaryType: "WordBoundary" };
  const Data = { Offset: offsetMs * 10_000, Duration: durationMs * 10_000, text };
  return { Metadata: [{ Type: "WordBoundary", Data }] };
}
