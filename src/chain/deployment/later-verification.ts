// What an explorer needs to verify the contracts of the later steps. Nothing was written down when they were deployed: the
// chain still says with which arguments, in getters and in the events of the creating transaction.
import { id, type Provider, ZeroAddress, ZeroHash } from "ethers";

import {
  IdentityStaking__factory,
  PassportDecoder__factory,
  PassportRegistry__factory,
} from "../../../typechain-types/index.js";
import { readLogs } from "../event-log.js";
import { request, type VerificationRequest } from "./verification.js";

export async function passportVerification(
  provider: Provider,
  { registry, decoder }: { readonly registry: string; readonly decoder: string },
): Promise<VerificationRequest[]> {
  const timelock = await PassportRegistry__factory.connect(registry, provider).timelock();
  const answers = PassportDecoder__factory.connect(decoder, provider);
  return [
    request("passport/PassportRegistry", registry, [timelock]),
    request("passport/PassportDecoder", decoder, [await answers.registry(), await answers.defaultScorer()]),
  ];
}

/** Roles may have changed since; the constructor's are those that its own transaction granted. */
export async function stakingVerification(
  provider: Provider,
  address: string,
  fromBlock: number,
): Promise<VerificationRequest[]> {
  const staking = IdentityStaking__factory.connect(address, provider);
  const topics = [staking.interface.getEvent("RoleGranted").topicHash];
  const logs = await readLogs(provider, { address, topics, fromBlock });
  const first = logs.filter(({ transactionHash }) => transactionHash === logs[0]?.transactionHash);
  const granted = new Map(
    first.map((log) => {
      const [role, account] = staking.interface.parseLog(log)!.args as unknown as [string, string];
      return [role, account] as const;
    }),
  );
  const holder = (role: string) => granted.get(role) ?? ZeroAddress;
  const [token, burnRecipient, appealWindow] = await Promise.all([
    staking.token(),
    staking.burnRecipient(),
    staking.appealWindow(),
  ]);
  const roles = {
    admin: holder(ZeroHash),
    slasher: holder(id("SLASHER_ROLE")),
    releaser: holder(id("RELEASER_ROLE")),
    pauser: holder(id("PAUSER_ROLE")),
  };
  return [request("staking/IdentityStaking", address, [{ token, ...roles, burnRecipient, appealWindow }])];
}
