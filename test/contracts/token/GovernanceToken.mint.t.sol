// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {IGovernanceToken} from "../../../contracts/token/IGovernanceToken.sol";
import {bound, vm} from "../support/Vm.sol";
import {TokenTest} from "./TokenTest.sol";

contract GovernanceTokenMintTest is TokenTest {
    uint256 private constant ALLOWED = START + 1 days;
    uint256 private constant CAP = ((FUNDING + HOLDINGS) * 2) / 100;

    function test_Mint_CreatesTheCap() public {
        _delegate(HOLDER, STEWARD);
        vm.warp(ALLOWED);
        vm.recordLogs();
        _expectTransfer(address(0), HOLDER, CAP);
        _expectVotesChanged(STEWARD, HOLDINGS, HOLDINGS + CAP);
        vm.prank(MINTER);
        _token.mint(HOLDER, CAP);
        vm.assertEq(_token.balanceOf(HOLDER), HOLDINGS + CAP);
        vm.assertEq(_token.totalSupply(), FUNDING + HOLDINGS + CAP);
        _assertEvents(2);
    }

    function test_Mint_MakesTheNextWaitAYear() public {
        vm.warp(ALLOWED + 5);
        vm.prank(MINTER);
        _token.mint(HOLDER, 1);
        uint256 next = ALLOWED + 5 + 365 days;
        vm.assertEq(_token.mintingAllowedAfter(), next);
        vm.warp(next - 1);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenMintTooEarly.selector, next, next - 1));
        vm.prank(MINTER);
        _token.mint(HOLDER, 1);
        vm.warp(next);
        vm.prank(MINTER);
        _token.mint(HOLDER, 1);
        vm.assertEq(_token.balanceOf(HOLDER), HOLDINGS + 2);
    }

    function test_Mint_ShowsInThePastSupply() public {
        vm.warp(ALLOWED);
        vm.prank(MINTER);
        _token.mint(NEWCOMER, 5);
        vm.warp(ALLOWED + 1);
        vm.assertEq(_token.getPastTotalSupply(START - 1), 0);
        vm.assertEq(_token.getPastTotalSupply(ALLOWED - 1), FUNDING + HOLDINGS);
        vm.assertEq(_token.getPastTotalSupply(ALLOWED), FUNDING + HOLDINGS + 5);
    }

    function test_Mint_RevertWhen_CallerIsNotTheMinter() public {
        vm.warp(ALLOWED);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenNotMinter.selector, DISTRIBUTOR));
        vm.prank(DISTRIBUTOR);
        _token.mint(HOLDER, 1);
    }

    function test_Mint_RevertGiven_ItIsTooEarly() public {
        vm.warp(ALLOWED - 1);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenMintTooEarly.selector, ALLOWED, ALLOWED - 1));
        vm.prank(MINTER);
        _token.mint(HOLDER, 1);
    }

    function testFuzz_Mint_RevertWhen_AmountExceedsTwoPercent(uint256 amount) public {
        amount = bound(amount, CAP + 1, type(uint256).max);
        vm.warp(ALLOWED);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenMintCapExceeded.selector, amount, CAP));
        vm.prank(MINTER);
        _token.mint(HOLDER, amount);
    }

    function test_Mint_RevertWhen_ReceiverIsZero() public {
        vm.warp(ALLOWED);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        vm.prank(MINTER);
        _token.mint(address(0), 1);
    }

    function test_Mint_RevertWhen_SupplyDoesNotFit() public {
        uint256 largest = type(uint96).max;
        _token = _deploy(largest - 10, 3);
        vm.warp(ALLOWED);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenSupplyOverflow.selector, largest + 1, largest));
        vm.prank(MINTER);
        _token.mint(HOLDER, 8);
        vm.prank(MINTER);
        _token.mint(HOLDER, 7);
        vm.assertEq(_token.totalSupply(), largest);
    }

    function test_SetMinter_HandsTheRightOver() public {
        vm.expectEmit(true, true, true, true, address(_token));
        emit IGovernanceToken.MinterChanged(MINTER, HOLDER);
        vm.prank(MINTER);
        _token.setMinter(HOLDER);
        vm.assertEq(_token.minter(), HOLDER);
        vm.assertEq(_token.mintingAllowedAfter(), ALLOWED);
        vm.warp(ALLOWED);
        vm.prank(HOLDER);
        _token.mint(HOLDER, 1);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenNotMinter.selector, MINTER));
        vm.prank(MINTER);
        _token.setMinter(MINTER);
    }

    function test_SetMinter_RevertWhen_CallerIsNotTheMinter() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenNotMinter.selector, HOLDER));
        vm.prank(HOLDER);
        _token.setMinter(HOLDER);
    }

    function test_SetMinter_RevertWhen_NewMinterIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenInvalidMinter.selector, address(0)));
        vm.prank(MINTER);
        _token.setMinter(address(0));
    }
}
