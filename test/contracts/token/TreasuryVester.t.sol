// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {VestingWalletCliff} from "@openzeppelin/contracts/finance/VestingWalletCliff.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../contracts/distributor/TokenDistributor.sol";
import {Timelock} from "../../../contracts/governance/Timelock.sol";
import {IPassportScores} from "../../../contracts/passport/IPassportScores.sol";
import {TreasuryVester} from "../../../contracts/token/TreasuryVester.sol";
import {bound, vm} from "../support/Vm.sol";

contract PlainToken is ERC20 {
    constructor(address holder, uint256 supply) ERC20("Plain", "P") {
        _mint(holder, supply);
    }
}

/// Answers `false` instead of reverting, as some old tokens do, and moves nothing.
contract FalseReturningToken {
    uint256 public constant decimals = 18;

    function balanceOf(address) external pure returns (uint256) {
        return 1000;
    }

    function transfer(address, uint256) external pure returns (bool) {
        return false;
    }
}

contract TreasuryVesterTest {
    uint64 private constant START = 1_800_000_000;
    uint64 private constant DURATION = 730 days;
    uint64 private constant CLIFF = 180 days;
    uint256 private constant AMOUNT = 40_000_000e18;

    Timelock private timelock;
    TreasuryVester private vester;
    IERC20 private token;

    function setUp() public {
        vm.warp(START);
        timelock = new Timelock(1, new address[](0), new address[](0), address(this));
        vester = new TreasuryVester(address(timelock), START, DURATION, CLIFF);
        token = new PlainToken(address(vester), AMOUNT);
    }

    /// The curve, against the formula in words: nothing before the cliff, a share of the elapsed time, all at the end.
    function testFuzz_Curve_IsLinearAfterTheCliff(uint256 elapsed, uint256 amount) public {
        elapsed = bound(elapsed, 0, 2 * uint256(DURATION));
        amount = bound(amount, 0, type(uint96).max);
        token = new PlainToken(address(vester), amount);
        uint256 expected = (amount * elapsed) / DURATION;
        if (elapsed < CLIFF) expected = 0;
        if (elapsed >= DURATION) expected = amount;
        vm.warp(START + elapsed);
        vm.assertEq(vester.releasable(address(token)), expected);
        vester.release(address(token));
        vm.assertEq(token.balanceOf(address(timelock)), expected);
    }

    /// When it is released how often changes nothing about how much came out in the end.
    function testFuzz_Release_OrderDoesNotMatter(uint256 first, uint256 second) public {
        first = bound(first, 0, DURATION);
        second = bound(second, first, DURATION);
        vm.warp(START + first);
        vester.release(address(token));
        vm.warp(START + second);
        vester.release(address(token));
        vm.assertEq(token.balanceOf(address(timelock)), vester.vestedAmount(address(token), uint64(START + second)));
        vm.warp(START + DURATION);
        vester.release(address(token));
        vm.assertEq(token.balanceOf(address(timelock)), AMOUNT);
        vm.assertEq(token.balanceOf(address(vester)), 0);
    }

    function test_Cliff_LastSecondBeforeAndFirstAt() public {
        vm.warp(START + CLIFF - 1);
        vm.assertEq(vester.releasable(address(token)), 0);
        vm.warp(START + CLIFF);
        vm.assertEq(vester.releasable(address(token)), (AMOUNT * CLIFF) / DURATION);
    }

    function test_Release_ByAnyoneToTheTimelockOnly() public {
        vm.warp(START + DURATION);
        vm.prank(address(0x57a));
        vester.release(address(token));
        vm.assertEq(token.balanceOf(address(timelock)), AMOUNT);
    }

    function test_Release_EtherToo() public {
        vm.deal(address(vester), 1 ether);
        vm.warp(START + DURATION);
        vester.release();
        vm.assertEq(address(timelock).balance, 1 ether);
    }

    /// Not even the Timelock can redirect the stream, so no captured vote and no mistaken proposal can.
    function testFuzz_Beneficiary_IsFixed(address newOwner) public {
        vm.expectRevert(TreasuryVester.VesterBeneficiaryIsFixed.selector);
        vm.prank(address(timelock));
        vester.transferOwnership(newOwner);
        vm.expectRevert(TreasuryVester.VesterBeneficiaryIsFixed.selector);
        vm.prank(address(timelock));
        vester.renounceOwnership();
        vm.assertEq(vester.owner(), address(timelock));
    }

    function test_Constructor_RevertWhen_TimelockDoesNotExist() public {
        address wrong = address(0x57a);
        vm.expectRevert(abi.encodeWithSelector(TreasuryVester.VesterInvalidBeneficiary.selector, wrong));
        new TreasuryVester(wrong, START, DURATION, CLIFF);
    }

    function test_Constructor_RevertWhen_DurationIsZero() public {
        vm.expectRevert(TreasuryVester.VesterInvalidDuration.selector);
        new TreasuryVester(address(timelock), START, 0, 0);
    }

    function test_Constructor_RevertWhen_CliffIsLongerThanTheDuration() public {
        bytes4 selector = VestingWalletCliff.InvalidCliffDuration.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, DURATION + 1, DURATION));
        new TreasuryVester(address(timelock), START, DURATION, DURATION + 1);
    }

    /// A6: a transfer's answer is never ignored, neither by the vester nor by the distributor, in claim and sweep.
    function test_Token_FalseReturningTransferReverts() public {
        FalseReturningToken liar = new FalseReturningToken();
        bytes memory failure = abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(liar));
        TokenDistributor distributor = distributorOf(address(liar));
        vm.expectRevert(failure);
        distributor.claim(7, 1000, address(0), new bytes32[](0));
        vm.assertFalse(distributor.isClaimed(7));
        vm.warp(START + DURATION);
        vm.expectRevert(failure);
        distributor.sweep();
        vm.expectRevert(failure);
        vester.release(address(liar));
        vm.assertEq(vester.released(address(liar)), 0);
    }

    /// A campaign of one bound leaf: user 7 may claim 1000 units for this contract.
    function distributorOf(address paid) private returns (TokenDistributor) {
        return
            new TokenDistributor(
                ITokenDistributor.Configuration({
                    token: IERC20(paid),
                    treasury: address(timelock),
                    owner: address(timelock),
                    guardian: address(0),
                    signer: address(0x519),
                    signerKind: ITokenDistributor.SignerKind.Key,
                    launch: false,
                    merkleRoot: keccak256(bytes.concat(keccak256(abi.encode(7, 1000, address(this))))),
                    listHash: keccak256("list"),
                    start: uint40(START),
                    end: uint40(START + 30 days),
                    gate: ITokenDistributor.Gate(IPassportScores(address(0)), 0, 0)
                })
            );
    }
}
