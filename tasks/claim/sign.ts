import { writeFile } from "node:fs/promises";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { claimDocumentText } from "../../src/claims/claim-file.js";
import { signClaim } from "../../src/claims/sign-claim.js";
import { guardedSigner } from "../../src/claims/signer.js";
import { decryptKeystore } from "../../src/claims/signers/keystore.js";
import { keySigner } from "../../src/claims/signers/key-signer.js";
import { claimDomain, type ClaimDomain } from "../../src/claims/typed-data.js";
import { openAllocations } from "../../src/merkle/open-allocations.js";
import { systemClock, unixSeconds } from "../../src/shared/clock.js";
import type { Secret } from "../../src/shared/secret.js";
import { givenOrDeployed } from "../deployment.js";
import { readText } from "../files.js";
import { checkedAddress, parseNumber, required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { secretVariable } from "../variables.js";

interface SignArguments {
  userId: string;
  account: string;
  list: string | undefined;
  delegatee: string | undefined;
  lifetime: string | undefined;
  deadline: string | undefined;
  submitter: string | undefined;
  accountSignature: string | undefined;
  keystore: string | undefined;
  out: string | undefined;
  chainId: string | undefined;
  distributor: string | undefined;
  deploymentId: string | undefined;
  json: boolean;
}

const sign: NewTaskActionFunction<SignArguments> = async (given, hre) =>
  run(async () => {
    const book = await openAllocations(required(given.list, "--list"));
    const domain = await domainOf(given, hre);
    const request = {
      userId: Number(parseNumber(given.userId, "The user id")),
      account: checkedAddress(given.account),
      delegatee: given.delegatee === undefined ? undefined : checkedAddress(given.delegatee),
      sponsorship: sponsorshipOf(given),
      deadline: deadlineOf(given),
    };
    const document = await signClaim(request, domain, book, async () =>
      guardedSigner(keySigner(await keyOf(given, hre), domain), book),
    );
    const text = claimDocumentText(document);
    if (given.out === undefined) {
      console.log(text.trimEnd());
      return;
    }
    await writeFile(given.out, text);
    printResult(given.json, { file: given.out, claim: document }, [
      `Wrote ${given.out}: a ${document.kind} claim of user ${document.claim.userId} for ${document.claim.account}`,
    ]);
  });

async function domainOf(given: SignArguments, hre: HardhatRuntimeEnvironment): Promise<ClaimDomain> {
  if (given.chainId !== undefined && given.distributor !== undefined) {
    return claimDomain(parseNumber(given.chainId, "--chain-id"), checkedAddress(given.distributor));
  }
  const connection = await hre.network.create();
  const { chainId } = await connection.ethers.provider.getNetwork();
  const { distributor, deploymentId } = given;
  return claimDomain(chainId, await givenOrDeployed(distributor, hre, connection, "TokenDistributor", deploymentId));
}

function sponsorshipOf({ submitter, accountSignature }: SignArguments) {
  if (submitter === undefined && accountSignature === undefined) return undefined;
  return {
    submitter: checkedAddress(required(submitter, "--submitter")),
    accountSignature: required(accountSignature, "--account-signature"),
  };
}

function deadlineOf({ deadline, lifetime = "3600" }: SignArguments): bigint {
  if (deadline !== undefined) return parseNumber(deadline, "--deadline");
  return BigInt(unixSeconds(systemClock)) + parseNumber(lifetime, "--lifetime");
}

async function keyOf({ keystore }: SignArguments, hre: HardhatRuntimeEnvironment): Promise<Secret> {
  if (keystore === undefined) return secretVariable(hre, "CLAIMS_SIGNER_KEY");
  const json = await readText(keystore, "The keystore");
  return decryptKeystore(json, await secretVariable(hre, "CLAIMS_SIGNER_PASSWORD"));
}

export default sign;
