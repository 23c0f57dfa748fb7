import type { Edit, Mutant } from "./mutant.js";

const GOVERNOR = "contracts/governance/TokenGovernor.sol";
const VESTER = "contracts/token/TreasuryVester.sol";
const DISTRIBUTOR = "contracts/distributor/TokenDistributor.sol";

const GOVERNOR_TEST = "governance/TokenGovernor.t.sol";
const VESTER_TEST = "token/TreasuryVester.t.sol";
const FALSE_RETURNING = "test_Token_FalseReturningTransferReverts";

const mutant = (row: string, files: string, test: string, fault: string, ...edits: Edit[]): Mutant => ({
  row,
  fault,
  edits,
  files: [files],
  test,
});

export const governanceMutants: readonly Mutant[] = [
  mutant("A6", VESTER_TEST, FALSE_RETURNING, "the vester ignores what a transfer answers", {
    file: VESTER,
    from: "    /// @notice Always reverts.\n",
    to: [
      "    function release(address token) public override {",
      "        (bool sent, ) = token.call(abi.encodeWithSelector(0xa9059cbb, owner(), releasable(token)));",
      "        require(sent);",
      "    }",
      "",
      "    /// @notice Always reverts.\n",
    ].join("\n"),
  }),
  mutant("A6", VESTER_TEST, FALSE_RETURNING, "the sweep ignores what a transfer answers", {
    file: DISTRIBUTOR,
    from: "TOKEN.safeTransfer(TREASURY, amount);",
    to: "TOKEN.transfer(TREASURY, amount);",
  }),
  mutant("A6", VESTER_TEST, FALSE_RETURNING, "a claim ignores what a transfer answers", {
    file: DISTRIBUTOR,
    from: "TOKEN.safeTransfer(account, amount);",
    to: "TOKEN.transfer(account, amount);",
  }),
  mutant("F12", GOVERNOR_TEST, "test_Governor_LateQuorum", "a late quorum extends nothing", {
    file: GOVERNOR,
    from: "GovernorPreventLateQuorum(parameters.voteExtension)",
    to: "GovernorPreventLateQuorum(0)",
  }),
  mutant("F12", GOVERNOR_TEST, "test_Governor_ProposerSuffix", "anyone may make a reserved proposal", {
    file: GOVERNOR,
    from: "    /// The base allows zero, at deployment",
    to: [
      "    function _isValidDescriptionForProposer(address, string memory) internal pure override returns (bool) {",
      "        return true;",
      "    }",
      "",
      "    /// The base allows zero, at deployment",
    ].join("\n"),
  }),
];
