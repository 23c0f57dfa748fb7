// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../contracts/distributor/TokenDistributor.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTree, Row} from "./support/ClaimTree.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";
import {ReenteringToken, RefusingToken} from "./support/HostileTokens.sol";

/// Tokens that do not behave: the distributor's own books stay right.
contract TokenDistributorHostileTest is DistributorFixture {
    function test_Claim_ReentrantTokenCannotDoubleClaim() public {
        for (uint256 i = 0; i < 2; ++i) {
            ReenteringToken hostile = new ReenteringToken(nextButOne());
            distributor = distributorFor(hostile, address(hostile), i == 1);
            bytes memory claim_ = abi.encodeCall(distributor.claim, (2, 200e18, address(0), proofOf(0)));
            // The second entry finds the bit set, although the first has not paid yet.
            vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorAlreadyClaimed.selector, 2));
            hostile.attack(claim_);
            vm.assertFalse(distributor.isClaimed(2), "everything was undone");
            vm.assertEq(hostile.balanceOf(address(hostile)), 0);
        }
    }

    function test_Claim_RevertWhen_TheTokenRefuses() public {
        for (uint256 i = 0; i < 2; ++i) {
            RefusingToken refusing = new RefusingToken(nextButOne());
            distributor = distributorFor(refusing, ALICE, i == 1);
            vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(refusing)));
            claimBound(ALICE, 0, address(0));
            vm.assertFalse(distributor.isClaimed(2), "nobody was paid");
            vm.warp(END);
            vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(refusing)));
            distributor.sweep();
            vm.warp(START);
        }
    }

    /// The address of this contract's creation after the next one.
    function nextButOne() private view returns (address) {
        return vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
    }

    function distributorFor(IERC20 hostile, address account, bool hook) private returns (TokenDistributor) {
        delete rows;
        rows.push(Row(2, account, 200e18));
        rows.push(Row(3, address(0), 300e18));
        ITokenDistributor.Configuration memory c = configuration();
        c.token = hostile;
        c.launch = hook;
        c.merkleRoot = ClaimTree.rootOf(rows);
        return new TokenDistributor(c);
    }
}
