import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import type { CertificatesPlan } from "../../src/chain/deployment/certificates.js";

/** The verifier of multisignatures, the registry and the era markers. Nobody owns them; the Timelock decides what is to decide. */
export default buildModule("Certificates", (m) => {
  const verifier = m.contract("StmVerifier");
  const parameters = {
    k: m.getParameter("k"),
    m: m.getParameter("m"),
    c120: m.getParameter("c120"),
    phiF: m.getParameter("phiF"),
    minimumStake: m.getParameter("minimumStake"),
    minimumShare: m.getParameter("minimumShare"),
  };
  const registry = m.contract("CertificateRegistry", [
    {
      token: m.getParameter("token"),
      timelock: m.getParameter("timelock"),
      verifier,
      genesis: m.getParameter("genesis"),
      epochLength: m.getParameter("epochLength"),
      firstAnchorUntil: m.getParameter("firstAnchorUntil"),
      parameters,
    },
  ]);
  const eras = m.contract("EraMarkers", [registry, m.getParameter("era"), m.getParameter("protocolVersion")]);
  return { verifier, registry, eras };
});

/** A checked plan as the module's parameters. */
export const certificatesParameters = (plan: CertificatesPlan) => ({ Certificates: { ...plan } });
