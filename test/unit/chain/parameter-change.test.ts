import { expect } from "chai";
import fc from "fast-check";

import type {
  CertificateRegistryGateway,
  EpochParameters,
  NewParameters,
} from "../../../src/chain/certificate-registry.js";
import { changedParameters, planParameterChange, type ParameterChange } from "../../../src/chain/parameter-change.js";
import type { ScheduledParameters } from "../../../src/chain/parameter-schedule.js";
import { DomainError } from "../../../src/shared/errors.js";

const HELD: EpochParameters = {
  stm: { k: 619n, m: 4994n, phiF: 0.2 },
  hash: `0x${"11".repeat(32)}`,
  minimumStake: 1_000n * 10n ** 9n,
  minimumShare: 2_000,
};

const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return "accepted";
};

describe("a change of parameters", () => {
  it("changes what is named and leaves the rest", () => {
    expect(changedParameters(HELD, {})).to.deep.equal({
      ...{ stm: HELD.stm, minimumStake: HELD.minimumStake, minimumShare: HELD.minimumShare },
    });
    const changed = changedParameters(HELD, { k: 700n, minimumShare: 5_000 });
    expect(changed.stm).to.deep.equal({ k: 700n, m: 4994n, phiF: 0.2 });
    expect(changed).to.include({ minimumStake: HELD.minimumStake, minimumShare: 5_000 });
  });

  it("is refused for each value that the registry refuses, and at no other", async () => {
    const refused: ParameterChange[] = [
      ...[{ k: 0n }, { k: 4995n }, { m: 618n }, { m: 65_536n }, { phiF: 0 }, { phiF: 0.96 }, { phiF: 1 }],
      ...[{ minimumStake: 0n }, { minimumStake: 2n ** 64n }, { minimumShare: 0 }, { minimumShare: 10_001 }],
      { minimumShare: Number.NaN },
    ];
    for (const change of refused) {
      expect(await codeOf(() => changedParameters(HELD, change))).to.equal("certificate/bad-parameters");
    }
    const taken: ParameterChange[] = [
      ...[{ k: 1n }, { k: 4994n }, { m: 619n }, { m: 65_535n }, { phiF: 0.95 }, { phiF: 0.0001 }],
      ...[{ minimumStake: 1n }, { minimumStake: 2n ** 64n - 1n }, { minimumShare: 1 }, { minimumShare: 10_000 }],
    ];
    for (const change of taken) expect(await codeOf(() => changedParameters(HELD, change))).to.equal("accepted");
  });

  /** A registry at an epoch with a schedule; it keeps what is asked of it. */
  function registry(now: bigint, schedule: readonly ScheduledParameters[]) {
    const asked: { epoch: bigint; parameters: NewParameters }[] = [];
    const gateway = {
      clock: () => Promise.resolve({ genesis: 100n, epochLength: 10n, now: 92n + 10n * now, epoch: now }),
      schedule: () => Promise.resolve(schedule),
      scheduleParameters: (epoch: bigint, parameters: NewParameters) => {
        asked.push({ epoch, parameters });
        return { call: { to: "0x", data: "0x", value: 0n, summary: "" } };
      },
    };
    return { asked, gateway: gateway as unknown as CertificateRegistryGateway };
  }

  it("starts two epochs ahead at least, from what holds in its epoch", async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: 30n }), async (now, epoch) => {
        const later = { ...HELD, stm: { ...HELD.stm, k: 640n }, epoch: 12n };
        const { asked, gateway } = registry(now, [{ ...HELD, epoch: 0n }, later]);
        const code = await codeOf(() => planParameterChange(gateway, epoch, { m: 5_000n }));
        expect(code).to.equal(epoch < now + 2n ? "certificate/too-early" : "accepted");
        expect(asked.map((one) => [one.epoch, one.parameters.stm])).to.deep.equal(
          epoch < now + 2n ? [] : [[epoch, { k: epoch < 12n ? 619n : 640n, m: 5_000n, phiF: 0.2 }]],
        );
      }),
    );
  });

  it("counts the time that a vote takes", async () => {
    const { gateway } = registry(3n, [{ ...HELD, epoch: 0n }]);
    const at = (epoch: bigint, seconds: bigint) =>
      codeOf(() => planParameterChange(gateway, epoch, { k: 1n }, seconds));
    // Two seconds into epoch 3: seven more are of it still, and the eighth is not.
    expect([await at(5n, 7n), await at(5n, 8n), await at(6n, 8n)]).to.deep.equal([
      ...["accepted", "certificate/too-early", "accepted"],
    ]);
    const error: unknown = await planParameterChange(gateway, 5n, { k: 1n }, 30n).catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.contain(
      "it is epoch 3, and a proposal that is made now is executed in epoch 6",
    );
  });

  it("does nothing where nothing changes, and takes later changes away where it is asked to", async () => {
    const alone = registry(3n, [{ ...HELD, epoch: 0n }]);
    const { step } = await planParameterChange(alone.gateway, 9n, { k: 619n });
    expect(step).to.have.property("done");
    const later = registry(3n, [
      { ...HELD, epoch: 0n },
      { ...HELD, stm: { ...HELD.stm, k: 640n }, epoch: 12n },
    ]);
    expect((await planParameterChange(later.gateway, 9n, { k: 619n })).step).to.have.property("call");
  });
});
