// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {IGovernanceToken} from "../../../contracts/token/IGovernanceToken.sol";
import {vm} from "../support/Vm.sol";
import {TokenTest} from "./TokenTest.sol";

/// @notice Construction and what every ERC-20 does.
contract GovernanceTokenTest is TokenTest {
    address private constant SPENDER = address(0x59e);

    function test_Constructor_SetsEverythingOnce() public view {
        vm.assertEq(_token.name(), "Touchstone");
        vm.assertEq(_token.symbol(), "TOUCH");
        vm.assertEq(_token.decimals(), 18);
        vm.assertEq(_token.minter(), MINTER);
        vm.assertEq(_token.mintingAllowedAfter(), START + 1 days);
        vm.assertEq(_token.distributor(), DISTRIBUTOR);
        vm.assertEq(_token.totalSupply(), FUNDING + HOLDINGS);
        vm.assertEq(_token.balanceOf(DISTRIBUTOR), FUNDING);
        vm.assertEq(_token.balanceOf(HOLDER), HOLDINGS);
    }

    function test_Constructor_EmitsMinterAndAllocations() public {
        vm.expectEmit(true, true, true, true);
        emit IGovernanceToken.MinterChanged(address(0), MINTER);
        vm.expectEmit(true, true, true, true);
        emit IERC20.Transfer(address(0), DISTRIBUTOR, 3);
        vm.expectEmit(true, true, true, true);
        emit IERC20.Transfer(address(0), HOLDER, 4);
        _deploy(3, 4);
    }

    function test_Constructor_AcceptsMintingFromNowOn() public {
        GovernanceToken token = new GovernanceToken("T", "T", MINTER, START, DISTRIBUTOR, _noAllocations());
        vm.assertEq(token.mintingAllowedAfter(), START);
        vm.assertEq(token.totalSupply(), 0);
    }

    function test_Constructor_RevertWhen_MinterIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenInvalidMinter.selector, address(0)));
        new GovernanceToken("T", "T", address(0), START, DISTRIBUTOR, _noAllocations());
    }

    function test_Constructor_RevertWhen_DistributorIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenInvalidDistributor.selector, address(0)));
        new GovernanceToken("T", "T", MINTER, START, address(0), _noAllocations());
    }

    function test_Constructor_RevertWhen_MintingTimeIsPastOrUnreachable() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenInvalidMintingTime.selector, START - 1, START));
        new GovernanceToken("T", "T", MINTER, START - 1, DISTRIBUTOR, _noAllocations());
        uint256 unreachable = uint256(type(uint96).max) + 1;
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenInvalidMintingTime.selector, unreachable, START));
        new GovernanceToken("T", "T", MINTER, unreachable, DISTRIBUTOR, _noAllocations());
    }

    function test_Constructor_RevertWhen_SupplyDoesNotFit() public {
        uint256 largest = type(uint96).max;
        vm.assertEq(_deploy(largest - 1, 1).totalSupply(), largest);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenSupplyOverflow.selector, largest + 1, largest));
        _deploy(largest, 1);
    }

    function test_Constructor_RevertWhen_AllocationGoesToNobody() public {
        IGovernanceToken.Allocation[] memory allocations = new IGovernanceToken.Allocation[](1);
        allocations[0] = IGovernanceToken.Allocation(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        new GovernanceToken("T", "T", MINTER, START, DISTRIBUTOR, allocations);
    }

    function test_Transfer_MovesTheAmount() public {
        vm.recordLogs();
        _expectTransfer(HOLDER, NEWCOMER, 7);
        vm.prank(HOLDER);
        vm.assertTrue(_token.transfer(NEWCOMER, 7));
        vm.assertEq(_token.balanceOf(HOLDER), HOLDINGS - 7);
        vm.assertEq(_token.balanceOf(NEWCOMER), 7);
        vm.assertEq(_token.totalSupply(), FUNDING + HOLDINGS);
        _assertEvents(1);
    }

    function test_Transfer_ToOneselfChangesNothing() public {
        _delegate(HOLDER, STEWARD);
        vm.recordLogs();
        _expectTransfer(HOLDER, HOLDER, 7);
        vm.prank(HOLDER);
        _token.transfer(HOLDER, 7);
        vm.assertEq(_token.balanceOf(HOLDER), HOLDINGS);
        vm.assertEq(_token.delegates(HOLDER), STEWARD);
        vm.assertEq(_token.getVotes(STEWARD), HOLDINGS);
        _assertEvents(1);
    }

    function test_Transfer_RevertWhen_BalanceIsTooSmall() public {
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, HOLDER, HOLDINGS, HOLDINGS + 1)
        );
        vm.prank(HOLDER);
        _token.transfer(NEWCOMER, HOLDINGS + 1);
    }

    /// An amount beyond 96 bits must not lose its upper bits on the way.
    function test_Transfer_RevertWhen_AmountExceedsTheWord() public {
        uint256 amount = 1 << 96;
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, HOLDER, HOLDINGS, amount)
        );
        vm.prank(HOLDER);
        _token.transfer(NEWCOMER, amount);
    }

    function test_Transfer_RevertWhen_ReceiverIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        vm.prank(HOLDER);
        _token.transfer(address(0), 0);
    }

    function test_Transfer_RevertWhen_SenderIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidSender.selector, address(0)));
        vm.prank(address(0));
        _token.transfer(NEWCOMER, 0);
    }

    function test_Approve_SetsTheAllowance() public {
        vm.expectEmit(true, true, true, true, address(_token));
        emit IERC20.Approval(HOLDER, SPENDER, 9);
        vm.prank(HOLDER);
        vm.assertTrue(_token.approve(SPENDER, 9));
        vm.assertEq(_token.allowance(HOLDER, SPENDER), 9);
    }

    function test_Approve_RevertWhen_SpenderOrOwnerIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidSpender.selector, address(0)));
        vm.prank(HOLDER);
        _token.approve(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidApprover.selector, address(0)));
        vm.prank(address(0));
        _token.approve(SPENDER, 1);
    }

    function test_TransferFrom_SpendsTheAllowance() public {
        vm.prank(HOLDER);
        _token.approve(SPENDER, 9);
        vm.recordLogs();
        vm.prank(SPENDER);
        vm.assertTrue(_token.transferFrom(HOLDER, NEWCOMER, 4));
        vm.assertEq(_token.allowance(HOLDER, SPENDER), 5);
        vm.assertEq(_token.balanceOf(NEWCOMER), 4);
        _assertEvents(1); // no Approval, as in OpenZeppelin's token
    }

    function test_TransferFrom_LeavesAnInfiniteAllowance() public {
        vm.prank(HOLDER);
        _token.approve(SPENDER, type(uint256).max);
        vm.prank(SPENDER);
        _token.transferFrom(HOLDER, NEWCOMER, 4);
        vm.assertEq(_token.allowance(HOLDER, SPENDER), type(uint256).max);
    }

    function test_TransferFrom_RevertWhen_AllowanceIsTooSmall() public {
        vm.prank(HOLDER);
        _token.approve(SPENDER, 9);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, SPENDER, 9, 10));
        vm.prank(SPENDER);
        _token.transferFrom(HOLDER, NEWCOMER, 10);
    }

    function test_TransferFrom_RevertWhen_OwnerIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidApprover.selector, address(0)));
        vm.prank(SPENDER);
        _token.transferFrom(address(0), NEWCOMER, 0);
    }

    function _noAllocations() private pure returns (IGovernanceToken.Allocation[] memory) {
        return new IGovernanceToken.Allocation[](0);
    }
}
