// Synthetic chains: valid ones, and ones that are wrong in one respect and rightly signed in all others.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { expect } from "chai";

import type { CheckName } from "../../../src/certificates/check.js";
import type { ChainVerdict } from "../../../src/certificates/verify-chain.js";
import { messageHash } from "../../../src/certificates/message.js";
import type { MithrilCertificate } from "../../../src/mithril/certificate.js";
import { MITHRIL_PARTS } from "../../../src/mithril/message-parts.js";
import { parseCertificate } from "../../../src/mithril/parse-certificate.js";
import { verifyMithrilChain, verifySeal } from "../../../src/mithril/verify.js";
import {
  type Edit,
  GENESIS_KEY,
  hashOf,
  makeChain,
  nextParts,
  PARAMETERS,
  parseAll,
  type Raw,
  rehash,
  signersOf,
} from "../../support/mithril-chain.js";
import { PROOF_MUTATIONS } from "../../support/mithril-mutations.js";

const strict = { strict: true, genesisKey: GENESIS_KEY };
const historic = { strict: false, genesisKey: GENESIS_KEY };

/** Names of the failed checks of the certificate at `place`. */
const failures = ({ verdicts }: ChainVerdict<MithrilCertificate>, place: number): CheckName[] =>
  (verdicts[place]?.checks ?? []).filter(({ outcome }) => outcome === "failed").map(({ name }) => name);

/** Verifies a chain in which one draft was changed; the certificate there fails in `expected` alone, in both modes. */
function expectOnly(place: number, expected: readonly CheckName[], edit: Edit): void {
  const chain = parseAll(makeChain((draft, at, before) => (at === place ? edit(draft, at, before) : undefined)));
  for (const policy of [strict, historic]) {
    const verdict = verifyMithrilChain(chain, policy);
    expect(verdict.ok).to.equal(false);
    expect(failures(verdict, place)).to.deep.equal(expected);
    expect(verdict.verdicts[place]?.standing).to.equal("broken");
  }
}

