import { network } from "hardhat";
import { GovernanceToken__factory } from "../typechain-types/index.js";
const { ethers } = await network.create();
const [me] = await ethers.getSigners();
const steward = "0x" + "57".repeat(20);
const t = await new GovernanceToken__factory(me).deploy("Touch", "TCH", me.address, 99999999999n, me.address, [
  { account: me.address, amount: 10n ** 24n },
]);
for (let i = 1; i < 4; i++) await (await t.distribute("0x" + `0${i}`.repeat(20), 5n * 10n ** 18n, steward)).wait();
const tx = await t.distribute("0x" + "be".repeat(20), 7n * 10n ** 18n, steward);
const r = await tx.wait();
const trace = await ethers.provider.send("debug_traceTransaction", [r!.hash, {}]);
console.log("gas used", r!.gasUsed, "logs", trace.structLogs.length);
let last = 0;
const sums: Record<string, number> = {};
for (const [i, l] of trace.structLogs.entries()) {
  const next = trace.structLogs[i + 1];
  const cost = next ? l.gas - next.gas : l.gasCost;
  sums[l.op] = (sums[l.op] ?? 0) + cost;
  if (process.env.FULL)
    console.log(
      l.pc,
      l.op,
      cost,
      l.stack
        ?.slice(-4)
        .map((x: string) => x.replace(/^0x/, "").replace(/^0+/, ""))
        .join(" "),
    );
}
console.log(sums);
