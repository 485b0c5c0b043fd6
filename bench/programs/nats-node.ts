/** One end of a hop over NATS: a node that speaks, one that only waits, one that hears frames, or a bare one. */
import { connect } from "@nats-io/transport-node";
import { ClockExchange } from "../../src/nats/clock/clock-exchange.ts";
import { BusConnection } from "../../src/nats/connection.ts";
import { createLeases } from "../../src/nats/lease/create-leases.ts";
import type { Leases } from "../../src/nats/lease/leases.ts";
import { synthesisNode } from "../../src/nats/synthesis/synthesis-node.ts";
import { createSpeechHost } from "../../src/pool/create-speech-host.ts";
import type { SpeechHost } from "../../src/pool/speech-host.ts";
import { answer, argument } from "../support/answer.ts";

interface Argument {
  servers: string;
  role: "synth" | "idle" | "echo" | "bare-synth" | "hear";
}

const { servers, role } = argument<Argument>();
const connection = await BusConnection.open({ servers }, role);
const client = await connect({ servers: servers.replace("nats://", "") });
let leases: Leases | undefined;
let heard = 0;

if (role === "synth") await synthesisNode({ servers }, { engines: ["espeak"], size: 1 });
if (role === "idle") {
  leases = await createLeases(connection);
  await ClockExchange.open(connection, leases);
}
if (role === "echo") {
  connection.client.subscribe("bench.there", {
    callback: (_error, { data }) => void connection.publish("bench.back", data),
  });
}
if (role === "hear") {
  const hear = (): void => {
    heard += 1;
  };
  connection.client.subscribe("bench.frames", { callback: hear });
}
if (role === "bare-synth") {
  // What an order over NATS cannot do without: somebody takes it, is sent it, and sends a frame.
  const frame = new Uint8Array(Number(process.env.FRAME_BYTES ?? 320));
  client.subscribe("bench.offer", {
    queue: "free",
    callback: (_error, message) => void message.respond("mine"),
  });
  client.subscribe("bench.order", { callback: () => client.publish("bench.frame", frame) });
  // The same around an engine, which costs in a process that had to be woken what it costs.
  const host = await createSpeechHost({ engines: ["espeak"], size: 1 });
  client.subscribe("bench.speak", { callback: (_error, { data }) => void speak(host, data) });
}
await client.flush();
await connection.client.flush();

async function speak({ engines: [engine] }: SpeechHost, data: Uint8Array): Promise<void> {
  let isFirst = true;
  for await (const event of engine?.speak(JSON.parse(new TextDecoder().decode(data))) ?? []) {
    if (event.type !== "frame") continue;
    const [bytes = new Uint8Array()] = event.frame.bytes.values();
    if (isFirst) client.publish("bench.frame", bytes);
    isFirst = false;
  }
}

answer({
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  heard: () => heard,
  /** Claims so many parties. */
  async claim(count: number) {
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < count) await leases?.claim(`party-${next++}`);
    };
    await Promise.all(Array.from({ length: 64 }, worker));
    return leases?.claims.size;
  },
});
