import type { Edit, Mutant } from "./mutant.js";

const CHAIN = "contracts/certificates/CertificateRegistry.sol";
const SEAL = "contracts/certificates/EpochSeal.sol";
const REGISTRATION = "contracts/certificates/StewardRegistration.sol";
const PROOF = "contracts/certificates/libraries/KeyProof.sol";
const STAKES = "contracts/certificates/StewardStakes.sol";
const TREE = "contracts/certificates/libraries/SealTree.sol";

const SCHEDULE = "contracts/certificates/ProtocolSchedule.sol";
const SCORES = "contracts/passport/PassportRegistry.sol";

const mutant = (row: string, file: string, test: string, fault: string, ...edits: Edit[]): Mutant => ({
  ...{ row, fault, edits, test },
  files: [file.includes("/") ? file : `certificates/${file}`],
});

export const registryMutants: readonly Mutant[] = [
  mutant(
    "R1",
    "CertificateRegistry.register.t.sol",
    "test_Register_CopiedProofReverts",
    "the binding names no steward",
    {
      file: REGISTRATION,
      from: "if (!KeyProof.verify(key, compressed, proof, bindingOf(epoch, msg.sender, keccak256(compressed)))) {",
      to: "if (!KeyProof.verify(key, compressed, proof, bindingOf(epoch, address(uint160(msg.sender) & ~uint160(3)), keccak256(compressed)))) {",
    },
  ),
  mutant(
    "R2",
    "CertificateRegistry.register.t.sol",
    "test_Register_CompensatingPointsRevert",
    "the three equations are added without weights",
    {
      file: PROOF,
      from: "uint256 seed = uint256(keccak256(bytes.concat(points, binding)));",
      to: "points; uint256 seed = (1 << 128) | 1;",
    },
  ),
  mutant("R3", "CertificateRegistry.register.t.sol", "test_Register_InfinityReverts", "points at infinity are taken", {
    file: PROOF,
    from: "if (key.isInfinity() || k1.isInfinity() || k2.isInfinity() || bind.isInfinity()) return false;",
    to: "",
  }),
  mutant("R4", "CertificateRegistry.register.t.sol", "test_Register_TakenKeyReverts", "two stewards register one key", {
    file: REGISTRATION,
    from: "if (registrations.stewards[keyHash] != address(0)) revert RegistrationKeyTaken(epoch, keyHash);",
    to: "",
  }),
  mutant(
    "R5",
    "CertificateRegistry.seal.t.sol",
    "test_Seal_StakeIsTheLeastOfThreeSamples",
    "the last sample alone counts",
    { file: STAKES, from: "if (others < votes) votes = others;", to: "votes = others;" },
  ),
  mutant(
    "R6",
    "CertificateRegistry.seal.t.sol",
    "test_Seal_LeavesOutStakesBelowTheMinimum",
    "an incomplete list decides an epoch",
    {
      file: SEAL,
      from: "if (reached.read == registeredCount(epoch)) {",
      to: "if (reached.leaves + 1 >= registeredCount(epoch)) {",
    },
  ),
  mutant("R7", "CertificateRegistry.seal.t.sol", "testFuzz_Seal_InventedProgressReverts", "any progress is believed", {
    file: SEAL,
    from: "if (!_seals[epoch].reached[hash]) revert SealUnknownProgress(epoch, hash);",
    to: "hash;",
  }),
  mutant("R8", "SealTree.t.sol", "test_SealTree_EqualsTheHeap", "missing leaves are zero words", {
    file: TREE,
    from: "0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314",
    to: "0x0000000000000000000000000000000000000000000000000000000000000000",
  }),
  mutant(
    "R9",
    "CertificateRegistry.anchor.t.sol",
    "test_Anchor_AGapNeedsPermissionAndNothingMore",
    "a permission serves for ever",
    { file: CHAIN, from: "(chain.firstPermitted, chain.lastPermitted) = (0, 0);", to: "" },
  ),
  mutant(
    "R10",
    "CertificateRegistry.certify.t.sol",
    "test_Certify_TheDistributionFirstAndSnapshotsAfterIt",
    "an older snapshot replaces a newer one",
    {
      file: CHAIN,
      from: "if (certificate.snapshotBlock <= certified.snapshotBlock) {",
      to: "if (certificate.snapshotBlock == certified.snapshotBlock) {",
    },
  ),
  mutant(
    "R17",
    "passport/PassportRegistry.certified.t.sol",
    "testFuzz_Registry_AnchoringAnySnapshotAgesNoScoreEarly",
    "certified roots come as often as somebody sends them",
    { file: SCORES, from: "if (issuedAt < earliest) revert RegistryRootTooSoon(issuedAt, earliest);", to: "earliest;" },
  ),
  mutant(
    "R17",
    "passport/PassportRegistry.certified.t.sol",
    "test_Certified_RootsKeepTheInterval",
    "the interval counts when a root is sent, not when it was issued",
    {
      file: SCORES,
      from: "if (issuedAt < earliest) revert RegistryRootTooSoon(issuedAt, earliest);",
      to: "if (block.timestamp < earliest) revert RegistryRootTooSoon(issuedAt, earliest);",
    },
  ),
  mutant(
    "R18",
    "CertificateRegistry.seal.t.sol",
    "test_Seal_StakesBeyond64BitsBlockTheEpoch",
    "stakes that do not fit together fail every seal",
    {
      file: SEAL,
      from: "if (total > type(uint64).max) return false;",
      to: "if (total > type(uint64).max) revert SealAlreadyMade(terms.epoch);",
    },
  ),
  mutant(
    "R18",
    "CertificateRegistry.seal.t.sol",
    "test_Seal_ALargerStakeIsReadAs64Bits",
    "a stake is cut to its lowest bits",
    {
      file: STAKES,
      from: "return stake < type(uint64).max ? uint64(stake) : type(uint64).max;",
      to: "return uint64(stake);",
    },
  ),
  mutant(
    "R13",
    "CertificateRegistry.anchor.t.sol",
    "test_Anchor_APermissionThatNobodyNeededEnds",
    "a permission that nobody needed waits for a later gap",
    {
      file: CHAIN,
      from: "} else if (chain.lastPermitted != 0 && epoch >= chain.firstPermitted) {",
      to: "} else if (false) {",
    },
  ),
  mutant(
    "R14",
    "CertificateRegistry.parameters.t.sol",
    "testFuzz_Parameters_TheLogarithmIsNeverZero",
    "the least phi_f takes a logarithm of 0",
    { file: SCHEDULE, from: "parameters.phiF >= MIN_PHI_F &&", to: "parameters.phiF != 0 &&" },
  ),
];
