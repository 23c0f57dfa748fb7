// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {IGovernanceToken} from "../../../contracts/token/IGovernanceToken.sol";
import {Vm, vm} from "../support/Vm.sol";

/// @notice A token with a distributor, a minter and one holder, at a fixed second.
abstract contract TokenTest {
    uint256 internal constant START = 1_700_000_000;
    uint256 internal constant FUNDING = 1_000e18;
    uint256 internal constant HOLDINGS = 500e18;
    uint256 internal constant HOLDER_KEY = 0xa11ce;

    address internal constant DISTRIBUTOR = address(0xd157);
    address internal constant MINTER = address(0x3147e5);
    address internal constant NEWCOMER = address(0xbee);
    address internal constant STEWARD = address(0x57e1);
    address internal constant OTHER_STEWARD = address(0x57e2);
    address internal immutable HOLDER = vm.addr(HOLDER_KEY);

    GovernanceToken internal _token;

    function setUp() public virtual {
        vm.warp(START);
        _token = _deploy(FUNDING, HOLDINGS);
    }

    function _deploy(uint256 funding, uint256 holdings) internal returns (GovernanceToken) {
        IGovernanceToken.Allocation[] memory allocations = new IGovernanceToken.Allocation[](2);
        allocations[0] = IGovernanceToken.Allocation(DISTRIBUTOR, uint96(funding));
        allocations[1] = IGovernanceToken.Allocation(HOLDER, uint96(holdings));
        return new GovernanceToken("Touchstone", "TOUCH", MINTER, START + 1 days, DISTRIBUTOR, allocations);
    }

    function _distribute(address to, uint256 amount, address delegatee) internal {
        vm.prank(DISTRIBUTOR);
        _token.distribute(to, amount, delegatee);
    }

    function _delegate(address account, address delegatee) internal {
        vm.prank(account);
        _token.delegate(delegatee);
    }

    function _sign(uint256 key, bytes memory encodedStruct) internal view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _token.DOMAIN_SEPARATOR(), keccak256(encodedStruct)));
        return vm.sign(key, digest);
    }

    function _expectTransfer(address from, address to, uint256 amount) internal {
        vm.expectEmit(true, true, true, true, address(_token));
        emit IERC20.Transfer(from, to, amount);
    }

    function _expectDelegateChanged(address account, address from, address to) internal {
        vm.expectEmit(true, true, true, true, address(_token));
        emit IVotes.DelegateChanged(account, from, to);
    }

    function _expectVotesChanged(address delegatee, uint256 oldVotes, uint256 newVotes) internal {
        vm.expectEmit(true, true, true, true, address(_token));
        emit IVotes.DelegateVotesChanged(delegatee, oldVotes, newVotes);
    }

    /// How many events the token emitted since `vm.recordLogs`: with them all expected, an expected list is complete.
    function _assertEvents(uint256 expected) internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 count = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == address(_token)) ++count;
        }
        vm.assertEq(count, expected);
    }
}
