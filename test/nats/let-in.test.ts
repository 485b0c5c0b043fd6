import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nkeys } from "@nats-io/nats-core";
import { BusConnection } from "../../src/nats/connection.ts";
import { createLeases } from "../../src/nats/lease/create-leases.ts";
import type { NatsOptions } from "../../src/nats/nats-options.ts";
import { hasNats, NatsServer } from "../support/nats-server.ts";

type KeyPair = ReturnType<typeof nkeys.createUser>;

describe.skipIf(!hasNats)("a NATS server that lets in whom it knows", () => {
  const dir = mkdtempSync(join(tmpdir(), "bardcast-certificates-"));
  let server: NatsServer | undefined;

  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** A node that may take part in all of it, by how it was let in. */
  async function takesPart(options: Partial<NatsOptions>): Promise<boolean> {
    const connection = await BusConnection.open({ servers: server?.url ?? "", ...options }, "node");
    try {
      const leases = await createLeases(connection);
      const { claim } = await leases.claim("table");
      await leases.close();
      return claim !== undefined;
    } finally {
      await connection.close();
    }
  }

  test("lets a node in by its user and password, also in the address, and nobody else, whose password no error quotes", async () => {
    const config = 'authorization { user: "bard", password: "the pass/word" }';
    server = await NatsServer.start({ config });
    expect(await takesPart({ user: "bard", password: "the pass/word" })).toBe(true);
    const at = `127.0.0.1:${server.port}`;
    expect(await takesPart({ servers: `nats://bard:the%20pass%2Fword@${at}` })).toBe(true);
    const other = takesPart({ servers: `nats://bard:guessed@${at}` });
    expect(await other.catch(({ code, message }) => ({ code, message }))).toEqual({
      code: "internal",
      message: expect.not.stringContaining("guessed"),
    });
    await expect(takesPart({})).rejects.toMatchObject({ code: "internal" });
  });

  test("is not asked where its address is none", async () => {
    for (const servers of ["nats://host:99999", "nats://bard:%zz@host", "http://host", "two words"])
      await expect(takesPart({ servers })).rejects.toMatchObject({ code: "bad-request" });
  });

  test("lets a node in by a token", async () => {
    server = await NatsServer.start({ config: 'authorization { token: "a-word-of-32-random-characters" }' });
    expect(await takesPart({ servers: `a-word-of-32-random-characters@127.0.0.1:${server.port}` })).toBe(
      true,
    );
    await expect(takesPart({ token: "another word" })).rejects.toMatchObject({ code: "internal" });
  });

  test("lets a node in by an NKey", async () => {
    const user = nkeys.createUser();
    server = await NatsServer.start({
      config: `authorization { users: [ { nkey: ${user.getPublicKey()} } ] }`,
    });
    expect(await takesPart({ credentials: seedOf(user) })).toBe(true);
    await expect(takesPart({ credentials: seedOf(nkeys.createUser()) })).rejects.toMatchObject({
      code: "internal",
    });
  });

  test("lets a node in by a credentials file", async () => {
    const [operator, system, account] = [
      nkeys.createOperator(),
      nkeys.createAccount(),
      nkeys.createAccount(),
    ];
    const [known, stranger] = [nkeys.createUser(), nkeys.createUser()];
    const unlimited = { subs: -1, data: -1, payload: -1 };
    const limits = { ...unlimited, conn: -1, leaf: -1, imports: -1, exports: -1, wildcards: true };
    const stored = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
    const accountOf = (pair: KeyPair, more: object): string =>
      `${pair.getPublicKey()}: ${signed(operator, pair, { type: "account", limits: { ...limits, ...more } })}`;
    server = await NatsServer.start({
      config: `
        operator: ${signed(operator, operator, { type: "operator" })}
        system_account: ${system.getPublicKey()}
        resolver: MEMORY
        resolver_preload: { ${accountOf(system, {})}, ${accountOf(account, stored)} }`,
    });
    const credentialsOf = (user: KeyPair, issuer: KeyPair): string =>
      [
        "-----BEGIN NATS USER JWT-----",
        signed(issuer, user, { type: "user", ...unlimited, pub: {}, sub: {} }),
        "------END NATS USER JWT------",
        "-----BEGIN USER NKEY SEED-----",
        seedOf(user),
        "------END USER NKEY SEED------",
      ].join("\n");
    expect(await takesPart({ credentials: credentialsOf(known, account) })).toBe(true);
    const forged = credentialsOf(stranger, nkeys.createAccount());
    await expect(takesPart({ credentials: forged })).rejects.toMatchObject({ code: "internal" });
  });

  describe("over TLS", () => {
    const file = (name: string): string => join(dir, name);
    const openssl = (...args: string[]): void => {
      const { exitCode, stderr } = Bun.spawnSync(["openssl", ...args], { stderr: "pipe" });
      if (exitCode !== 0) throw new Error(stderr.toString());
    };
    /** For a new key. */
    const request = (subject: string): string[] => {
      const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
      return ["req", ...key, "-subj", `/CN=${subject}`];
    };
    const certificate = (name: string, subject: string): void => {
      openssl(...request(subject), "-keyout", file(`${name}.key`), "-out", file(`${name}.csr`));
      const signing = ["x509", "-req", "-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial"];
      writeFileSync(file("names"), "subjectAltName=IP:127.0.0.1");
      openssl(...signing, "-in", file(`${name}.csr`), "-out", file(`${name}.pem`), "-extfile", file("names"));
    };

    beforeAll(() => {
      openssl(...request("ours"), "-x509", "-keyout", file("ca.key"), "-out", file("ca.pem"));
      certificate("server", "nats");
      certificate("node", "a node");
    });

    test("lets a node in that has a certificate of the same authority, and is believed by no other", async () => {
      const names = `cert_file: "${file("server.pem")}", key_file: "${file("server.key")}", ca_file: "${file("ca.pem")}"`;
      server = await NatsServer.start({ config: `tls { ${names}, verify: true }` });
      const [ca, cert, key] = ["ca.pem", "node.pem", "node.key"].map((name) =>
        readFileSync(file(name), "utf8"),
      );
      const servers = server.url.replace("nats:", "tls:");
      expect(await takesPart({ servers, tls: { ca, cert, key } as Required<NatsOptions>["tls"] })).toBe(true);
      // A server whose authority is not known here.
      await expect(takesPart({ servers })).rejects.toMatchObject({ code: "internal" });
    });
  });
});

function seedOf(pair: KeyPair): string {
  return new TextDecoder().decode(pair.getSeed());
}

/** A token of NATS's own kind, by which one key says something of another. */
function signed(issuer: KeyPair, subject: KeyPair, nats: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    jti: crypto.randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    name: "test",
    nats: { version: 2, ...nats },
  };
  const text = `${part({ typ: "JWT", alg: "ed25519-nkey" })}.${part(claims)}`;
  return `${text}.${Buffer.from(issuer.sign(new TextEncoder().encode(text))).toString("base64url")}`;
}
