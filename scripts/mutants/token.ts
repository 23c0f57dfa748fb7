import type { Edit, Mutant } from "./mutant.js";

const TOKEN = "contracts/token/GovernanceToken.sol";
const LEDGER = "contracts/token/PackedVotes.sol";

const mutant = (row: string, files: string, test: string, fault: string, ...edits: Edit[]): Mutant => ({
  row,
  fault,
  edits,
  files: [files],
  test,
});

export const tokenMutants: readonly Mutant[] = [
  mutant(
    "A8",
    "token/GovernanceToken.storage.t.sol",
    "test_Build_StorageLayoutIsMinimal",
    "the token keeps its distributor in storage",
    { file: TOKEN, from: "address private immutable DISTRIBUTOR;", to: "address private DISTRIBUTOR;" },
  ),
  mutant(
    "C4",
    "token/GovernanceToken.distribute.t.sol",
    "testFuzz_Token_HookCannotTouchThirdParty",
    "anybody uses the hook",
    {
      file: TOKEN,
      from: "if (msg.sender != DISTRIBUTOR) revert TokenNotDistributor(msg.sender);",
      to: "",
    },
  ),
  mutant(
    "C4",
    "token/GovernanceToken.distribute.t.sol",
    "test_Token_DistributorSetOnce",
    "the minter repoints the hook",
    {
      file: TOKEN,
      from: "address private immutable DISTRIBUTOR;",
      to: "address private DISTRIBUTOR;",
    },
    {
      file: TOKEN,
      from: "    /// @inheritdoc IGovernanceToken\n    function setMinter(",
      to: [
        "    function setDistributor(address next) external {",
        "        if (msg.sender != _minter) revert TokenNotMinter(msg.sender);",
        "        DISTRIBUTOR = next;",
        "    }",
        "",
        "    /// @inheritdoc IGovernanceToken",
        "    function setMinter(",
      ].join("\n"),
    },
  ),
  mutant(
    "C7",
    "distributor/TokenDistributor.delegation.t.sol",
    "test_Delegate_PriorHoldingsAndZero",
    "zero takes the delegate away",
    {
      file: LEDGER,
      from: "delegatee == address(0) ? receiver : receiver.withDelegatee(delegatee)",
      to: "receiver.withDelegatee(delegatee)",
    },
    { file: LEDGER, from: "        if (delegatee == address(0)) return;\n", to: "" },
  ),
];
