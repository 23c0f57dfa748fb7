import type { Mutant } from "./mutant.js";

const LIBRARIES = "contracts/certificates/libraries";

const mutant = (
  row: string,
  files: string,
  test: string,
  fault: string,
  file: string,
  from: string,
  to: string,
): Mutant => ({
  row,
  fault,
  edits: [{ file, from, to }],
  files: [`certificates/${files}`],
  test,
});

const LOTTERY = "StmLottery.t.sol";
const PARTS = "StmParts.t.sol";
const VERIFIER = "StmVerifier.t.sol";

export const certificatesMutants: readonly Mutant[] = [
  mutant(
    "V3",
    PARTS,
    "testFuzz_Threshold_IsThePlainSeries",
    "the threshold is not cut above x = 2.6",
    `${LIBRARIES}/StmThreshold.sol`,
    "if (cut < threshold) threshold = cut;",
    "cut;",
  ),
  mutant(
    "V4",
    PARTS,
    "testFuzz_Threshold_IsThePlainSeries",
    "a difference below the margin wraps",
    `${LIBRARIES}/StmThreshold.sol`,
    "if (positive <= negative + MARGIN) return 0;",
    "",
  ),
  mutant(
    "V2",
    LOTTERY,
    "test_Lottery_RangeAndRepetition",
    "an index equal to m passes",
    `${LIBRARIES}/StmLottery.sol`,
    "_write(LAST_INDEX, m - 1);",
    "_write(LAST_INDEX, m);",
  ),
  mutant(
    "V5",
    LOTTERY,
    "test_Lottery_EveryByteDecides",
    "a draw whose top bytes equal the threshold's always wins",
    `${LIBRARIES}/StmLottery.sol`,
    "yes := iszero(lt(drawn(digest), limit))",
    "yes := gt(shr(8, drawn(digest)), shr(8, limit))",
  ),
  mutant(
    "V6",
    LOTTERY,
    "test_Lottery_BorderAtEveryLength",
    "a signature across two blocks loses its rest",
    `${LIBRARIES}/StmLottery.sol`,
    "mcopy(SECOND_BLOCK, add(signature, split), sub(SIGNATURE_BYTES, split))",
    "mcopy(SECOND_BLOCK, add(signature, split), 0)",
  ),
  mutant(
    "V7",
    PARTS,
    "test_Coefficients_AreTheHashesRead",
    "all signatures get one coefficient",
    `${LIBRARIES}/StmCoefficients.sol`,
    "mstore8(add(place, 1), j)",
    "mstore8(add(place, 1), 0)",
  ),
  mutant(
    "V8",
    PARTS,
    "test_Signer_ZeroPointsAreFoundByEveryByte",
    "a key at infinity passes",
    `${LIBRARIES}/StmSigner.sol`,
    "calldataload(add(record, 128))",
    "1",
  ),
  mutant(
    "V9",
    VERIFIER,
    "test_StmVerifier_VectorsGetTheirVerdict",
    "left-over path values pass",
    "contracts/certificates/StmVerifier.sol",
    "if (needed != length) revert StmPathLength(length, needed);",
    "",
  ),
  mutant(
    "V1",
    VERIFIER,
    "test_StmVerifier_VectorsGetTheirVerdict",
    "a quorum may lack an index",
    "contracts/certificates/StmVerifier.sol",
    "if (count < k) revert",
    "if (count + 1 < k) revert",
  ),
];
