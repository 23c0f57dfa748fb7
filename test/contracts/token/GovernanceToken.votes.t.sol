// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

import {PackedVotes} from "../../../contracts/token/PackedVotes.sol";
import {vm} from "../support/Vm.sol";
import {TokenTest} from "./TokenTest.sol";

contract GovernanceTokenVotesTest is TokenTest {
    bytes32 private constant DELEGATION_TYPEHASH = 0xe48329057bfd03d55e49b547132e39cffd9c1820ad7b9d4c5307691425d15adf;

    function test_Clock_IsTheTimestamp() public view {
        vm.assertEq(_token.clock(), START);
        vm.assertEq(_token.CLOCK_MODE(), "mode=timestamp");
    }

    function test_Delegate_MovesTheWholeBalance() public {
        _delegate(HOLDER, STEWARD);
        vm.recordLogs();
        _expectDelegateChanged(HOLDER, STEWARD, OTHER_STEWARD);
        _expectVotesChanged(STEWARD, HOLDINGS, 0);
        _expectVotesChanged(OTHER_STEWARD, 0, HOLDINGS);
        _delegate(HOLDER, OTHER_STEWARD);
        vm.assertEq(_token.delegates(HOLDER), OTHER_STEWARD);
        vm.assertEq(_token.getVotes(STEWARD), 0);
        vm.assertEq(_token.getVotes(OTHER_STEWARD), HOLDINGS);
        vm.assertEq(_token.balanceOf(HOLDER), HOLDINGS);
        _assertEvents(3);
    }

    function test_Delegate_ToZeroTakesTheVotesBack() public {
        _delegate(HOLDER, STEWARD);
        vm.recordLogs();
        _expectDelegateChanged(HOLDER, STEWARD, address(0));
        _expectVotesChanged(STEWARD, HOLDINGS, 0);
        _delegate(HOLDER, address(0));
        vm.assertEq(_token.getVotes(address(0)), 0);
        _assertEvents(2);
    }

    function test_Delegate_ToTheSameOneAgainOnlySaysSo() public {
        _delegate(HOLDER, STEWARD);
        vm.warp(START + 1);
        vm.recordLogs();
        _expectDelegateChanged(HOLDER, STEWARD, STEWARD);
        _delegate(HOLDER, STEWARD);
        vm.assertEq(_token.numCheckpoints(STEWARD), 1);
        _assertEvents(1);
    }

    function test_Delegate_WithoutHoldingsMovesNoVotes() public {
        vm.recordLogs();
        _delegate(NEWCOMER, STEWARD);
        vm.assertEq(_token.delegates(NEWCOMER), STEWARD);
        vm.assertEq(_token.numCheckpoints(STEWARD), 0);
        _assertEvents(1);
    }

    function test_Transfer_MovesVotesBetweenDelegates() public {
        _delegate(HOLDER, STEWARD);
        _delegate(NEWCOMER, OTHER_STEWARD);
        vm.recordLogs();
        _expectTransfer(HOLDER, NEWCOMER, 8);
        _expectVotesChanged(STEWARD, HOLDINGS, HOLDINGS - 8);
        _expectVotesChanged(OTHER_STEWARD, 0, 8);
        vm.prank(HOLDER);
        _token.transfer(NEWCOMER, 8);
        _assertEvents(3);
    }

    function test_Transfer_OfNothingTouchesNoVotes() public {
        _delegate(HOLDER, STEWARD);
        _delegate(NEWCOMER, OTHER_STEWARD);
        vm.recordLogs();
        vm.prank(HOLDER);
        _token.transfer(NEWCOMER, 0);
        vm.assertEq(_token.numCheckpoints(OTHER_STEWARD), 0);
        _assertEvents(1);
    }

    function test_Checkpoints_OneForEachSecond() public {
        _delegate(HOLDER, STEWARD);
        _distribute(NEWCOMER, 3, STEWARD);
        vm.assertEq(_token.numCheckpoints(STEWARD), 1);
        vm.warp(START + 10);
        _distribute(NEWCOMER, 4, address(0));
        vm.assertEq(_token.numCheckpoints(STEWARD), 2);
        Checkpoints.Checkpoint208 memory first = _token.checkpoints(STEWARD, 0);
        Checkpoints.Checkpoint208 memory second = _token.checkpoints(STEWARD, 1);
        vm.assertEq(first._key, START);
        vm.assertEq(first._value, HOLDINGS + 3);
        vm.assertEq(second._key, START + 10);
        vm.assertEq(second._value, HOLDINGS + 7);
    }

    function test_PastVotes_CountFromTheirSecondOn() public {
        _delegate(HOLDER, STEWARD);
        vm.warp(START + 1);
        vm.assertEq(_token.getPastVotes(STEWARD, START - 1), 0);
        vm.assertEq(_token.getPastVotes(STEWARD, START), HOLDINGS);
        vm.assertEq(_token.getPastTotalSupply(START), FUNDING + HOLDINGS);
    }

    function test_PastVotes_RevertWhen_TimepointIsNotPast() public {
        bytes memory failure = abi.encodeWithSelector(PackedVotes.ERC5805FutureLookup.selector, START, START);
        vm.expectRevert(failure);
        _token.getPastVotes(STEWARD, START);
        vm.expectRevert(failure);
        _token.getPastTotalSupply(START);
        uint256 far = type(uint256).max;
        vm.expectRevert(abi.encodeWithSelector(PackedVotes.ERC5805FutureLookup.selector, far, START));
        _token.getPastVotes(STEWARD, far);
    }

    function test_DelegateBySig_DelegatesForTheSigner() public {
        (uint8 v, bytes32 r, bytes32 s) = _signDelegation(STEWARD, 0, START);
        _expectDelegateChanged(HOLDER, address(0), STEWARD);
        _token.delegateBySig(STEWARD, 0, START, v, r, s);
        vm.assertEq(_token.delegates(HOLDER), STEWARD);
        vm.assertEq(_token.nonces(HOLDER), 1);
    }

    function test_DelegateBySig_RevertWhen_Expired() public {
        (uint8 v, bytes32 r, bytes32 s) = _signDelegation(STEWARD, 0, START);
        vm.warp(START + 1);
        vm.expectRevert(abi.encodeWithSelector(IVotes.VotesExpiredSignature.selector, START));
        _token.delegateBySig(STEWARD, 0, START, v, r, s);
    }

    function test_DelegateBySig_RevertGiven_NonceIsSpent() public {
        (uint8 v, bytes32 r, bytes32 s) = _signDelegation(STEWARD, 0, START);
        _token.delegateBySig(STEWARD, 0, START, v, r, s);
        vm.expectRevert(abi.encodeWithSelector(Nonces.InvalidAccountNonce.selector, HOLDER, 1));
        _token.delegateBySig(STEWARD, 0, START, v, r, s);
    }

    /// A changed message recovers somebody else, whose delegate may change: never the signer's.
    function test_DelegateBySig_ActsForNobodyElse() public {
        (uint8 v, bytes32 r, bytes32 s) = _signDelegation(STEWARD, 0, START);
        _token.delegateBySig(OTHER_STEWARD, 0, START, v, r, s);
        vm.assertEq(_token.delegates(HOLDER), address(0));
        vm.assertEq(_token.nonces(HOLDER), 0);
    }

    function _signDelegation(
        address delegatee,
        uint256 nonce,
        uint256 expiry
    ) private view returns (uint8, bytes32, bytes32) {
        return _sign(HOLDER_KEY, abi.encode(DELEGATION_TYPEHASH, delegatee, nonce, expiry));
    }
}