describe("verifyMithrilChain", () => {
  it("mithril/synthetic-chain-is-valid: in any order, and in both modes", () => {
    const chain = parseAll(makeChain());
    for (const policy of [strict, historic]) {
      for (const order of [chain, [...chain].reverse()]) {
        const verdict = verifyMithrilChain(order, policy);
        expect(
          verdict.verdicts.flatMap(({ checks }) => checks.filter(({ outcome }) => outcome !== "ok")),
        ).to.deep.equal([]);
        expect(verdict.ok).to.equal(true);
        expect(new Set(verdict.verdicts.map(({ standing }) => standing))).to.deep.equal(new Set(["anchored"]));
      }
    }
  });

  it("mithril/epoch-backwards-is-refused: although native verification takes the absolute difference", () => {
    expectOnly(3, ["epoch-step"], (draft) => {
      draft.epoch = 10;
      draft.parts.current_epoch = "10";
    });
  });

  it("mithril/epoch-gap-is-refused", () => {
    expectOnly(3, ["epoch-step"], (draft) => {
      draft.epoch = 13;
      draft.parts.current_epoch = "13";
    });
  });

  it("mithril/wrong-next-key-is-refused: another registration signed, rightly", () => {
    expectOnly(3, ["aggregate-key"], (draft) => {
      draft.signers = signersOf("strangers");
    });
  });

  it("mithril/wrong-key-in-the-same-epoch-is-refused", () => {
    expectOnly(2, ["aggregate-key"], (draft) => {
      draft.signers = signersOf("strangers");
    });
  });

  it("mithril/wrong-next-parameters-are-refused", () => {
    expectOnly(3, ["parameters"], (draft) => {
      draft.parameters = { ...PARAMETERS, k: 3n };
    });
    expectOnly(2, ["parameters"], (draft) => {
      draft.parameters = { ...PARAMETERS, k: 3n };
    });
  });

  it("mithril/predecessor-of-another-branch-is-refused: it vouched for other keys", () => {
    const chain = makeChain((draft, place, before) => {
      if (place === 2) Object.assign(draft.parts, nextParts(signersOf("strangers"), PARAMETERS));
      if (place === 3) draft.previousHash = hashOf(before[2]);
    });
    const verdict = verifyMithrilChain(parseAll(chain), historic);
    expect(failures(verdict, 3)).to.deep.equal(["aggregate-key"]);
    expect(verdict.ok).to.equal(false);
  });

  it("mithril/fork-is-named: two messages of an epoch vouch for different keys", () => {
    const chain = parseAll(
      makeChain((draft, place) => {
        if (place === 2) Object.assign(draft.parts, nextParts(signersOf("strangers"), PARAMETERS));
      }),
    );
    const fork = { epoch: 11n, hashes: [chain[1]?.hash, chain[2]?.hash] };
    for (const policy of [strict, historic]) {
      const verdict = verifyMithrilChain(chain, policy);
      expect(verdict.forks).to.deep.equal([fork]);
      // Native verification does not look at it, so only the strict mode refuses.
      expect(verdict.ok).to.equal(!policy.strict);
    }
  });

  it("mithril/current-epoch-mismatch-is-refused", () => {
    expectOnly(4, ["current-epoch"], ({ parts }) => {
      parts.current_epoch = "11";
    });
  });

  it("mithril/replaced-message-is-refused: with the hash made anew", () => {
    const chain = makeChain();
    const other = messageHash(MITHRIL_PARTS, { current_epoch: "11" });
    chain[5] = rehash({ ...chain[5], signed_message: other });
    const verdict = verifyMithrilChain(parseAll(chain), strict);
    expect(failures(verdict, 5)).to.deep.equal(["message", "multisignature"]);
  });

  it("mithril/changed-part-is-refused: with the hashes made anew", () => {
    const chain = makeChain();
    const parts = { ...(chain[5]?.protocol_message as { message_parts: object }).message_parts, snapshot_digest: "cd" };
    const changed = { ...chain[5], protocol_message: { message_parts: parts } };
    const signed = messageHash(MITHRIL_PARTS, parts);
    for (const [raw, expected] of [
      [rehash(changed), ["message"]],
      [rehash({ ...changed, signed_message: signed }), ["multisignature"]],
    ] as const) {
      expect(failures(verifyMithrilChain(parseAll([...chain.slice(0, 5), raw]), strict), 5)).to.deep.equal(expected);
    }
  });

  it("mithril/every-shown-field-is-hashed", () => {
    const [certificate = {}] = makeChain().slice(2);
    const metadata = certificate.metadata as Raw;
    const changes: Raw[] = [
      { previous_hash: "12".repeat(32) },
      { epoch: 12 },
      { signed_entity_type: { CardanoBlocksTransactions: [11, 103, 1] } },
      { signed_entity_type: { CardanoTransactions: [11, 102] } },
      { metadata: { ...metadata, network: "other" } },
      { metadata: { ...metadata, version: "0.1.1" } },
      { metadata: { ...metadata, parameters: { k: 11, m: 30, phi_f: 0.95 } } },
      { metadata: { ...metadata, initiated_at: "2026-05-21T14:42:19.370724261Z" } },
      { metadata: { ...metadata, sealed_at: "2026-05-21T14:42:19.455900001Z" } },
      { metadata: { ...metadata, signers: [] } },
      { metadata: { ...metadata, signers: [{ party_id: "pool1synthetic", stake: 9_007_199_254_740_992n }] } },
    ];
    for (const change of changes) {
      const altered = parseCertificate({ ...certificate, ...change }, "altered");
      expect(failures(verifyMithrilChain([altered], historic), 0), JSON.stringify(Object.keys(change))).to.include(
        "hash",
      );
    }
  });

  it("mithril/self-loop-is-refused", () => {
    const chain = makeChain();
    chain[5] = { ...chain[5], previous_hash: chain[5]?.hash };
    const verdict = verifyMithrilChain(parseAll(chain), historic);
    expect(failures(verdict, 5)).to.include.members(["distinct", "hash"]);
  });

  it("mithril/genesis-signature-is-checked", () => {
    const other = { bytes: ed25519.getPublicKey(sha256(utf8ToBytes("somebody"))), origin: "somebody" };
    const verdict = verifyMithrilChain(parseAll(makeChain()), { strict: false, genesisKey: other });
    expect(failures(verdict, 0)).to.deep.equal(["genesis"]);
    // Nothing that descends from it stands any better.
    expect(verdict.verdicts.map(({ standing }) => standing)).to.deep.equal(new Array(6).fill("broken"));
    expect(failures(verdict, 5)).to.deep.equal(["ancestors"]);
  });

  it("mithril/genesis-without-a-key-is-unchecked: named in the historic mode, an error in the strict one", () => {
    const chain = parseAll(makeChain());
    const verdict = verifyMithrilChain(chain, { strict: false });
    expect(verdict.verdicts[0]?.checks.find(({ name }) => name === "genesis")?.outcome).to.equal("skipped");
    expect(verdict.verdicts.map(({ standing }) => standing)).to.deep.equal(new Array(6).fill("unanchored"));
    expect(verdict.ok).to.equal(true);
    expect(() => verifyMithrilChain(chain, { strict: true }))
      .to.throw()
      .with.property("code", "mithril/no-genesis-key");
  });

  it("mithril/missing-predecessor: unanchored in the historic mode, refused in the strict one", () => {
    const chain = parseAll(makeChain()).filter((_certificate, place) => place !== 1);
    const loose = verifyMithrilChain(chain, historic);
    expect(loose.ok).to.equal(true);
    expect(loose.verdicts.map(({ standing }) => standing)).to.deep.equal([
      "anchored",
      ...new Array(4).fill("unanchored"),
    ]);
    const named = loose.verdicts[1]?.checks.find(({ name }) => name === "predecessor");
    expect(named?.outcome).to.equal("skipped");
    const tight = verifyMithrilChain(chain, strict);
    expect(tight.ok).to.equal(false);
    expect(failures(tight, 1)).to.deep.equal(["predecessor"]);
    expect(failures(tight, 4)).to.deep.equal(["ancestors"]);
  });

  it("mithril/absent-parts: skipped by name in the historic mode, refused in the strict one", () => {
    const chain = parseAll(
      makeChain(({ parts }) => {
        delete parts.current_epoch;
        delete parts.next_protocol_parameters;
      }),
    );
    const loose = verifyMithrilChain(chain, historic);
    expect(loose.ok).to.equal(true);
    const skipped = loose.verdicts[3]?.checks.filter(({ outcome }) => outcome === "skipped").map(({ name }) => name);
    expect(skipped).to.deep.equal(["current-epoch", "parameters"]);
    const tight = verifyMithrilChain(chain, strict);
    expect(failures(tight, 3)).to.deep.equal(["current-epoch", "parameters"]);
  });

  it("mithril/synthetic-mutations: every change of a multisignature is refused", () => {
    // Two of three signers, so that the proof has a path.
    const [raw] = makeChain((draft) => {
      const { keys, registration } = draft.signers;
      draft.signers = { keys: keys.slice(0, 2), registration };
      draft.parameters = { k: 35n, m: 60n, phiF: 0.95 };
    }).slice(1, 2);
    if (raw === undefined) throw new Error("the chain is too short");
    verifySeal(parseCertificate(raw, "intact"));
    for (const [name, mutate] of Object.entries(PROOF_MUTATIONS)) {
      expect(() => verifySeal(parseCertificate(mutate(raw), "mutated")), name)
        .to.throw()
        .with.property("code");
    }
  });
});
