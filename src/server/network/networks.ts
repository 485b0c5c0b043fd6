import { convertIPv4ToBinary, convertIPv6ToBinary, distinctRemoteAddr } from "hono/utils/ipaddr";

/** Names for what nobody wants to write out. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"],
};

interface Network {
  bits: 32 | 128;
  /** The address without its host bits. */
  prefix: bigint;
  hostBits: bigint;
}

/** A set of IP networks. */
export class Networks {
  readonly #networks: readonly Network[];

  /**
   * @param names addresses (`192.0.2.7`), networks (`10.0.0.0/8`), `loopback`, `private`
   * @throws TypeError where one of them is none of these
   */
  constructor(names: readonly string[]) {
    this.#networks = names.flatMap((name) => NAMED[name] ?? [name]).map(parseNetwork);
  }

  has(address: string): boolean {
    const plain = plainAddress(address);
    const number = plain === undefined ? undefined : numberOf(plain);
    return (
      number !== undefined &&
      this.#networks.some(
        ({ bits, prefix, hostBits }) => number.bits === bits && number.value >> hostBits === prefix,
      )
    );
  }
}

/**
 * An address as it is compared and counted: IPv4 where it is IPv4 in IPv6's clothes, without a port or a zone.
 * Undefined where it is no address.
 */
export function plainAddress(text: string): string | undefined {
  const bare =
    /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text.replace(/%.*$/, "");
  const plain = bare.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
  return numberOf(plain) === undefined ? undefined : plain;
}

/** Whom an address belongs to, for counting: one host has as many IPv6 addresses as it likes, but one /64. */
export function householdOf(address: string): string {
  const number = numberOf(address);
  return number?.bits === 128 ? `${(number.value >> 64n).toString(16)}::/64` : address;
}

function parseNetwork(text: string): Network {
  const [address = "", length] = text.split("/");
  const number = numberOf(address);
  const bits = number?.bits ?? 0;
  const prefixBits = length === undefined ? bits : Number(length === "" ? Number.NaN : length);
  if (!number || !Number.isInteger(prefixBits) || prefixBits < 0 || prefixBits > bits) {
    const examples = "192.0.2.7, 10.0.0.0/8, loopback or private";
    throw new TypeError(`a trusted proxy is an address or a network (${examples}), not "${text}"`);
  }
  const hostBits = BigInt(bits - prefixBits);
  return { bits: number.bits, prefix: number.value >> hostBits, hostBits };
}

function numberOf(address: string): { bits: 32 | 128; value: bigint } | undefined {
  try {
    const family = distinctRemoteAddr(address);
    if (family === "IPv4") return { bits: 32, value: convertIPv4ToBinary(address) };
    if (family === "IPv6") return { bits: 128, value: convertIPv6ToBinary(address) };
  } catch {
    // Looks like an address and is none.
  }
  return undefined;
}
