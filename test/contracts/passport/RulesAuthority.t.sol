// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {IPassportRegistry} from "../../../contracts/passport/IPassportRegistry.sol";
import {IRulesAuthority} from "../../../contracts/passport/IRulesAuthority.sol";
import {PassportRegistry} from "../../../contracts/passport/PassportRegistry.sol";
import {RulesAuthority} from "../../../contracts/passport/RulesAuthority.sol";
import {bound, vm} from "../support/Vm.sol";
import {RegistryFixture} from "./support/RegistryFixture.sol";

contract RulesAuthorityTest is RegistryFixture {
    bytes32 internal constant ROOT = keccak256("a root of scores");

    RulesAuthority internal rules;

    event RulesApproved(uint256 indexed scorerId, bytes32 indexed rulesHash, uint32 threshold, bytes32 definition);
    event OperatorChanged(address indexed previousOperator, address indexed newOperator);

    function setUp() public override {
        super.setUp();
        rules = new RulesAuthority(registry, timelock, operator);
        vm.prank(manager);
        registry.setAuthority(scorerId, address(rules), IPassportRegistry.AuthorityKind.Contract);
    }

    function approve(uint32 threshold, bytes32 definition) private {
        vm.prank(timelock);
        rules.approveRules(scorerId, threshold, definition);
    }

    function wrap(IPassportRegistry.Anchor memory anchor_) private view returns (bytes memory) {
        return abi.encode(anchor_, sign(anchor_));
    }

    function expectRefused(IPassportRegistry.Anchor memory anchor_, bytes memory signature) private {
        vm.expectRevert(
            abi.encodeWithSelector(IPassportRegistry.RegistryInvalidSignature.selector, scorerId, address(rules))
        );
        registry.anchor(anchor_, signature);
    }

    function test_Rules_ApprovedByGovernance() public {
        vm.expectRevert(abi.encodeWithSelector(IRulesAuthority.RulesNotGovernance.selector, operator, timelock));
        vm.prank(operator);
        rules.approveRules(scorerId, THRESHOLD, DEFINITION);

        bytes32 rulesHash = registry.hashRules(THRESHOLD, DEFINITION);
        vm.expectEmit(true, true, true, true, address(rules));
        emit RulesApproved(scorerId, rulesHash, THRESHOLD, DEFINITION);
        approve(THRESHOLD, DEFINITION);
        vm.assertEq(rules.approvedRules(scorerId), rulesHash);
        vm.assertEq(rules.approvedRules(scorerId + 1), bytes32(0));
    }

    function test_Rules_RootOfOtherRulesIsRefused() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        expectRefused(anchor_, wrap(anchor_)); // nothing is approved yet
        approve(THRESHOLD, keccak256("other weights"));
        expectRefused(anchor_, wrap(anchor_));
        approve(THRESHOLD + 1, DEFINITION);
        expectRefused(anchor_, wrap(anchor_));

        approve(THRESHOLD, DEFINITION);
        vm.prank(carol); // anyone may bring it
        registry.anchor(anchor_, wrap(anchor_));
        vm.assertEq(registry.rootOf(scorerId, 1), ROOT);

        // The next vote ends these rules: their roots stop, what is anchored stays.
        approve(THRESHOLD, keccak256("new weights"));
        vm.warp(block.timestamp + 1);
        IPassportRegistry.Anchor memory next = anchorOf(keccak256("next"));
        expectRefused(next, wrap(next));
        next.definition = keccak256("new weights");
        registry.anchor(next, wrap(next));
        vm.assertEq(registry.rootOf(scorerId, 2), keccak256("next"));
    }

    function test_Rules_ApprovalIsOneScorers() public {
        vm.prank(timelock);
        rules.approveRules(scorerId + 1, THRESHOLD, DEFINITION);
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        expectRefused(anchor_, wrap(anchor_));
    }

    function test_Rules_OperatorsSignatureIsNeededToo() public {
        approve(THRESHOLD, DEFINITION);
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        bytes32 digest = registry.hashAnchor(anchor_);
        expectRefused(anchor_, abi.encode(anchor_, sign(0xBAD, digest)));
        expectRefused(anchor_, abi.encode(anchor_, bytes("")));
        expectRefused(anchor_, sign(anchor_)); // without the anchor beside it
        expectRefused(anchor_, "");

        address successor = vm.addr(0x5CC);
        vm.expectRevert(abi.encodeWithSelector(IRulesAuthority.RulesNotGovernance.selector, manager, timelock));
        vm.prank(manager);
        rules.setOperator(successor);
        vm.expectEmit(true, true, true, true, address(rules));
        emit OperatorChanged(operator, successor);
        vm.prank(timelock);
        rules.setOperator(successor);
        vm.assertEq(rules.operator(), successor);
        expectRefused(anchor_, wrap(anchor_));
        registry.anchor(anchor_, abi.encode(anchor_, sign(0x5CC, digest)));
    }

    /// An anchor of approved rules shown beside the signature of another one lets nothing in.
    function testFuzz_Rules_ShownAnchorIsTheAnchored(uint32 threshold, bytes32 definition, bytes32 root) public {
        approve(THRESHOLD, DEFINITION);
        IPassportRegistry.Anchor memory shown = anchorOf(ROOT);
        IPassportRegistry.Anchor memory anchored = anchorOf(root == 0 ? keccak256("root") : root);
        anchored.threshold = uint32(bound(threshold, 1, type(uint32).max));
        anchored.definition = definition;
        if (registry.hashAnchor(shown) == registry.hashAnchor(anchored)) return;
        expectRefused(anchored, abi.encode(shown, sign(anchored)));
        expectRefused(anchored, abi.encode(shown, sign(shown)));
    }

    function test_Rules_AnswersAsErc1271() public {
        approve(THRESHOLD, DEFINITION);
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        bytes32 digest = registry.hashAnchor(anchor_);
        vm.assertTrue(rules.isValidSignature(digest, wrap(anchor_)) == IERC1271.isValidSignature.selector);
        vm.assertTrue(rules.isValidSignature(keccak256("other"), wrap(anchor_)) == bytes4(0xffffffff));
        vm.assertEq(address(rules.registry()), address(registry));
        vm.assertEq(rules.governance(), timelock);
    }

    function test_Rules_RevertWhen_MadeOfNothing() public {
        vm.expectRevert(abi.encodeWithSelector(IRulesAuthority.RulesInvalidRegistry.selector, alice));
        new RulesAuthority(PassportRegistry(alice), timelock, operator);
        vm.expectRevert(abi.encodeWithSelector(IRulesAuthority.RulesInvalidGovernance.selector, address(0)));
        new RulesAuthority(registry, address(0), operator);
        vm.expectRevert(abi.encodeWithSelector(IRulesAuthority.RulesInvalidOperator.selector, address(0)));
        new RulesAuthority(registry, timelock, address(0));
        vm.expectRevert(abi.encodeWithSelector(IRulesAuthority.RulesInvalidOperator.selector, address(0)));
        vm.prank(timelock);
        rules.setOperator(address(0));
    }
}
