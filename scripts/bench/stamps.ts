// `npm run bench:stamps [-- credentials]`: what one credential check costs, and the measurements behind the choice of libraries. Every
// credential is distinct and verified once, so nothing is warm but the code.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { getBytes, keccak256, recoverAddress, TypedDataEncoder, type TypedDataField } from "ethers";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { recover } from "tiny-secp256k1";

import { BanIndex } from "../../src/passport/bans.js";
import { credentialDigest } from "../../src/passport/credential/digest.js";
import { FORMS } from "../../src/passport/credential/forms.js";
import { parseCredential } from "../../src/passport/credential/parse.js";
import { issueStamp } from "../../src/passport/issue.js";
import { parseIssuers } from "../../src/passport/issuers.js";
import { NullifierKeyRing } from "../../src/passport/nullifiers/key-ring.js";
import { RevocationIndex } from "../../src/passport/revocations.js";
import { memorySigner, recoverSigner } from "../../src/passport/signature.js";
import { examineStamp, verifyStamp } from "../../src/passport/verify.js";
import { keccak } from "../../src/shared/keccak.js";

const NOW = 1_800_000_000;
const COUNT = Number(process.argv[2] ?? 5000);
const key = (text: string) => getBytes(keccak256(Buffer.from(text)));
const account = (index: number) => `0x${keccak256(Buffer.from(`account ${index}`)).slice(26)}`;

function measure(name: string, times: number, work: (index: number) => unknown): void {
  // A tenth to warm the code up; then fresh inputs only.
  for (let index = 0; index < times / 10; index++) work(index);
  const start = performance.now();
  const before = process.cpuUsage();
  for (let index = Math.ceil(times / 10); index < times; index++) work(index);
  const { user, system } = process.cpuUsage(before);
  report(name, times * 0.9, performance.now() - start, (user + system) / 1000);
}

const lines: { readonly what: string; readonly perSecond: number; readonly perCpuSecond: number }[] = [];

/** Per second on the clock, and per second of processor: on a busy machine the second is the one to compare. */
function report(name: string, times: number, clock: number, processor: number): void {
  const rate = (milliseconds: number) =>
    Math.round((times / milliseconds) * 1000)
      .toLocaleString("en")
      .padStart(11);
  lines.push({
    what: name.trim(),
    perSecond: (times / clock) * 1000,
    perCpuSecond: (times / processor) * 1000,
  });
  console.log(`${name.padEnd(52)}${rate(clock)} /s ${rate(processor)} /cpu-s`);
}

const signer = memorySigner(key("issuer"));
const did = `did:ethr:${signer.address}`;
const nullifierKeys = new NullifierKeyRing([
  { version: 1, secret: key("first"), from: 0 },
  { version: 2, secret: key("second"), from: NOW - 100 },
]);
const issuer = { did, keyVersion: 0, signer, nullifierKeys };
const noBans = { find: () => Promise.resolve(undefined) };

const started = performance.now();
const startedCpu = process.cpuUsage();
const texts: string[] = [];
for (let index = 0; index < COUNT; index++) {
  const request = { provider: `Provider#${index % 50}`, account: account(index), evidence: { id: String(index) } };
  const result = await issueStamp(request, issuer, noBans, NOW);
  if (result.status !== "issued") throw new Error("not issued", { cause: result });
  texts.push(JSON.stringify(result.credential));
}
const issuing = performance.now() - started;
const issuingCpu = process.cpuUsage(startedCpu);
console.log(`Node ${process.version}, ${availableParallelism()} cores, ${COUNT} distinct credentials, one thread\n`);
report("issue (two nullifiers, digest, signature)", COUNT, issuing, (issuingCpu.user + issuingCpu.system) / 1000);

const fresh = () => texts.map((text) => JSON.parse(text) as unknown);
const context = {
  now: NOW,
  issuers: parseIssuers({ format: "touchstone-issuers-v1", issuers: [{ did }] }),
  revocations: RevocationIndex.EMPTY,
  bans: new BanIndex(),
};
const credentials = fresh();
measure("verifyStamp, whole", COUNT, (index) => {
  if (verifyStamp(credentials[index], account(index), context).status !== "valid") throw new Error("refused");
});
measure("  of it: parse JSON text", COUNT, (index) => JSON.parse(texts[index] as string));
const parsed = fresh();
measure("  of it: all cheap checks and the digest", COUNT, (index) =>
  examineStamp(parsed[index], account(index), context),
);

const contents = credentials.map((credential) => {
  const read = parseCredential(credential);
  if ("status" in read) throw new Error(read.detail);
  return read;
});
const digests = contents.map(({ content }) => credentialDigest(content));
const { EIP712Domain: _domain, ...types } = FORMS.touchstone.types;
measure("digest, pre-hashed types and hash-wasm", COUNT, (index) =>
  credentialDigest((contents[index] as (typeof contents)[0]).content),
);
measure("digest, ethers TypedDataEncoder", Math.min(COUNT, 1000), (index) =>
  TypedDataEncoder.hash(
    FORMS.touchstone.domain,
    types as unknown as Record<string, TypedDataField[]>,
    credentials[index] as Record<string, unknown>,
  ),
);

const signatureOf = (index: number) => (contents[index] as (typeof contents)[0]).proofValue;
measure("recover signer, tiny-secp256k1 (WebAssembly)", COUNT, (index) =>
  recoverSigner(digests[index] as Uint8Array, signatureOf(index)),
);
measure("recover signer, ethers (noble, JavaScript)", Math.min(COUNT, 1000), (index) =>
  recoverAddress(digests[index] as Uint8Array, signatureOf(index)),
);
const raw = contents.map(({ proofValue }) => Buffer.from(proofValue.slice(2), "hex"));
measure("  bare recovery, tiny-secp256k1", COUNT, (index) => {
  const bytes = raw[index] as Buffer;
  return recover(digests[index] as Uint8Array, bytes.subarray(0, 64), ((bytes[64] as number) - 27) as 0 | 1, false);
});

for (const size of [32, 160]) {
  const data = new Uint8Array(size);
  const change = (index: number) => {
    data[0] = index & 255;
    data[1] = index >> 8;
    return data;
  };
  measure(`keccak of ${size} bytes, hash-wasm`, 200_000, (index) => keccak(change(index)));
  measure(`keccak of ${size} bytes, @noble/hashes`, 50_000, (index) => keccak_256(change(index)));
  measure(`keccak of ${size} bytes, ethers`, 50_000, (index) => keccak256(change(index)));
}

const output = "docs/benchmarks/stamps.json";
mkdirSync("docs/benchmarks", { recursive: true });
const machine = { cores: cpus().length, cpu: cpus()[0]?.model, node: process.version };
const figures = { format: "touchstone-stamps-v1", credentials: COUNT, ...machine, lines };
writeFileSync(output, `${JSON.stringify(figures, null, 2)}\n`);
console.log(`\nWritten to ${output}`);
