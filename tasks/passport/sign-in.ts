import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { PassportClient } from "../../src/http/passport/passport-client.js";
import { writeSiwe } from "../../src/passport/siwe.js";
import { sendingAccount } from "../accounts.js";
import { required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface SignInArguments {
  service: string | undefined;
  site: string | undefined;
  from: string | undefined;
  json: boolean;
}

const signIn: NewTaskActionFunction<SignInArguments> = async (given, hre) =>
  run(async () => {
    const url = required(given.service, "--service");
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const { chainId } = await connection.ethers.provider.getNetwork();
    const domain = given.site ?? "localhost";
    const session = await new PassportClient({ url, access: null }).signIn(async (nonce) => {
      const message = writeSiwe({ domain, address: signer.address, chainId, nonce, issuedAt: new Date() });
      return { message, signature: await signer.signMessage(message) };
    });
    printResult(given.json, { account: signer.address, session: session.expose() }, [session.expose()]);
  });

export default signIn;
