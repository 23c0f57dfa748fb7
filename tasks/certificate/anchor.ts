import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { certificateFromJson } from "../../src/certificates/certificate-json.js";
import { certifyCall } from "../../src/chain/certify-call.js";
import { sendingAccount } from "../accounts.js";
import { readJson } from "../files.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openRegistry, type SendingArguments } from "./open.js";

interface AnchorArguments extends SendingArguments {
  file: string;
}

const anchor: NewTaskActionFunction<AnchorArguments> = async (given, hre) =>
  run(async () => {
    const certificate = certificateFromJson(await readJson(given.file, "The certificate"), "the certificate");
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const registry = await openRegistry(hre, connection, given);
    const { parts, proof } = certifyCall(certificate);
    const facts = { registry: registry.address, certificate: certificate.hash };
    await submit(await registry.certify(parts, proof), { connection, signer, ...given }, facts);
  });

export default anchor;
