// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {vm} from "../support/Vm.sol";
import {Row} from "./support/ClaimTree.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";
import {GateHandler} from "./support/GateHandler.sol";
import {ScoreBoard} from "./support/ScoreBoard.sol";

/// test/contracts/invariants.md says in words what is checked here. Run alone, this file needs the handler beside it on the
/// command line: the fuzzer knows the contracts of the named files only.
contract TokenDistributorGateInvariantTest is DistributorFixture {
    GateHandler private _handler;

    function setUp() public override {
        vm.warp(START);
        for (uint32 i = 0; i < 10; ++i) {
            rows.push(Row(i, i < 2 ? vm.addr(0xac0000 + i) : address(0), 10e18));
        }
        ScoreBoard board = new ScoreBoard();
        ITokenDistributor.Configuration memory c = configuration();
        c.gate = ITokenDistributor.Gate(board, 7, 200_000);
        launch(c);
        _handler = new GateHandler(distributor, board, rows);
        // So that few steps reach a claim: the first two start as people.
        board.set(7, _handler.actorAt(0), 200_000);
        board.set(7, _handler.actorAt(1), 250_000);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_AnAccountComesThroughTheGateOnce() public view {
        for (uint256 i = 0; i < _handler.ACTORS(); ++i) {
            address account = _handler.actorAt(i);
            vm.assertTrue(_handler.unboundPaid(account) < 2, "an account claimed two unbound leaves");
            vm.assertTrue(distributor.wentThroughGate(account) == (_handler.unboundPaid(account) == 1), "a wrong mark");
            uint256 paid = _handler.unboundPaid(account) + _handler.boundPaid(account);
            vm.assertEq(token.balanceOf(account), paid * 10e18);
        }
    }

    function invariant_NobodyPassesBelowTheMinimum() public view {
        vm.assertFalse(_handler.paidBelow(), "an account below the minimum was paid");
    }

    function invariant_NoGateKeepsABoundLeaf() public view {
        vm.assertFalse(_handler.boundRefused(), "a bound leaf was refused");
    }

    /// The handler reaches what the invariants speak about.
    function test_Gate_HandlerPassesAndIsRefused() public {
        _handler.claimUnbound(0, 0);
        _handler.claimUnbound(0, 1);
        _handler.claimUnbound(2, 1);
        vm.assertEq(_handler.passes(), 1);
        vm.assertEq(_handler.refusals(), 2);
        _handler.score(2, 1);
        _handler.claimBatch(1, 2, 3, 0);
        vm.assertEq(_handler.passes(), 3);
        _handler.claimBound(0);
        vm.assertEq(_handler.boundPaid(_handler.actorAt(0)), 1);
    }
}
