// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {HumansOnly} from "../../../contracts/mocks/HumansOnly.sol";
import {IPassportRegistry} from "../../../contracts/passport/IPassportRegistry.sol";
import {IPassportScores} from "../../../contracts/passport/IPassportScores.sol";
import {bound, vm} from "../support/Vm.sol";
import {recorder} from "./support/Recorder.sol";
import {RegistryFixture} from "./support/RegistryFixture.sol";
import {Leaf} from "./support/ScoreTree.sol";

contract PassportRegistryReadsTest is RegistryFixture {
    event Joined(address indexed account, uint256 score);

    /// F7a: whatever is asked, there is an answer.
    function testFuzz_Registry_ReadsNeverRevert(
        uint256 id,
        address account,
        uint256 threshold,
        uint32 score,
        uint64 expiresAt,
        uint32 number,
        bytes32[] calldata proof
    ) public {
        if (id % 2 == 0) anchorNobody();
        if (id % 3 == 0) id = scorerId;
        vm.assertEq(registry.getScore(id, account), 0);
        vm.assertFalse(registry.isHuman(id, account));
        vm.assertFalse(registry.isHuman(id, account, threshold));
        vm.assertFalse(registry.verifyScore(id, account, score, expiresAt, number, proof));
        vm.assertFalse(registry.wasAnchored(id, account, score, expiresAt, number, proof));
        registry.scorer(id);
        registry.rootOf(id, number);
        registry.cachedScore(id, account);
    }

    /// F7a: nor at any time, whatever was stored and however the scorer's numbers lie.
    function testFuzz_Registry_ReadsNeverRevertOnAnyStorage(uint256 cached, uint256 head, uint40 time) public {
        submit(anchor(list(leaf(alice, 250_000), leaf(bob, 1))), 0);
        bytes32[] memory slots = slotsRead();
        vm.store(address(registry), slots[0], bytes32(cached));
        vm.store(address(registry), slots[1], bytes32(head));
        vm.warp(time);
        uint256 score = registry.getScore(scorerId, alice);
        vm.assertTrue(score == 0 || score == uint32(cached));
        vm.assertEq(registry.isHuman(scorerId, alice, 0), score != 0);
        if (registry.isHuman(scorerId, alice)) vm.assertTrue(score != 0);
    }

    function test_IsHuman_FromTheRulesThresholdOn() public {
        uint32 number = anchor(list(leaf(alice, THRESHOLD), leaf(bob, THRESHOLD - 1), leaf(carol, THRESHOLD + 1)));
        for (uint256 i = 0; i < 3; ++i) submit(number, i);
        vm.assertTrue(registry.isHuman(scorerId, alice));
        vm.assertFalse(registry.isHuman(scorerId, bob));
        vm.assertTrue(registry.isHuman(scorerId, carol));
        vm.assertEq(registry.getScore(scorerId, bob), THRESHOLD - 1);
    }

    /// The threshold goes with the score: another version's threshold says nothing about weights that it never saw.
    function test_IsHuman_ByTheRulesThatMadeTheScore() public {
        uint32 first = anchor(list(leaf(alice, 150_000), leaf(bob, 150_000)), 100_000);
        submit(first, 0);
        uint32 second = anchor(list(leaf(alice, 150_000), leaf(bob, 150_000)), 200_000);
        vm.assertEq(registry.scorer(scorerId).threshold, 200_000);
        vm.assertTrue(registry.isHuman(scorerId, alice), "scored by the first version");
        submit(first, 1);
        vm.assertTrue(registry.isHuman(scorerId, bob), "the root before the current one is the first version's too");
        submit(second, 0);
        vm.assertFalse(registry.isHuman(scorerId, alice)); // scored by the second
    }

    function testFuzz_Registry_CallersOwnThreshold(uint32 score, uint256 threshold) public {
        uint32 number = anchor(list(leaf(alice, score), leaf(bob, 1)));
        submit(number, 0);
        vm.assertEq(registry.isHuman(scorerId, alice, threshold), score != 0 && score >= threshold);
        vm.assertEq(registry.isHuman(scorerId, alice, score), score != 0);
        vm.assertFalse(registry.isHuman(scorerId, alice, uint256(score) + 1));
        vm.assertFalse(registry.isHuman(scorerId, alice, uint256(score) + (1 << 32))); // not cut to 32 bits
    }

    function test_IsHuman_ZeroIsNeverHuman() public {
        uint32 number = anchor(list(leaf(alice, 0), leaf(bob, 1)));
        submit(number, 0);
        vm.assertFalse(registry.isHuman(scorerId, alice, 0));
        vm.assertFalse(registry.isHuman(scorerId, carol, 0)); // nor is a stranger
    }

    /// F7d: one second ends the score for every read.
    function test_Registry_OneExpiryRule() public {
        uint64 expiresAt = uint64(NOW + 30 days);
        uint32 number = anchor(list(Leaf(alice, 250_000, expiresAt), leaf(bob, 1)));
        submit(number, 0);
        vm.warp(expiresAt - 1);
        expectStanding(alice, 250_000);
        vm.assertTrue(verify(number, 0));
        vm.warp(expiresAt);
        expectStanding(alice, 0);
        vm.assertFalse(verify(number, 0));
        vm.warp(NOW + 400 days);
        expectStanding(alice, 0);
    }

    /// O5: submitting late, or again from a newer root, adds nothing to a leaf's own expiry.
    function test_Registry_ExpiryIsTheLeafs() public {
        uint64 expiresAt = uint64(NOW + 10 days);
        uint32 number = anchor(list(Leaf(alice, 250_000, expiresAt), leaf(bob, 1)));
        vm.warp(expiresAt - 1);
        submit(number, 0);
        vm.assertEq(registry.cachedScore(scorerId, alice).expiresAt, expiresAt);
        expectStanding(alice, 250_000);
        vm.warp(expiresAt);
        expectStanding(alice, 0);
    }

    function test_Registry_OldRootsStayProvable() public {
        uint32 first = anchor(list(leaf(alice, 250_000), leaf(bob, 1)));
        Leaf memory item = leavesOf[scorerId][first][0];
        for (uint256 i = 0; i < 10; ++i) anchorNobody();
        vm.warp(NOW + 400 days);
        bytes32[] memory proof = proofOf(first, 0);
        vm.assertTrue(registry.wasAnchored(scorerId, alice, item.score, item.expiresAt, first, proof));
        vm.assertFalse(registry.wasAnchored(scorerId, alice, item.score + 1, item.expiresAt, first, proof));
        vm.assertFalse(registry.wasAnchored(scorerId, alice, item.score, item.expiresAt, first + 1, proof));
        vm.assertFalse(verify(first, 0)); // which is no verdict
    }

    function test_Registry_TombstoneEndsAScore() public {
        uint32 first = anchor(list(leaf(alice, 250_000), leaf(bob, 250_000)));
        submit(first, 0);
        submit(first, 1);
        uint32 second = anchor(list(leaf(alice, 250_000), leaf(bob, 0)));
        vm.prank(address(0xe1e));
        submit(second, 1);
        expectStanding(alice, 250_000);
        expectStanding(bob, 0);
        vm.assertFalse(verify(first, 1)); // the proof of the root before is void once the drop is in
        vm.assertFalse(verify(second, 1)); // and a drop proves no score
    }

    function test_Registry_FloorEndsScores() public {
        uint32 first = anchor(list(leaf(alice, 250_000), leaf(bob, 250_000)));
        submit(first, 0);
        uint32 second = anchor(list(leaf(alice, 250_000), leaf(bob, 250_000)));
        submit(second, 1);
        vm.startPrank(manager);
        registry.raiseFloor(scorerId, first);
        expectStanding(alice, 250_000);
        registry.raiseFloor(scorerId, second);
        expectStanding(alice, 0);
        expectStanding(bob, 250_000);
        registry.raiseFloor(scorerId, second + 1);
        expectStanding(bob, 0);
        vm.stopPrank();
        submit(anchor(list(leaf(alice, 250_000), leaf(bob, 250_000))), 0);
        expectStanding(alice, 250_000);
    }

    function test_Registry_RootAgeEndsScores() public {
        uint32 first = anchor(list(leaf(alice, 250_000), leaf(bob, 1)));
        submit(first, 0);
        for (uint256 i = 0; i < MAX_ROOT_AGE; ++i) anchorNobody();
        expectStanding(alice, 250_000);
        anchorNobody();
        expectStanding(alice, 0);
    }

    function test_SetSettings_AShorterRootAgeCountsAtOnce() public {
        uint32 first = anchor(list(leaf(alice, 250_000), leaf(bob, 1)));
        submit(first, 0);
        anchorNobody();
        anchorNobody();
        expectStanding(alice, 250_000);
        setRootAge(2);
        expectStanding(alice, 250_000);
        setRootAge(1);
        expectStanding(alice, 0);
    }

    function test_SetSettings_ALongerRootAgeRevivesNobody() public {
        uint32 first = anchor(list(leaf(alice, 250_000), leaf(bob, 250_000)));
        submit(first, 0);
        anchorNobody();
        uint32 third = anchor(list(leaf(alice, 0), leaf(bob, 250_000)));
        submit(third, 1);
        setRootAge(1);
        expectStanding(alice, 0);
        setRootAge(100);
        expectStanding(alice, 0);
        expectStanding(bob, 250_000);
        vm.assertEq(registry.scorer(scorerId).floor, third - 1);
        // And a floor that is higher already stays.
        vm.prank(manager);
        registry.raiseFloor(scorerId, third);
        setRootAge(1000);
        vm.assertEq(registry.scorer(scorerId).floor, third);
    }

    function test_SetSettings_AShorterLifetimeIsForNewLeaves() public {
        uint32 first = anchor(list(leaf(alice, 250_000), leaf(bob, 250_000)));
        submit(first, 0);
        vm.prank(manager);
        registry.setSettings(scorerId, IPassportRegistry.Settings(MAX_ROOT_AGE, 1 days, 1 days));
        expectStanding(alice, 250_000);
        vm.assertFalse(verify(first, 1));
    }

    /// O7 as a test: the bench has the exact figures. Bounds are the existing system's, in its best configuration.
    function test_Registry_GasBelowTheOriginal() public {
        uint32 number = anchor(list(leaf(alice, 250_000), leaf(bob, 1)));
        bytes32[] memory proof = proofOf(number, 0);
        Leaf memory item = leavesOf[scorerId][number][0];
        // Everything is warm here; a first read costs 2,000 more for each of its two slots.
        uint256 before = gasleft();
        registry.submitScore(scorerId, alice, item.score, item.expiresAt, number, proof);
        vm.assertLe(before - gasleft(), 50_000);
        before = gasleft();
        registry.getScore(scorerId, alice);
        vm.assertLe(before - gasleft() + 4_000, uint256(19_448) / 2);
        before = gasleft();
        registry.isHuman(scorerId, alice);
        vm.assertLe(before - gasleft() + 4_000, uint256(198_937) / 10);
    }

    function test_Registry_ReadsTakeTwoSlots() public {
        submit(anchor(list(leaf(alice, 250_000), leaf(bob, 1))), 0);
        vm.assertEq(slotsRead().length, 2);
        recorder.record();
        registry.isHuman(scorerId, alice);
        (bytes32[] memory read, ) = recorder.accesses(address(registry));
        vm.assertEq(read.length, 2);
        recorder.record();
        registry.isHuman(scorerId, alice, 1);
        (read, ) = recorder.accesses(address(registry));
        vm.assertEq(read.length, 2);
    }

    function test_HumansOnly_LetsInAHumanAndRefusesASybil() public {
        HumansOnly club = new HumansOnly(IPassportScores(address(registry)), scorerId);
        address sybil = bob; // with cheap stamps
        uint32 number = anchor(list(leaf(alice, 235_000), leaf(sybil, 41_000)));
        submit(number, 0);
        submit(number, 1);

        vm.prank(sybil);
        vm.expectRevert(abi.encodeWithSelector(HumansOnly.NotHuman.selector, sybil, 41_000));
        club.join();
        vm.prank(carol); // whom nobody scored
        vm.expectRevert(abi.encodeWithSelector(HumansOnly.NotHuman.selector, carol, 0));
        club.join();
        vm.expectEmit(true, true, true, true, address(club));
        emit Joined(alice, 235_000);
        vm.prank(alice);
        club.join();
        vm.assertTrue(club.isMember(alice));
        vm.assertFalse(club.isMember(sybil));
    }

    function expectStanding(address account, uint32 score) private view {
        vm.assertEq(registry.getScore(scorerId, account), score);
        vm.assertEq(registry.isHuman(scorerId, account), score >= THRESHOLD);
        vm.assertEq(registry.isHuman(scorerId, account, THRESHOLD), score >= THRESHOLD);
        vm.assertEq(registry.isHuman(scorerId, account, 1), score != 0);
    }

    /// The slots behind alice's score: the account's, then the scorer's.
    function slotsRead() private returns (bytes32[] memory slots) {
        recorder.record();
        registry.getScore(scorerId, alice);
        (slots, ) = recorder.accesses(address(registry));
    }

    function setRootAge(uint16 age) private {
        vm.prank(manager);
        registry.setSettings(scorerId, IPassportRegistry.Settings(age, MAX_LIFETIME, MIN_ROOT_INTERVAL));
    }
}
