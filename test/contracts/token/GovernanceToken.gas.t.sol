// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {IGovernanceToken} from "../../../contracts/token/IGovernanceToken.sol";
import {ReferenceToken} from "../support/ReferenceToken.sol";
import {vm} from "../support/Vm.sol";

/// @notice What a call of the token costs, calldata and the transaction's 21,000 apart; each test is one call on cold slots.
contract GovernanceTokenGasTest {
    /// Times are counted from here, not from `block.timestamp`, which the optimiser reads once for a whole function.
    uint256 private constant START = 1_700_000_000;
    address private constant STEWARD = address(0x57e);
    address private constant OTHER_STEWARD = address(0x57f);
    address private constant HOLDER = address(0x401de7);
    address private constant NEWCOMER = address(0xbee);

    GovernanceToken private _token;
    ReferenceToken private _reference;

    function setUp() public {
        vm.warp(START);
        IGovernanceToken.Allocation[] memory allocations = new IGovernanceToken.Allocation[](2);
        allocations[0] = IGovernanceToken.Allocation(address(this), 1_000_000e18);
        allocations[1] = IGovernanceToken.Allocation(HOLDER, 1_000e18);
        _token = new GovernanceToken("Touch", "TCH", address(this), START, address(this), allocations);
        _reference = new ReferenceToken("Touch", "TCH", address(this), allocations);
        vm.prank(HOLDER);
        _token.delegate(OTHER_STEWARD);
        vm.prank(HOLDER);
        _reference.delegate(OTHER_STEWARD);
        for (uint256 i = 1; i <= 3; ++i) {
            vm.warp(START + i);
            _token.distribute(address(uint160(i)), 5e18, STEWARD);
            _reference.distribute(address(uint160(i)), 5e18, STEWARD);
        }
        vm.warp(START + 12);
    }

    function test_Gas_DistributeToAStewardsClaimant() public {
        _token.distribute(NEWCOMER, 7e18, STEWARD);
        vm.snapshotGasLastCall("GovernanceToken", "distribute: existing delegate");
    }

    function test_Gas_DistributeToASelfDelegate() public {
        _token.distribute(NEWCOMER, 7e18, NEWCOMER);
        vm.snapshotGasLastCall("GovernanceToken", "distribute: fresh delegate");
    }

    function test_Gas_DistributeAgainInTheSameBatch() public {
        _token.distribute(address(0xbef), 7e18, STEWARD);
        _token.distribute(NEWCOMER, 7e18, STEWARD);
        vm.snapshotGasLastCall("GovernanceToken", "distribute: second in a batch, same delegate");
    }

    function test_Gas_DistributeToAnotherStewardInTheSameBatch() public {
        _token.distribute(address(0xbef), 7e18, STEWARD);
        _token.distribute(NEWCOMER, 7e18, OTHER_STEWARD);
        vm.snapshotGasLastCall("GovernanceToken", "distribute: second in a batch, another delegate");
    }

    function test_Gas_DistributeWithoutADelegate() public {
        _token.distribute(NEWCOMER, 7e18, address(0));
        vm.snapshotGasLastCall("GovernanceToken", "distribute: no delegate");
    }

    function test_Gas_DistributeToAHolderWhoMoves() public {
        _token.distribute(HOLDER, 7e18, STEWARD);
        vm.snapshotGasLastCall("GovernanceToken", "distribute: prior holdings change delegate");
    }

    function test_Gas_TransferBetweenDelegators() public {
        vm.prank(HOLDER);
        _token.transfer(address(1), 7e18);
        vm.snapshotGasLastCall("GovernanceToken", "transfer: both have delegates");
    }

    function test_Gas_Delegate() public {
        vm.prank(HOLDER);
        _token.delegate(STEWARD);
        vm.snapshotGasLastCall("GovernanceToken", "delegate: from one steward to another");
    }

    function test_Gas_OpenZeppelinDistributeToAStewardsClaimant() public {
        _reference.distribute(NEWCOMER, 7e18, STEWARD);
        vm.snapshotGasLastCall("GovernanceToken", "OpenZeppelin, distribute: existing delegate");
    }

    function test_Gas_OpenZeppelinDistributeToASelfDelegate() public {
        _reference.distribute(NEWCOMER, 7e18, NEWCOMER);
        vm.snapshotGasLastCall("GovernanceToken", "OpenZeppelin, distribute: fresh delegate");
    }
}
