/** A fault of the past, put back: `from` stands in exactly one file of `src/`, and becomes `to`. */
export interface Mutation {
  name: string;
  from: string;
  to: string;
}

/** Faults that were found and mended; the simulation has to find each of them again. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: "a whisper to somebody who is away is heard by all who are there",
    from: 'const players = audience === "all" ? this.#players.keys() : new Set(audience);\n    return [...players]\n      .flatMap((player) => [...(this.#players.get(player) ?? [])])\n      .filter((connection) => connection.isOpen && isAudience(connection, audience));',
    to: 'const isThere = audience !== "all" && audience.some((player) => this.#players.has(player));\n    const reached = isThere ? audience : "all";\n    return this.all().filter((connection) => connection.isOpen && isAudience(connection, reached));',
  },
  {
    name: "who comes back is told others' whispers",
    from: "past: utterances.filter(({ request, messages }) => isFor(request.to, messages)),",
    to: "past: [...utterances],",
  },
  {
    name: "C interrupts B, which interrupts A: the turn never ends",
    from: "this.#interruptions.delete(interruption);",
    to: "if ([...this.#interruptions].at(-1) === interruption) this.#interruptions.delete(interruption);",
  },
  {
    name: "a text is forgotten with its sound, after a minute",
    from: "this.#texts.clear(TEXT_MS, TEXT_BYTES);",
    to: "this.#texts.clear(0, 0);",
  },
  {
    name: "recovered is said although sound was forgotten",
    from: "return forgotten <= offset;",
    to: "return forgotten <= offset || true;",
  },
  {
    name: "a socket that throws silences the others",
    from: "    try {\n      this.#socket.send(messages);\n    } catch {\n      this.#farewell.await();\n      this.#end();\n    }",
    to: "    this.#socket.send(messages);",
  },
  {
    name: "an engine quotes a line in the log",
    from: "outage.reason = scrub(cleanText(message), quotes);",
    to: "outage.reason = quotes.length > 0 ? cleanText(message) : scrub(cleanText(message), quotes);",
  },
  {
    name: "a sentence of which some was taken is said once more by the next worker",
    from: "const isFinal = makesWay || isRetry || isTaken || !this.#waits;",
    to: "const isFinal = makesWay || isRetry || !this.#waits;",
  },
  {
    name: "a link that was replaced is good again after a loss of power",
    from: "      if (fs) await syncFolderOf(target, fs);\n",
    to: "",
  },
  {
    name: "a link that was given out is void after a restart at once",
    from: "  await party.store.saved();\n  return { id, token: own",
    to: "  return { id, token: own",
  },
  {
    name: "a server that starts on a full disk knows nothing of what was said",
    from: "const isOurs = folder?.isReadable && (!isLossTold || !folder.isWritable);",
    to: "const isOurs = folder && !isLossTold;",
  },
  {
    name: "a line that is cancelled after its end is told twice",
    from: "if (!known || known.isOver) return undefined;",
    to: "if (!known) return undefined;",
  },
  {
    name: "whoever closes the page goes on hearing, by the time",
    from: "return ended && isClosed ?",
    to: "return ended && isClosed && (false as boolean) ?",
  },
  {
    name: "a line that was told to be complete is lost with its process",
    from: "if (this.#context.journal) await this.#context.journal.settled();",
    to: "",
  },
  {
    name: "numbers begin anew after a restart",
    from: "this.sequencer = new Sequencer(journal?.nextOffset, shared);",
    to: "this.sequencer = new Sequencer(0, shared);",
  },
  {
    name: "what was said may be read by anybody on this machine",
    from: "const OWN_MODE = 0o600;\n\ntype Fs",
    to: "const OWN_MODE = 0o644;\n\ntype Fs",
  },
  {
    name: "a player may ask for all that was said",
    from: 'if (!hasRight(role, right)) throw new BardcastError("forbidden", REFUSALS[right]);',
    to: 'if (!hasRight(role, right) && right === "answer") throw new BardcastError("forbidden", REFUSALS[right]);',
  },
  {
    name: "who does not read is sent all of a line, and it waits",
    from: "      if (this.#fits(1, bytes)) return true;",
    to: "      if (this.#fits(1, bytes) || bytes > 0) return true;",
  },
  {
    name: "a start on a disk that does not answer waits for it",
    from: "const STORE_MS = 10_000;",
    to: "const STORE_MS = 1_000_000;",
  },
  {
    name: "a line keeps all its sound, however much it is",
    from: "      if (!isRead && this.#bytes <= this.#limits.limitBytes) break;",
    to: "      if (!isRead) break;",
  },
  {
    name: "each connection begins a heartbeat of its own, which nobody ends",
    from: "this.#heartbeat ??= setInterval(",
    to: "this.#heartbeat = setInterval(",
  },
  {
    name: "after a restart a line counts as heard as far as it was made",
    from: "    this.playback.heard(report, true);",
    to: "    this.playback.heard({ ...report, heardMs: this.#handedMs }, true);",
  },
  {
    name: "who does not come back after a restart counts as having heard all",
    from: 'return { ...player, complete: false, reason: "lost" };',
    to: "return { ...player, complete: true };",
  },
  {
    name: "the alarm of a wait that is over stays set",
    from: "  stop(): void {\n    clearTimeout(this.#timer);\n  }\n\n  #wait(): void {",
    to: "  stop(): void {\n    this.#leftMs = Math.min(this.#leftMs, 20_000);\n  }\n\n  #wait(): void {",
  },
  {
    name: "who comes back is told the last text again",
    from: "const messages = this.#messages.filter((message) => message.offset > offset);",
    to: "const messages = this.#messages.filter((message) => message.offset >= offset);",
  },
  {
    name: "who comes back misses a text",
    from: "const messages = this.#messages.filter((message) => message.offset > offset);",
    to: "const messages = this.#messages.filter((message) => message.offset > offset + 1);",
  },
  {
    name: "who comes on dm20 is told the texts so far with every sentence",
    from: "this.#held = this.#heldBack = [];",
    to: "this.#heldBack = [];",
  },
  {
    name: "who comes back is told one line after the other, not in the order in which they were told",
    from: "return messages.sort((a, b) => a.offset - b.offset);",
    to: "return messages;",
  },
  {
    name: "a metric names what is said",
    from: 'measures.gauge("lines_open", "Lines speaking or waiting.", () => party.open);',
    to: 'measures.gauges("lines_open", "Lines.", "text", () => new Map(party.streams.log.recent.map(({ text }) => [text, 1])));',
  },
  {
    name: "the last frame of a batch is sent twice",
    from: "cursor.takeTo(batch.end);",
    to: "cursor.takeTo(batch.end - 1);",
  },
  {
    name: "the frame after a batch is left out",
    from: "cursor.takeTo(batch.end);",
    to: "cursor.takeTo(batch.end + 1);",
  },
  {
    name: "sound stands a sample later with each frame",
    from: "const { samples: ptsSamples, frames: sequence } = this.#made;",
    to: "const { samples: made, frames: sequence } = this.#made;\n    const ptsSamples = made + sequence;",
  },
  {
    name: "nobody is told that a cancelled line was handed over, nor is its request answered",
    from: 'this.#handedOver.resolve(await this.#reportAt("handed-over"));',
    to: 'if (!this.#cancelled) this.#handedOver.resolve(await this.#reportAt("handed-over"));',
  },
  {
    name: "a cancelled line is never done",
    from: '    this.#state = "done";\n    this.#done.resolve(report);',
    to: '    this.#state = "done";\n    if (!this.#cancelled) this.#done.resolve(report);',
  },
  {
    name: "to end a line is never answered",
    from: "    return c.json({ utterance, cancelled: true });",
    to: "    return new Promise<Response>(() => undefined);",
  },
  {
    name: "workers outlive their party",
    from: "await this.#hosts.close();",
    to: "",
  },
  {
    name: "sockets outlive their party",
    from: "    this.connections.closeAll();",
    to: "",
  },
];
