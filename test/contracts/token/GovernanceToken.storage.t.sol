// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {vm} from "../support/Vm.sol";
import {TokenTest} from "./TokenTest.sol";

/// @notice Which slots the token uses, and how many a claim writes: what a change of the layout would silently cost.
contract GovernanceTokenStorageTest is TokenTest {
    uint256 private constant ACCOUNTS = 3;
    uint256 private constant VOTES = 4;
    uint256 private constant SUPPLY = 5;
    uint256 private constant MINTING = 8;

    /// Name, symbol, domain and distributor are in the code: besides the mappings, two words hold all there is.
    function test_Build_StorageLayoutIsMinimal() public view {
        for (uint256 slot = 0; slot < 64; ++slot) {
            bool used = slot == SUPPLY || slot == MINTING;
            vm.assertTrue((_slot(bytes32(slot)) != 0) == used);
        }
        vm.assertEq(_slot(bytes32(MINTING)), ((START + 1 days) << 160) | uint160(MINTER));
        vm.assertEq(_slot(bytes32(SUPPLY)), ((FUNDING + HOLDINGS) << 160) | START);
    }

    function test_Storage_BalanceAndDelegateShareAWord() public {
        _distribute(NEWCOMER, 7, STEWARD);
        vm.assertEq(_slot(_accountSlot(NEWCOMER)), (7 << 160) | uint160(STEWARD));
    }

    function test_Storage_OlderCheckpointsKeepTheirWords() public {
        _distribute(NEWCOMER, 7, STEWARD);
        vm.assertEq(_slot(_headSlot(STEWARD)), (7 << 160) | START);
        vm.warp(START + 1);
        _distribute(NEWCOMER, 8, STEWARD);
        vm.assertEq(_slot(_headSlot(STEWARD)), (15 << 160) | (1 << 48) | (START + 1));
        vm.assertEq(_slot(_olderSlot(STEWARD, 0)), (7 << 160) | START);
    }

    function test_Storage_ADistributionToAFreshDelegateWritesThreeSlots() public {
        bytes32[] memory writes = _writesOf(NEWCOMER, NEWCOMER);
        vm.assertEq(writes.length, 3);
        vm.assertEq(writes[0], _accountSlot(DISTRIBUTOR));
        vm.assertEq(writes[1], _accountSlot(NEWCOMER));
        vm.assertEq(writes[2], _headSlot(NEWCOMER));
    }

    function test_Storage_ADistributionToAnOldDelegateWritesFourSlots() public {
        _distribute(address(1), 7, STEWARD);
        vm.warp(START + 1);
        bytes32[] memory writes = _writesOf(NEWCOMER, STEWARD);
        vm.assertEq(writes.length, 4);
        vm.assertEq(writes[0], _accountSlot(DISTRIBUTOR));
        vm.assertEq(writes[1], _accountSlot(NEWCOMER));
        vm.assertEq(writes[2], _olderSlot(STEWARD, 0));
        vm.assertEq(writes[3], _headSlot(STEWARD));
    }

    /// Nor is anything read that is not written.
    function _writesOf(address to, address delegatee) private returns (bytes32[] memory) {
        vm.record();
        _distribute(to, 8, delegatee);
        (bytes32[] memory reads, bytes32[] memory writes) = vm.accesses(address(_token));
        for (uint256 i = 0; i < reads.length; ++i) {
            bool written = false;
            for (uint256 j = 0; j < writes.length; ++j) written = written || reads[i] == writes[j];
            vm.assertTrue(written);
        }
        return writes;
    }

    function _slot(bytes32 slot) private view returns (uint256) {
        return uint256(vm.load(address(_token), slot));
    }

    function _accountSlot(address account) private pure returns (bytes32) {
        return keccak256(abi.encode(account, ACCOUNTS));
    }

    function _headSlot(address delegatee) private pure returns (bytes32) {
        return keccak256(abi.encode(delegatee, VOTES));
    }

    function _olderSlot(address delegatee, uint256 index) private pure returns (bytes32) {
        return keccak256(abi.encode(index, uint256(_headSlot(delegatee)) + 1));
    }
}
