import type { Edit, Mutant } from "./mutant.js";

const DISTRIBUTOR = "contracts/distributor/TokenDistributor.sol";
const INTERFACE = "contracts/distributor/ITokenDistributor.sol";

const edit = (from: string, to: string): Edit => ({ file: DISTRIBUTOR, from, to });
const mutant = (row: string, file: string, test: string, fault: string, ...edits: Edit[]): Mutant => ({
  row,
  fault,
  edits,
  files: [`distributor/TokenDistributor.${file}.t.sol`],
  test,
});

const UNBOUND_LEAF = "return EfficientHashLib.hash(EfficientHashLib.hash(uint256(userId), amount));";
const BOUND_LEAF = "return EfficientHashLib.hash(EfficientHashLib.hash(uint256(userId), amount, uint160(account)));";
const PROOF = "if (MerklePath.rootOf(proof, leaf) != MERKLE_ROOT) revert DistributorInvalidProof(userId);";
const APPROVED = "if (!approved) revert DistributorInvalidSignerSignature(userId);";
const BIT = "word.bits = bits | bit;";
const CONSTRUCTOR_END = "        _setGuardian(configuration.guardian);\n    }";
const BAD_ARGUMENTS = "test_Deploy_RejectsBadArguments";

export const distributorMutants: readonly Mutant[] = [
  mutant(
    "A2",
    "hashing",
    "test_Leaf_EncodedNotPacked",
    "the leaf is packed",
    edit(UNBOUND_LEAF, "return keccak256(bytes.concat(keccak256(abi.encodePacked(userId, amount))));"),
  ),
  mutant(
    "A5",
    "hashing",
    "test_Leaf_GoldenTsEqualsSol",
    "the bound leaf has another order",
    edit(BOUND_LEAF, BOUND_LEAF.replace("amount, uint160(account)", "uint160(account), amount")),
  ),
  mutant(
    "A8",
    "deploy",
    "test_Build_StorageLayoutIsMinimal",
    "the treasury lies in storage",
    edit("address private immutable TREASURY;", "address private TREASURY;"),
  ),
  mutant(
    "A6",
    "hostile",
    "test_Claim_RevertWhen_TheTokenRefuses",
    "the hook's result is ignored",
    edit(
      "if (!IGovernanceToken(address(TOKEN)).distribute(account, amount, delegatee)) {",
      "if (!IGovernanceToken(address(TOKEN)).distribute(account, amount, delegatee) && false) {",
    ),
  ),
  mutant("A10", "claimSigned", "test_Claim_SignatureAloneFails", "no proof is needed", edit(PROOF, "")),
  mutant("A10", "claimSigned", "test_Claim_ProofAloneFails", "no signature is needed", edit(APPROVED, "")),
  mutant(
    "C1",
    "control",
    "test_Signer_RotationVoidsOldSignatures",
    "the first signer stays for ever",
    edit(
      "_control = _control.withSigner(newSigner, kind == SignerKind.Contract);",
      "if (_control.signerOf() == address(0)) _control = _control.withSigner(newSigner, kind == SignerKind.Contract);",
    ),
  ),
  mutant(
    "C1",
    "claimSigned",
    "test_Claim_ExpiredSignatureReverts",
    "signatures never expire",
    edit("if (block.timestamp > deadline) revert DistributorClaimExpired(userId, deadline);", ""),
  ),
  mutant(
    "C2",
    "claimSigned",
    "test_Domain_FollowsChainId",
    "the domain is computed once",
    edit("bool private immutable LAUNCH;", "bool private immutable LAUNCH;\n    bytes32 private immutable DOMAIN;"),
    edit("LAUNCH = configuration.launch;", "LAUNCH = configuration.launch;\n        DOMAIN = _domainSeparatorV4();"),
    edit("_digest(_domainSeparatorV4(), userId, msg.sender", "_digest(DOMAIN, userId, msg.sender"),
    edit("_domainSeparatorV4(),\n                claim_.userId", "DOMAIN,\n                claim_.userId"),
  ),
  mutant(
    "C5",
    "hostile",
    "test_Claim_ReentrantTokenCannotDoubleClaim",
    "the bit is set after the transfer",
    edit(BIT, ""),
    edit(
      "            return;\n        }\n        TOKEN.safeTransfer(account, amount);",
      [
        "            word.bits |= bit;",
        "            return;",
        "        }",
        "        TOKEN.safeTransfer(account, amount);",
        "        word.bits |= bit;",
      ].join("\n"),
    ),
  ),
  mutant(
    "C6",
    "sweep",
    "test_Window_BoundarySecond",
    "claims go on after the end",
    edit("if (block.timestamp >= END && block.timestamp >= end()) revert DistributorEnded(end());", ""),
  ),
  mutant(
    "C6",
    "sweep",
    "test_Window_BoundarySecond",
    "the end's second is in the window",
    edit("block.timestamp >= END && block.timestamp >= end()", "block.timestamp > END && block.timestamp > end()"),
  ),
  mutant(
    "C6",
    "sweep",
    "test_Window_BoundarySecond",
    "the sweep begins a second late",
    edit("if (block.timestamp < end()) revert", "if (block.timestamp <= end()) revert"),
  ),
  mutant(
    "C6",
    "sweep",
    "test_Window_BoundarySecond",
    "a guardian's pause does not move the sweep",
    edit("if (block.timestamp < end()) revert", "if (block.timestamp < END) revert"),
  ),
  mutant(
    "GATE",
    "gate",
    "test_Gate_HoldsInABatch",
    "batches come round the gate",
    edit("if (GATE_MINIMUM != 0) _passGate(account);", ""),
  ),
  mutant(
    "GATE",
    "gate",
    "test_Gate_RevertGiven_TheAccountClaimed",
    "the account is not marked",
    edit("_passedGate[account] = true;", ""),
  ),
  mutant(
    "GATE",
    "gate",
    "test_Gate_RevertWhen_ScoreIsTooLow",
    "any score passes",
    edit("if (score < GATE_MINIMUM) revert DistributorScoreTooLow(account, score, GATE_MINIMUM);", ""),
  ),
  {
    row: "C8",
    fault: "the claim event has no indexed fields",
    edits: [
      {
        file: INTERFACE,
        from: "event Claimed(uint32 indexed userId, address indexed account,",
        to: "event Claimed(uint32 userId, address account,",
      },
    ],
    files: ["distributor/TokenDistributor.claim.t.sol"],
    test: "test_Events_ClaimedTopics",
  },
  mutant(
    "C9",
    "deploy",
    BAD_ARGUMENTS,
    "any token address is taken",
    edit("if (address(configuration.token).code.length == 0)", "if (address(configuration.token) == address(0))"),
  ),
  mutant(
    "C9",
    "deploy",
    BAD_ARGUMENTS,
    "the treasury may be zero",
    edit("configuration.treasury == address(0) ||", "false ||"),
  ),
  mutant(
    "C9",
    "deploy",
    BAD_ARGUMENTS,
    "the root may be zero",
    edit("if (configuration.merkleRoot == 0)", "if (false)"),
  ),
  mutant(
    "C9",
    "deploy",
    BAD_ARGUMENTS,
    "the window may be empty",
    edit("configuration.start >= configuration.end ||", "configuration.start > configuration.end ||"),
  ),
  mutant(
    "C9",
    "deploy",
    BAD_ARGUMENTS,
    "the window may lie in the past",
    edit("|| configuration.end <= block.timestamp", "|| configuration.end < block.timestamp"),
  ),
  mutant(
    "C9",
    "deploy",
    BAD_ARGUMENTS,
    "the signer may be zero",
    edit("if (newSigner == address(0)) revert DistributorInvalidSigner(newSigner);", ""),
  ),
  mutant(
    "C10",
    "sweep",
    "test_Sweep_ImmutableReceiver",
    "the sweep pays its caller",
    edit("TOKEN.safeTransfer(TREASURY, amount);", "TOKEN.safeTransfer(msg.sender, amount);"),
  ),
  mutant(
    "C10",
    "sweep",
    "test_Sweep_ImmutableReceiver",
    "an empty sweep succeeds",
    edit("if (amount == 0) revert DistributorNothingToSweep();", ""),
  ),
  mutant(
    "C13",
    "hashing",
    "test_Merkle_InternalNodeIsNoLeaf",
    "the unbound leaf is hashed once",
    edit(UNBOUND_LEAF, "return EfficientHashLib.hash(uint256(userId), amount);"),
  ),
  mutant(
    "F1",
    "sweep",
    "test_Sweep_NoPrivilegedPath",
    "the owner sweeps at any time",
    edit("if (block.timestamp < end()) revert", "if (msg.sender != owner() && block.timestamp < end()) revert"),
  ),
  mutant(
    "F2",
    "deploy",
    "test_Deploy_NoAllowances",
    "the treasury has an allowance",
    edit(
      CONSTRUCTOR_END,
      CONSTRUCTOR_END.replace("\n    }", "\n        TOKEN.forceApprove(TREASURY, type(uint256).max);\n    }"),
    ),
  ),
  mutant(
    "F3",
    "claimBatch",
    "test_Batch_EveryItemSigned",
    "only the first item's account signs",
    edit("submitter, claims[i]);", "submitter, claims[i], i == 0);"),
    edit(
      "address submitter,\n        SponsoredClaim calldata item\n    )",
      "address submitter,\n        SponsoredClaim calldata item,\n        bool first\n    )",
    ),
    edit("if (msg.sender != account) {", "if (first && msg.sender != account) {"),
  ),
  mutant(
    "F4",
    "delegation",
    "test_Delegate_NoUserSignatureNeeded",
    "the hook is not used",
    edit("if (LAUNCH) {", "if (false) {"),
  ),
  mutant(
    "F5",
    "delegation",
    "test_Delegate_AllOrNothing",
    "a claim does not look at the delegate",
    edit("if (delegatee != address(0) && IVotes", "if (false && IVotes"),
  ),
  mutant(
    "F6",
    "claim",
    "test_Claim_ThirdPartyRejected",
    "anybody submits",
    edit("if (msg.sender != submitter) revert", "if (false) revert"),
  ),
  mutant(
    "F6",
    "claim",
    "test_Claim_ThirdPartyRejected",
    "the account need not sign",
    edit("if (account == address(0)) return false;", "return true;"),
  ),
  mutant(
    "F7",
    "control",
    "test_Signer_WithCodePolicy",
    "the signer's kind is guessed from its code",
    edit("control.signsAsContract()\n", "control.signerOf().code.length != 0\n"),
  ),
  mutant(
    "F7",
    "claimBatch",
    "test_Batch_PaysAnAccountWithDelegatedCode",
    "an account with code has no key",
    edit(
      "if (ECDSA.tryRecoverCalldata(digest, signature) == account) return true;",
      "if (account.code.length == 0) return ECDSA.tryRecoverCalldata(digest, signature) == account;",
    ),
  ),
  mutant(
    "F11",
    "claim",
    "test_Claim_PaysOutTokensOnly",
    "a claim refunds gas",
    edit(
      "emit Claimed(userId, account, amount, delegatee);",
      "emit Claimed(userId, account, amount, delegatee);\n        payable(msg.sender).transfer(1);",
    ),
  ),
  mutant(
    "F13",
    "claimSigned",
    "test_Claim_DeadlineMandatory",
    "deadline zero means never",
    edit("if (block.timestamp > deadline) revert", "if (deadline != 0 && block.timestamp > deadline) revert"),
  ),
  mutant(
    "T1",
    "claimSigned",
    "test_Paths_LeafKindsNotInterchangeable",
    "the bound leaf forgets its account",
    edit(BOUND_LEAF, UNBOUND_LEAF),
  ),
  mutant(
    "T2",
    "claimSigned",
    "test_Paths_NoDoubleClaimAcross",
    "bound claims have bits of their own",
    edit(
      "ClaimedWord storage word = _claimed[userId >> 8];",
      "ClaimedWord storage word = _claimed[msg.sig == this.claim.selector ? type(uint256).max : userId >> 8];",
    ),
  ),
  mutant(
    "T3",
    "claimSigned",
    "test_Paths_DirectIndependentOfSigner",
    "a pause stops bound claims",
    edit(
      "_settle(userId, msg.sender, amount, delegatee, _boundLeaf(",
      "_checkNotPaused(_control);\n        _settle(userId, msg.sender, amount, delegatee, _boundLeaf(",
    ),
  ),
  mutant(
    "T4",
    "sweep",
    "test_Sweep_GoesOnDuringAPause",
    "a pause stops the sweep",
    edit(
      "if (block.timestamp < end()) revert",
      "_checkNotPaused(_control);\n        if (block.timestamp < end()) revert",
    ),
  ),
  mutant(
    "T4",
    "control",
    "test_Guardian_RevertWhen_PausingTwice",
    "a guardian renews its pause",
    edit("_guardianSpent = true;", ""),
  ),
  mutant(
    "T4",
    "control",
    "test_Guardian_RevertWhen_AlreadyPaused",
    "a guardian pauses on top of a pause",
    edit("        _checkNotPaused(_control);\n        _guardianSpent = true;", "        _guardianSpent = true;"),
  ),
  mutant(
    "T4",
    "control",
    "test_Owner_PauseNeverMovesTheEnd",
    "the owner's pause moves the end",
    edit(
      "_control = _control.withPauseEnd(type(uint40).max);",
      "_control = _control.withPauseEnd(type(uint40).max).withExtension(1 days);",
    ),
  ),
  mutant(
    "T4",
    "control",
    "test_Owner_RenouncesOnlyUnpaused",
    "an owner leaves a pause behind for ever",
    edit(
      "        _checkNotPaused(_control);\n        super.renounceOwnership();",
      "        super.renounceOwnership();",
    ),
  ),
  ...(
    [
      ["invariant_ABitNeverResets", "a claim clears the word's other bits", edit(BIT, "word.bits = bit;")],
      [
        "invariant_VotesMoveWithConsentOnly",
        "a sponsored account need not consent",
        edit("if (account == address(0)) return false;", "return true;"),
      ],
      [
        "invariant_TheEndNeverMovesBackNorFar",
        "resuming takes the window's extension back",
        edit("_control = _control.withPauseEnd(0);", "_control = _control.withPauseEnd(0).withExtension(0);"),
      ],
    ] as const
  ).map(([test, fault, change]) => ({
    row: "T4",
    fault,
    edits: [change],
    files: ["distributor/TokenDistributor.invariant.t.sol", "distributor/support/DistributorHandler.sol"],
    test,
  })),
];
