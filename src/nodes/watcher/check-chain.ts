// What the chain says by itself: keys that were sealed, parameters in force, epochs without a certificate.
import { StmError } from "../../stm/errors.js";
import { securityLevel } from "../../stm/security.js";
import type { ChainClock, OnChainCertificate, StewardChain } from "../protocol/chain.js";
import { readSealedKeys } from "../protocol/epoch-keys.js";
import { signingEpochOf } from "../protocol/epochs.js";
import { NodeError } from "../protocol/errors.js";
import type { Alarm } from "./alarm.js";

/** The share of the stake that an adversary is given. */
const ADVERSARY = 1 / 3;

/**
 * Computes the aggregate key of an epoch's registrations again. Undefined while it is not sealed: then it is to be asked for again;
 * else the alarms, none where the contract is right.
 */
export async function checkSeal(chain: StewardChain, registered: bigint): Promise<Alarm[] | undefined> {
  const seal = await chain.sealOf(registered);
  if (seal.status === "open") return undefined;
  // Too few registered: what was left out cannot be told from the outside, and the gap that follows is an alarm of its own.
  if (seal.status === "blocked") return [];
  const epoch = signingEpochOf(registered);
  const { minimumStake } = await chain.parametersOf(epoch);
  try {
    await readSealedKeys(chain, epoch, minimumStake, seal.key);
    return [];
  } catch (error) {
    // A key that is none was taken by the contract: as bad as another sum of them.
    const isWrong = error instanceof StmError || (error instanceof NodeError && error.code === "nodes/wrong-registry");
    if (!isWrong) throw error;
    const root = Buffer.from(seal.key.root).toString("hex");
    const message = `${error.message}: nothing that is certified in epoch ${epoch} can be relied on`;
    const { leaves, totalStake } = seal.key;
    const details = { registered: registered.toString(), root, leaves, totalStake: totalStake.toString() };
    return [{ kind: "wrong-seal", subject: "", epoch, message, details }];
  }
}

/** Whether an epoch's parameters keep a third of the stake from forging; `minimumBits` is what counts as safe. */
export async function checkParameterSet(chain: StewardChain, epoch: bigint, minimumBits: number): Promise<Alarm[]> {
  const { k, m, phiF } = await chain.parametersOf(epoch);
  const bits = Math.floor(securityLevel({ k, m, phiF }, ADVERSARY) * 1000) / 1000;
  if (bits >= minimumBits) return [];
  const set = `k ${k}, m ${m}, phi_f ${phiF}`;
  return [
    {
      kind: "unsafe-parameters",
      subject: "",
      epoch,
      message: `The parameters of epoch ${epoch} (${set}) are worth ${bits} bits against a third of the stake, less than ${minimumBits}`,
      details: { k: k.toString(), m: m.toString(), phiF, bits, minimumBits },
    },
  ];
}

/**
 * Epochs from `from` on that have no certificate although the registry takes none of them any more: they are `grace` epochs over,
 * at least one. None before the first chain began.
 */
export async function findGaps(
  chain: Pick<StewardChain, "anchors">,
  held: ReadonlyMap<bigint, OnChainCertificate>,
  { epoch: now, lastCertified }: ChainClock,
  { from, grace }: { readonly from: bigint; readonly grace: bigint },
): Promise<Alarm[]> {
  const begun = (await chain.anchors()).reduce<bigint | undefined>(
    (first, { epoch }) => (first === undefined || epoch < first ? epoch : first),
    undefined,
  );
  if (begun === undefined) return [];
  const gaps: Alarm[] = [];
  for (let epoch = begun > from ? begun : from; epoch + grace < now; epoch++) {
    if (held.has(epoch)) continue;
    gaps.push({
      kind: "gap",
      subject: "",
      epoch,
      message: `Epoch ${epoch} is over and has no certificate on the chain; the registry's last one is of epoch ${lastCertified}`,
      details: { epoch: epoch.toString() },
    });
  }
  return gaps;
}
