// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportRegistry} from "../../../contracts/passport/IPassportRegistry.sol";
import {PassportRegistry} from "../../../contracts/passport/PassportRegistry.sol";
import {bound, vm} from "../support/Vm.sol";
import {recorder} from "./support/Recorder.sol";
import {RegistryFixture} from "./support/RegistryFixture.sol";
import {Leaf, ScoreTree} from "./support/ScoreTree.sol";

contract PassportRegistrySubmitTest is RegistryFixture {
    event ScoreSubmitted(
        uint256 indexed scorerId,
        address indexed account,
        uint32 score,
        uint64 expiresAt,
        uint32 rootNumber
    );

    function test_Registry_SubmitByAnyone() public {
        uint32 number = anchor(list(leaf(alice, 250_000), leaf(bob, 100_000), leaf(carol, 0)));
        Leaf memory item = leavesOf[scorerId][number][0];
        bytes32[] memory proof = proofOf(number, 0);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ScoreSubmitted(scorerId, alice, 250_000, item.expiresAt, number);
        vm.prank(address(0xe1e)); // somebody else, without alice's signature
        registry.submitScore(scorerId, alice, item.score, item.expiresAt, number, proof);
        vm.assertEq(registry.getScore(scorerId, alice), 250_000);
        vm.assertEq(registry.getScore(scorerId, bob), 0);
    }

    function test_Registry_CachedInOneSlot() public {
        uint32 number = anchor(list(leaf(alice, type(uint32).max), leaf(bob, 100_000)));
        uint64 expiresAt = leavesOf[scorerId][number][0].expiresAt;
        recorder.record();
        submit(number, 0);
        (, bytes32[] memory written) = recorder.accesses(address(registry));
        for (uint256 i = 1; i < written.length; ++i) vm.assertEq(written[i], written[0]);
        vm.assertEq(
            vm.load(address(registry), written[0]),
            bytes32(
                (uint256(THRESHOLD) << 128) | (uint256(number) << 96) | (uint256(expiresAt) << 32) | type(uint32).max
            )
        );
    }

    /// F1: bringing in the older leaf again, score or drop, leaves the newer one.
    function test_Registry_OlderLeafNeverReplaces() public {
        uint32 a = anchor(list(leaf(alice, 250_000), leaf(bob, 1)));
        submit(a, 0);
        uint32 b = anchor(list(leaf(alice, 300_000), leaf(bob, 1)));
        submit(b, 0);
        vm.assertEq(registry.getScore(scorerId, alice), 300_000);
        expectNotFresher(a, b);
        submit(a, 0);
        expectNotFresher(b, b);
        submit(b, 0);
        IPassportRegistry.Submission[] memory older = new IPassportRegistry.Submission[](1);
        older[0] = submission(a, 0);
        vm.assertEq(registry.submitScores(scorerId, older), 0);
        vm.assertEq(registry.getScore(scorerId, alice), 300_000);
        vm.assertFalse(verify(a, 0)); // an older leaf does not count without being stored either
        vm.assertTrue(verify(b, 0));
    }

    /// F1: a withdrawal is a leaf of score 0, ordered by its root like any other.
    function test_Registry_WithdrawalNamesOneLeaf() public {
        uint32 a = anchor(list(leaf(alice, 0), leaf(bob, 1)));
        uint32 b = anchor(list(leaf(alice, 300_000), leaf(bob, 1)));
        submit(b, 0);
        expectNotFresher(a, b);
        submit(a, 0); // withdrawing before b does not withdraw b
        vm.assertTrue(registry.isHuman(scorerId, alice));

        uint32 c = anchor(list(leaf(alice, 0), leaf(bob, 1)));
        submit(c, 0);
        vm.assertEq(registry.getScore(scorerId, alice), 0);
        vm.assertFalse(registry.isHuman(scorerId, alice));
        expectNotFresher(b, c);
        submit(b, 0); // and the withdrawn one does not come back, open as its root is
    }

    /// F2: what is stored is what the tree says, or nothing.
    function testFuzz_Registry_StoredValueEqualsLeaf(uint32 score, uint64 expiresAt) public {
        uint32 number = anchor(list(Leaf(alice, score, expiresAt), leaf(bob, 1)));
        uint256 latest = block.timestamp + MAX_LIFETIME;
        if (score != 0 && expiresAt > latest) {
            vm.expectRevert(
                abi.encodeWithSelector(IPassportRegistry.RegistryLifetimeTooLong.selector, expiresAt, latest)
            );
            submit(number, 0);
            vm.assertEq(registry.cachedScore(scorerId, alice).rootNumber, 0);
            return;
        }
        submit(number, 0);
        IPassportRegistry.CachedScore memory cached = registry.cachedScore(scorerId, alice);
        vm.assertEq(cached.score, score);
        vm.assertEq(cached.expiresAt, expiresAt);
        vm.assertEq(cached.rootNumber, number);
        vm.assertEq(cached.threshold, THRESHOLD);
    }

    /// F2: the score that the existing system cut to 32 bits.
    function test_Registry_WideScoresAreNotCut() public {
        uint256 wide = 5_000_000_000;
        uint64 expiresAt = uint64(block.timestamp + 1 days);
        // A tree over the wide score, and one over what is left of it after the cut: the first cannot be brought in.
        bytes32 wideLeaf = keccak256(bytes.concat(keccak256(abi.encode(scorerId, alice, wide, expiresAt))));
        IPassportRegistry.Anchor memory anchor_ = anchorOf(wideLeaf);
        registry.anchor(anchor_, sign(anchor_));
        bytes memory call = abi.encodeWithSelector(
            IPassportRegistry.submitScore.selector,
            scorerId,
            alice,
            wide,
            expiresAt,
            1,
            new bytes32[](0)
        );
        (bool success, ) = address(registry).call(call);
        vm.assertFalse(success); // a score beyond 32 bits is refused
        expectInvalidProof(alice);
        registry.submitScore(scorerId, alice, uint32(wide), expiresAt, 1, new bytes32[](0)); // 705032704
    }

    /// F3: each item of a batch is proved by itself.
    function test_Registry_BatchItemsCheckedAlone() public {
        uint32 number = anchor(list(leaf(alice, 250_000), leaf(bob, 100_000)));
        IPassportRegistry.Submission[] memory batch = new IPassportRegistry.Submission[](2);
        batch[0] = submission(number, 0);
        batch[1] = submission(number, 0);
        batch[1].account = carol; // with alice's proof
        expectInvalidProof(carol);
        registry.submitScores(scorerId, batch);
        batch[1].proof = new bytes32[](0);
        expectInvalidProof(carol);
        registry.submitScores(scorerId, batch);
        vm.assertEq(registry.getScore(scorerId, alice), 0, "all or none");

        batch[1] = submission(number, 1);
        batch[1].score = 300_000;
        expectInvalidProof(bob);
        registry.submitScores(scorerId, batch);
        batch[1] = submission(number, 1);
        vm.assertEq(registry.submitScores(scorerId, batch), 2);
        vm.assertEq(registry.getScore(scorerId, alice), 250_000);
        vm.assertEq(registry.getScore(scorerId, bob), 100_000);
    }

    function test_SubmitScores_PassesOverWhatIsThere() public {
        uint32 number = anchor(list(leaf(alice, 0), leaf(bob, 0), leaf(carol, 0)));
        submit(number, 1); // somebody was faster
        IPassportRegistry.Submission[] memory batch = new IPassportRegistry.Submission[](4);
        for (uint256 i = 0; i < 3; ++i) batch[i] = submission(number, i);
        batch[3] = batch[0]; // twice in one batch
        vm.assertEq(registry.submitScores(scorerId, batch), 2);
        vm.assertEq(registry.cachedScore(scorerId, carol).rootNumber, number);
        vm.assertEq(registry.submitScores(scorerId, batch), 0);
        vm.assertEq(registry.submitScores(scorerId, new IPassportRegistry.Submission[](0)), 0);
    }

    function test_SubmitScores_MixesOpenRoots() public {
        uint32 previous = anchor(list(leaf(alice, 250_000), leaf(bob, 250_000)));
        uint32 current = anchor(list(leaf(alice, 0), leaf(bob, 250_000)));
        IPassportRegistry.Submission[] memory batch = new IPassportRegistry.Submission[](3);
        batch[0] = submission(previous, 0);
        batch[1] = submission(current, 0);
        batch[2] = submission(previous, 1);
        vm.assertEq(registry.submitScores(scorerId, batch), 3);
        vm.assertEq(registry.getScore(scorerId, alice), 0);
        vm.assertEq(registry.getScore(scorerId, bob), 250_000);
    }

    function test_Registry_InnerNodeIsNoLeaf() public {
        Leaf[] memory leaves = list(leaf(alice, 250_000), leaf(bob, 100_000));
        bytes32[] memory hashes = ScoreTree.hashAll(scorerId, leaves);
        uint32 number = anchor(leaves);
        // A leaf of this depth proves itself; a node passed off as a leaf would need 128 bytes that hash twice to it. What
        // an attacker controls is where the proof starts: the inner node, the root, the sibling.
        expectInvalidProof(alice);
        registry.submitScore(scorerId, alice, 250_000, leaves[0].expiresAt, number, new bytes32[](0));
        bytes32[] memory long = new bytes32[](2);
        (long[0], long[1]) = (hashes[1], hashes[0]);
        expectInvalidProof(alice);
        registry.submitScore(scorerId, alice, 250_000, leaves[0].expiresAt, number, long);
        // Hashed once only, a leaf's 128 bytes are no leaf either.
        vm.warp(block.timestamp + 1);
        IPassportRegistry.Anchor memory anchor_ = anchorOf(
            keccak256(abi.encode(scorerId, alice, uint32(250_000), leaves[0].expiresAt))
        );
        registry.anchor(anchor_, sign(anchor_));
        expectInvalidProof(alice);
        registry.submitScore(scorerId, alice, 250_000, leaves[0].expiresAt, number + 1, new bytes32[](0));
    }

    function testFuzz_Registry_EachFieldChangesLeaf(uint256 field, uint256 seed) public {
        uint32 number = anchor(list(leaf(alice, 250_000), leaf(bob, 100_000)));
        Leaf memory item = leavesOf[scorerId][number][0];
        bytes32[] memory proof = proofOf(number, 0);
        field = bound(field, 0, 3);
        address account = field == 0 ? address(uint160(bound(seed, 1, 0xffff))) : alice;
        uint32 score = field == 1 ? uint32(bound(seed, 250_001, type(uint32).max)) : item.score;
        uint64 expiresAt = field == 2 ? item.expiresAt - uint64(bound(seed, 1, item.expiresAt)) : item.expiresAt;
        if (field == 3) {
            uint256 i = seed % proof.length;
            proof[i] = keccak256(abi.encode(proof[i], seed));
        }
        expectInvalidProof(account);
        registry.submitScore(scorerId, account, score, expiresAt, number, proof);
        vm.assertFalse(registry.verifyScore(scorerId, account, score, expiresAt, number, proof));
        vm.assertFalse(registry.wasAnchored(scorerId, account, score, expiresAt, number, proof));
    }

    function test_Registry_ForeignRootFails() public {
        uint256 mine = scorerId;
        uint32 number = anchor(list(leaf(alice, 250_000), leaf(bob, 1)));
        Leaf memory item = leavesOf[mine][number][0];
        bytes32[] memory proof = proofOf(number, 0);

        // Another scorer anchors the very same root: its leaves still name the first.
        uint256 theirs = registry.createScorer(carol, operator, IPassportRegistry.AuthorityKind.Key, settings());
        bytes32 root = registry.rootOf(mine, number);
        scorerId = theirs;
        IPassportRegistry.Anchor memory anchor_ = anchorOf(root);
        registry.anchor(anchor_, sign(anchor_));
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryInvalidProof.selector, theirs, alice));
        registry.submitScore(theirs, alice, item.score, item.expiresAt, number, proof);

        // Another registry, and another chain, do not take the signature at all: see the anchor tests. Without a root
        // there, no leaf counts.
        PassportRegistry other = new PassportRegistry(timelock);
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryRootNotOpen.selector, number, 0, 0));
        other.submitScore(mine, alice, item.score, item.expiresAt, number, proof);
    }

    /// F7b: a scorer whose id differs beyond 32 bits is another scorer.
    function test_Registry_ScorerIdFullWidth() public {
        uint32 number = anchor(list(leaf(alice, 250_000), leaf(bob, 1)));
        submit(number, 0);
        // Nobody makes four billion scorers: put the counter there.
        uint256 counter = findCounter();
        vm.store(address(registry), bytes32(counter), bytes32(uint256(1) << 32));
        uint256 wide = registry.createScorer(carol, operator, IPassportRegistry.AuthorityKind.Key, settings());
        vm.assertEq(wide, scorerId + (1 << 32));
        vm.assertEq(registry.getScore(wide, alice), 0);

        scorerId = wide;
        uint32 same = anchor(list(leaf(alice, 10), leaf(bob, 1)));
        submit(same, 0);
        vm.assertEq(registry.getScore(wide, alice), 10);
        vm.assertEq(registry.getScore(1, alice), 250_000, "the first scorer's score stands");
    }

    function test_SubmitScore_RevertWhen_TheRootIsNotOpen() public {
        uint32 first = anchor(list(leaf(alice, 250_000), leaf(bob, 250_000)));
        anchorNobody();
        submit(first, 0); // the one before the current
        anchorNobody();
        expectNotOpen(first, 3, 0);
        submit(first, 1);
        vm.assertFalse(verify(first, 1));
        expectNotOpen(4, 3, 0);
        registry.submitScore(scorerId, bob, 1, 1, 4, new bytes32[](0));
        vm.assertFalse(registry.verifyScore(scorerId, bob, 1, type(uint64).max, 4, new bytes32[](0)));
    }

    function test_SubmitScore_RevertWhen_TheRootIsNumberZero() public {
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryNotFresher.selector, 0, 0));
        registry.submitScore(scorerId, alice, 1, uint64(NOW + 1), 0, new bytes32[](0));
        vm.assertFalse(registry.verifyScore(scorerId, alice, 1, uint64(NOW + 1), 0, new bytes32[](0)));
        vm.assertFalse(registry.wasAnchored(scorerId, alice, 1, uint64(NOW + 1), 0, new bytes32[](0)));
    }

    function test_SubmitScore_RevertWhen_TheRootIsBelowTheFloor() public {
        uint32 first = anchor(list(leaf(alice, 250_000), leaf(bob, 1)));
        uint32 second = anchor(list(leaf(alice, 250_000), leaf(bob, 1)));
        vm.prank(manager);
        registry.raiseFloor(scorerId, second);
        expectNotOpen(first, second, second);
        submit(first, 0);
        vm.assertFalse(verify(first, 0));
        submit(second, 0);
        vm.prank(manager);
        registry.raiseFloor(scorerId, second + 1); // the root itself was bad
        expectNotOpen(second, second, second + 1);
        submit(second, 1);
        vm.assertFalse(verify(second, 0));
    }

    /// An expired leaf may end a score that an earlier root gave for longer.
    function test_SubmitScore_TakesAnExpiredLeaf() public {
        uint32 first = anchor(list(Leaf(alice, 250_000, uint64(NOW + 60 days)), leaf(bob, 1)));
        submit(first, 0);
        uint32 second = anchor(list(Leaf(alice, 250_000, uint64(NOW + 1 days)), leaf(bob, 1)));
        vm.warp(NOW + 2 days);
        vm.assertTrue(registry.isHuman(scorerId, alice));
        submit(second, 0);
        vm.assertEq(registry.getScore(scorerId, alice), 0);
    }

    function test_Registry_LifetimeCapped() public {
        uint64 latest = uint64(NOW + 1 + MAX_LIFETIME); // anchored and issued a second from now
        uint32 first = anchor(list(Leaf(alice, 250_000, latest), Leaf(bob, 250_000, latest + 1)));
        expectLifetime(latest + 1, latest);
        submit(first, 1);
        vm.assertFalse(verify(first, 1));
        vm.assertTrue(verify(first, 0));
        // The cap is the root's own: a later root, and a later block, do not lengthen it.
        vm.warp(NOW + 10 days);
        anchorNobody();
        expectLifetime(latest + 1, latest);
        submit(first, 1);
        submit(first, 0);
        vm.assertEq(registry.getScore(scorerId, alice), 250_000);
    }

    function test_SubmitScore_ADropHasNoLifetime() public {
        uint32 first = anchor(list(leaf(alice, 250_000), leaf(bob, 1)));
        submit(first, 0);
        uint32 second = anchor(list(Leaf(alice, 0, type(uint64).max), Leaf(bob, 0, 0)));
        submit(second, 0);
        submit(second, 1);
        vm.assertEq(registry.getScore(scorerId, alice), 0);
        vm.assertFalse(verify(second, 0)); // a drop proves no score
    }

    function test_SubmitScore_RevertGiven_ScorerIsUnknown() public {
        expectNotOpen(1, 0, 0);
        registry.submitScore(99, alice, 1, 1, 1, new bytes32[](0));
    }

    /// F4: there is no way to pay, so there is nothing to keep.
    function test_Registry_NothingPayable() public {
        uint32 number = anchor(list(leaf(alice, 250_000), leaf(bob, 1)));
        Leaf memory item = leavesOf[scorerId][number][0];
        IPassportRegistry.Anchor memory next = anchorOf(keccak256("next"));
        next.issuedAt += 1;
        vm.warp(block.timestamp + 1);
        IPassportRegistry.Submission[] memory batch = new IPassportRegistry.Submission[](1);
        batch[0] = submission(number, 1);
        bytes[] memory calls = new bytes[](5);
        calls[0] = "";
        calls[1] = abi.encodeCall(
            registry.submitScore,
            (scorerId, alice, item.score, item.expiresAt, number, proofOf(number, 0))
        );
        calls[2] = abi.encodeCall(registry.submitScores, (scorerId, batch));
        calls[3] = abi.encodeCall(registry.anchor, (next, sign(next)));
        calls[4] = abi.encodeCall(
            registry.createScorer,
            (manager, operator, IPassportRegistry.AuthorityKind.Key, settings())
        );
        vm.deal(address(this), 10 ether);
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool paid, ) = address(registry).call{value: 1 ether}(calls[i]);
            vm.assertFalse(paid); // no call takes ether
            (bool unpaid, ) = address(registry).call(calls[i]);
            vm.assertEq(unpaid, calls[i].length != 0); // it was the ether
        }
        vm.assertEq(address(registry).balance, 0);
    }

    function findCounter() private view returns (uint256 slot) {
        while (uint256(vm.load(address(registry), bytes32(slot))) != 1) ++slot;
    }

    function expectNotFresher(uint32 number, uint32 cached) private {
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryNotFresher.selector, number, cached));
    }

    function expectNotOpen(uint32 number, uint32 current, uint32 floor) private {
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryRootNotOpen.selector, number, current, floor));
    }

    function expectInvalidProof(address account) private {
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryInvalidProof.selector, scorerId, account));
    }

    function expectLifetime(uint64 expiresAt, uint64 latest) private {
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryLifetimeTooLong.selector, expiresAt, latest));
    }
}
