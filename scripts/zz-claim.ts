import { network } from "hardhat";
import { GovernanceToken__factory, TokenDistributor__factory, TokenLaunch__factory } from "../typechain-types/index.js";
const { ethers, networkHelpers } = await network.create();
const [me, signer, claimant, other] = await ethers.getSigners();
const abi = ethers.AbiCoder.defaultAbiCoder();
const k = ethers.keccak256;
const leaf = (id: number, amount: bigint) => k(k(abi.encode(["uint32", "uint256"], [id, amount])));
const pair = (a: string, b: string) => k(a < b ? ethers.concat([a, b]) : ethers.concat([b, a]));
const DEPTH = 17;
// two claims: 1 and 2 are neighbours, the rest random siblings
const amount = 9208256099999000035328n;
const l0 = [leaf(1, amount), leaf(2, amount), leaf(3, amount), leaf(4, amount)];
const l1 = [pair(l0[0]!, l0[1]!), pair(l0[2]!, l0[3]!)];
const rest = Array.from({ length: DEPTH - 2 }, () => ethers.hexlify(ethers.randomBytes(32)));
let root = pair(l1[0]!, l1[1]!);
for (const r of rest) root = pair(root, r);
const proof = (i: number) => [l0[i ^ 1]!, l1[1 - (i >> 1)]!, ...rest];
const now = await networkHelpers.time.latest();
const launch = await new TokenLaunch__factory(me).deploy(
  { name: "T", symbol: "T", minter: me!.address, mintingAllowedAfter: now + 10000, allocations: [], distributed: 10n ** 26n },
  { token: ethers.ZeroAddress, treasury: me!.address, merkleRoot: root, listHash: ethers.ZeroHash, launch: true, start: now, end: now + 10 ** 7, owner: me!.address, guardian: me!.address, signer: signer!.address, signerKind: 0 } as never);
const d = TokenDistributor__factory.connect(await launch.distributor(), me);
const t = GovernanceToken__factory.connect(await launch.token(), me);
const domain = { name: "TokenDistributor", version: "1", chainId: (await ethers.provider.getNetwork()).chainId, verifyingContract: await d.getAddress() };
const types = { Claim: "userId:uint32,account:address,amount:uint256,delegatee:address,submitter:address,deadline:uint256".split(",").map((x) => { const [name, type] = x.split(":"); return { name: name!, type: type! }; }) };
async function claim(i: number, who: typeof me, delegatee: string) {
  const deadline = now + 100000;
  const value = { userId: i + 1, account: who!.address, amount, delegatee, submitter: who!.address, deadline };
  const sig = await signer!.signTypedData(domain, types, value);
  const tx = await d.connect(who!).claimSigned(i + 1, amount, delegatee, deadline, sig, proof(i));
  return (await tx.wait())!.gasUsed;
}
const steward = "0x" + "57".repeat(20);
const s = await ethers.getSigners();
console.log("first, fresh word, fresh steward", await claim(0, s[5], steward));
console.log("steward S", await claim(1, s[6], steward));
console.log("steward S again", await claim(2, s[7], steward));
console.log("self F", await claim(3, s[8], s[8]!.address));
void t; void claimant; void other;
