// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportRegistry} from "../../../../contracts/passport/IPassportRegistry.sol";
import {PassportRegistry} from "../../../../contracts/passport/PassportRegistry.sol";
import {vm} from "../../support/Vm.sol";
import {Leaf, ScoreTree} from "./ScoreTree.sol";

/// @notice A registry with one scorer whose operator is a key, and ways to anchor and submit.
abstract contract RegistryFixture {
    uint256 internal constant NOW = 1_800_000_000;
    uint256 internal constant OPERATOR_KEY = 0xA11CE;
    uint32 internal constant THRESHOLD = 200_000;
    uint16 internal constant MAX_ROOT_AGE = 3;
    uint32 internal constant MAX_LIFETIME = 90 days;
    uint32 internal constant MIN_ROOT_INTERVAL = 1 days;
    bytes32 internal constant DEFINITION = keccak256("weights, gates and caps");

    address internal immutable operator = vm.addr(OPERATOR_KEY);
    address internal immutable timelock = address(0x71ae10c);
    address internal immutable manager = address(0x3a6e);
    address internal immutable alice = address(0xa11ce0);
    address internal immutable bob = address(0xb0b0);
    address internal immutable carol = address(0xca401);

    PassportRegistry internal registry;
    uint256 internal scorerId;

    /// The leaves of every root, by scorer and number.
    mapping(uint256 scorerId => mapping(uint256 number => Leaf[] leaves)) internal leavesOf;

    function setUp() public virtual {
        vm.warp(NOW);
        registry = new PassportRegistry(timelock);
        scorerId = registry.createScorer(manager, operator, IPassportRegistry.AuthorityKind.Key, settings());
    }

    function settings() internal pure returns (IPassportRegistry.Settings memory) {
        return
            IPassportRegistry.Settings({
                maxRootAge: MAX_ROOT_AGE,
                maxLifetime: MAX_LIFETIME,
                minRootInterval: MIN_ROOT_INTERVAL
            });
    }

    function leaf(address account, uint32 score) internal view returns (Leaf memory) {
        return Leaf(account, score, uint64(block.timestamp + 30 days));
    }

    function list(Leaf memory a) internal pure returns (Leaf[] memory leaves) {
        leaves = new Leaf[](1);
        leaves[0] = a;
    }

    function list(Leaf memory a, Leaf memory b) internal pure returns (Leaf[] memory leaves) {
        leaves = new Leaf[](2);
        (leaves[0], leaves[1]) = (a, b);
    }

    function list(Leaf memory a, Leaf memory b, Leaf memory c) internal pure returns (Leaf[] memory leaves) {
        leaves = new Leaf[](3);
        (leaves[0], leaves[1], leaves[2]) = (a, b, c);
    }

    /// The next root's anchor, a second after the one before, with what tests do not care about filled in.
    function anchorOf(bytes32 root) internal view returns (IPassportRegistry.Anchor memory) {
        IPassportRegistry.Scorer memory scorer = registry.scorer(scorerId);
        return
            IPassportRegistry.Anchor({
                scorerId: scorerId,
                number: scorer.number + 1,
                root: root,
                issuedAt: uint64(block.timestamp),
                threshold: THRESHOLD,
                definition: DEFINITION,
                count: 1,
                uri: "ipfs://scores",
                deadline: block.timestamp + 1 hours
            });
    }

    function sign(IPassportRegistry.Anchor memory anchor_) internal view returns (bytes memory) {
        return sign(OPERATOR_KEY, registry.hashAnchor(anchor_));
    }

    function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// Anchors the next root, a second later.
    function anchor(Leaf[] memory leaves) internal returns (uint32 number) {
        return anchor(leaves, THRESHOLD);
    }

    function anchor(Leaf[] memory leaves, uint32 threshold) internal returns (uint32 number) {
        vm.warp(block.timestamp + 1);
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ScoreTree.root(ScoreTree.hashAll(scorerId, leaves)));
        anchor_.threshold = threshold;
        number = anchor_.number;
        for (uint256 i = 0; i < leaves.length; ++i) leavesOf[scorerId][number].push(leaves[i]);
        registry.anchor(anchor_, sign(anchor_));
    }

    /// Anchors a root that holds nobody of the test.
    function anchorNobody() internal returns (uint32) {
        return anchor(list(leaf(address(0xdead), 1)));
    }

    function proofOf(uint32 number, uint256 index) internal view returns (bytes32[] memory) {
        return ScoreTree.proof(ScoreTree.hashAll(scorerId, leavesOf[scorerId][number]), index);
    }

    function submit(uint32 number, uint256 index) internal {
        Leaf memory item = leavesOf[scorerId][number][index];
        registry.submitScore(scorerId, item.account, item.score, item.expiresAt, number, proofOf(number, index));
    }

    function submission(uint32 number, uint256 index) internal view returns (IPassportRegistry.Submission memory) {
        Leaf memory item = leavesOf[scorerId][number][index];
        return IPassportRegistry.Submission(item.account, item.score, item.expiresAt, number, proofOf(number, index));
    }

    function verify(uint32 number, uint256 index) internal view returns (bool) {
        Leaf memory item = leavesOf[scorerId][number][index];
        return registry.verifyScore(scorerId, item.account, item.score, item.expiresAt, number, proofOf(number, index));
    }
}
