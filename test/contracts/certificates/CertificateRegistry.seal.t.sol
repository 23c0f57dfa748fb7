// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICertificateRegistry} from "../../../contracts/certificates/ICertificateRegistry.sol";
import {IStmVerifier} from "../../../contracts/certificates/IStmVerifier.sol";
import {bound, vm} from "../support/Vm.sol";
import {CertificatesFixture} from "./support/CertificatesFixture.sol";
import {HeapTree} from "./support/HeapTree.sol";

contract CertificateRegistrySealTest is CertificatesFixture {
    function setUp() public override {
        super.setUp();
        toEpoch(1);
        registerAll();
    }

    function test_Seal_ComputesTheKeyOfTheOrderedRegistrants() public {
        toEpoch(2);
        ICertificateRegistry.Registrant[] memory list = ordered(1);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ICertificateRegistry.EpochSealed(1, rootOf(1, list), 5, 400_000e9);
        registry.seal(1, nothingRead(), list);
        expectKey(1, rootOf(1, list), 5, 400_000e9);
    }

    function test_Seal_StakeIsTheLeastOfThreeSamples() public {
        uint64[3] memory times = registry.sampleTimes(1);
        vm.assertEq(times[0], registry.startOf(1) - 1);
        vm.assertEq(times[1], registry.startOf(1) - 1 + LENGTH / 2);
        vm.assertEq(times[2], registry.startOf(2) - 1);
        // Borrowed after the beginning and kept to the end; given away in the middle only; given away at the end only.
        move(treasury, steward(0), 500_000e18, times[0] + 1);
        move(steward(1), treasury, 15_000e18, times[1]);
        move(treasury, steward(1), 15_000e18, times[1] + 1);
        move(steward(4), treasury, 79_000e18, times[2]);
        toEpoch(2);
        vm.assertEq(registry.stakeOf(1, steward(0)), 150_000e9);
        vm.assertEq(registry.stakeOf(1, steward(1)), 5_000e9);
        vm.assertEq(registry.stakeOf(1, steward(4)), 1_000e9);
        sealAll(1);
        expectKey(1, rootOf(1, ordered(1)), 5, 306_000e9);
    }

    function test_Seal_SeesNothingThatComesAfterTheEpoch() public {
        toEpoch(2);
        vm.prank(steward(0));
        token.transfer(treasury, 150_000e18);
        vm.assertEq(registry.stakeOf(1, steward(0)), 150_000e9);
        sealAll(1);
        expectKey(1, rootOf(1, ordered(1)), 5, 400_000e9);
    }

    function test_Seal_LeavesOutStakesBelowTheMinimum() public {
        move(steward(1), treasury, 20_000e18 - 100e18 + 1, GENESIS + 100); // a wei less than 100 tokens
        move(steward(3), treasury, 20_000e18 - 100e18, GENESIS + 101); // just 100 tokens
        toEpoch(2);
        ICertificateRegistry.Registrant[] memory list = ordered(1);
        vm.assertEq(list[0].steward, steward(1));
        vm.assertEq(registry.stakeOf(1, steward(1)), MINIMUM_STAKE - 1);
        // They are shown all the same: without them, the list is not complete.
        registry.seal(1, nothingRead(), part(list, 1, 5));
        expectOpen(1);
        registry.seal(1, nothingRead(), list);
        expectKey(1, rootOf(1, part(list, 1, 5)), 4, 360_100e9);
    }

    function test_Seal_RevertWhen_TheEpochIsNotOver() public {
        vm.warp(registry.startOf(2) - 1);
        expectTooEarly(1, 1);
        expectTooEarly(2, 1);
        vm.warp(registry.startOf(2));
        sealAll(1);
    }

    function test_Seal_RevertGiven_ItIsMade() public {
        toEpoch(2);
        sealAll(1);
        ICertificateRegistry.Registrant[] memory list = ordered(1);
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.SealAlreadyMade.selector, 1));
        registry.seal(1, nothingRead(), list);
    }

    function test_Seal_AnyLaterEpochWill() public {
        toEpoch(9);
        sealAll(1);
        expectKey(1, rootOf(1, ordered(1)), 5, 400_000e9);
    }

    /// hardhat-config: fuzz.runs = 64
    function testFuzz_Seal_WrongOrderReverts(uint256 first, uint256 second) public {
        toEpoch(2);
        ICertificateRegistry.Registrant[] memory list = ordered(1);
        first = bound(first, 0, 4);
        second = bound(second, 0, 4);
        if (first == second) {
            list[(first + 1) % 5] = list[first]; // one twice, in place of another
        } else {
            (list[first], list[second]) = (list[second], list[first]);
        }
        uint256 fault = 1;
        while (isBefore(1, list[fault - 1], list[fault])) ++fault;
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.SealWrongOrder.selector, 1, list[fault].steward));
        registry.seal(1, nothingRead(), list);
    }

    function test_Seal_RevertWhen_ARegistrantIsUnknown() public {
        toEpoch(2);
        ICertificateRegistry.Registrant[] memory list = ordered(1);
        list[2].steward = treasury;
        expectUnknown(list, treasury);
        list = ordered(1);
        list[2].verificationKey[2] ^= bytes32(uint256(1));
        expectUnknown(list, list[2].steward);
        // Steward 2 with the key of steward 4.
        list = ordered(1);
        list[3].verificationKey = list[2].verificationKey;
        expectUnknown(list, list[3].steward);
    }

    /// In pages, in any division, and by anybody.
    /// hardhat-config: fuzz.runs = 64
    function testFuzz_Seal_PagesGiveTheSameKey(uint256 cut1, uint256 cut2) public {
        toEpoch(2);
        ICertificateRegistry.Registrant[] memory list = ordered(1);
        cut1 = bound(cut1, 0, 4);
        cut2 = bound(cut2, cut1, 4);
        ICertificateRegistry.SealProgress memory progress = sealPage(1, nothingRead(), part(list, 0, cut1));
        vm.prank(stranger);
        progress = sealPage(1, progress, part(list, cut1, cut2));
        expectOpen(1);
        registry.seal(1, progress, part(list, cut2, 5));
        expectKey(1, rootOf(1, list), 5, 400_000e9);
    }

    /// Somebody skips registrants, which could never be read any more, and repeats pages: nothing of it is in the way.
    function test_Seal_NobodyDivertsAnothersPages() public {
        toEpoch(2);
        ICertificateRegistry.Registrant[] memory list = ordered(1);
        ICertificateRegistry.SealProgress memory mine = sealPage(1, nothingRead(), part(list, 0, 2));
        vm.prank(stranger);
        ICertificateRegistry.SealProgress memory skipped = sealPage(1, mine, part(list, 4, 5));
        vm.prank(stranger);
        sealPage(1, nothingRead(), part(list, 4, 5));
        vm.prank(stranger);
        sealPage(1, nothingRead(), part(list, 0, 1));
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.SealWrongOrder.selector, 1, list[2].steward));
        registry.seal(1, skipped, part(list, 2, 4));
        registry.seal(1, mine, part(list, 2, 5));
        expectKey(1, rootOf(1, list), 5, 400_000e9);
    }

    /// hardhat-config: fuzz.runs = 64
    function testFuzz_Seal_InventedProgressReverts(uint256 field, uint64 value) public {
        toEpoch(2);
        ICertificateRegistry.Registrant[] memory list = ordered(1);
        ICertificateRegistry.SealProgress memory progress = sealPage(1, nothingRead(), part(list, 0, 3));
        bytes32 before = keccak256(abi.encode(progress));
        field = bound(field, 0, 5);
        if (field == 0) progress.read = uint32(bound(value, 1, type(uint32).max));
        if (field == 1) progress.leaves = uint32(value);
        if (field == 2) progress.totalStake = value;
        if (field == 3) progress.lastStake = value;
        if (field == 4) progress.lastKey[value % 3] = bytes32(uint256(value));
        if (field == 5) progress.frontier[value % 2] = bytes32(uint256(value));
        bytes32 changed = keccak256(abi.encode(progress));
        vm.assume(changed != before);
        vm.assertFalse(registry.isSealProgress(1, changed));
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.SealUnknownProgress.selector, 1, changed));
        registry.seal(1, progress, part(list, 3, 5));
    }

    function test_Seal_RevertWhen_TheProgressIsAnotherEpochs() public {
        toEpoch(2);
        ICertificateRegistry.SealProgress memory progress = sealPage(1, nothingRead(), part(ordered(1), 0, 3));
        registerAll();
        toEpoch(3);
        ICertificateRegistry.Registrant[] memory list = ordered(2);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICertificateRegistry.SealUnknownProgress.selector,
                2,
                keccak256(abi.encode(progress))
            )
        );
        registry.seal(2, progress, part(list, 3, 5));
    }

    function test_Seal_BlocksAnEpochWithTooLittleRegisteredStake() public {
        toEpoch(2);
        register(0);
        register(2); // 280,000 of 1,000,000; 30 % are needed
        toEpoch(3);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ICertificateRegistry.EpochBlocked(2, 280_000e9, 300_000e9);
        sealAll(2);
        (ICertificateRegistry.SealStatus status, IStmVerifier.AggregateKey memory key) = registry.sealOf(2);
        vm.assertTrue(status == ICertificateRegistry.SealStatus.Blocked);
        vm.assertEq(abi.encode(key), new bytes(96), "a blocked epoch has no key");
        ICertificateRegistry.Registrant[] memory list = ordered(2);
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.SealAlreadyMade.selector, 2));
        registry.seal(2, nothingRead(), list);
    }

    function test_Seal_TheShareIsOfTheSupplyAtTheEpochsEnd() public {
        toEpoch(2);
        register(0);
        register(2);
        register(1); // 300,000: just enough
        toEpoch(3);
        uint256 id = vm.snapshotState();
        sealAll(2);
        expectKey(2, rootOf(2, ordered(2)), 3, 300_000e9);
        vm.revertToState(id);
        // A wei more of votes is needed than there are: the last steward lost it in the middle of the epoch.
        vm.warp(registry.sampleTimes(2)[1]);
        vm.prank(steward(1));
        token.transfer(treasury, 1);
        toEpoch(3);
        sealAll(2);
        (ICertificateRegistry.SealStatus status, ) = registry.sealOf(2);
        vm.assertTrue(status == ICertificateRegistry.SealStatus.Blocked);
    }

    /// A supply that grew beyond 64 bits of stake, in one hand or in several, must not leave an epoch open for ever.
    function test_Seal_StakesBeyond64BitsBlockTheEpoch() public {
        ICertificateRegistry.Registrant[] memory list = giantsAtTheEnd(2);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ICertificateRegistry.EpochBlocked(1, type(uint64).max, 300_000e9);
        registry.seal(1, nothingRead(), list);
        expectBlocked(1);
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.SealAlreadyMade.selector, 1));
        registry.seal(1, nothingRead(), list);
    }

    function test_Seal_ALargerStakeIsReadAs64Bits() public {
        ICertificateRegistry.Registrant[] memory list = giantsAtTheEnd(1);
        vm.assertEq(registry.stakeOf(1, list[4].steward), type(uint64).max);
        // It alone fits; with any other it does not.
        registry.seal(1, nothingRead(), list);
        expectBlocked(1);

        registerMocked(2, list[4].steward);
        toEpoch(3);
        list = ordered(2);
        registry.seal(2, nothingRead(), list);
        expectKey(2, rootOf(2, list), 1, type(uint64).max);
    }

    /// A page that skips somebody can only make the sum smaller: what does not fit without him does not fit with him.
    function test_Seal_AnIncompletePageThatOverflowsDecides() public {
        ICertificateRegistry.Registrant[] memory list = giantsAtTheEnd(2);
        registry.seal(1, nothingRead(), part(list, 0, 3));
        expectOpen(1);
        vm.prank(stranger);
        registry.seal(1, nothingRead(), part(list, 3, 5));
        expectBlocked(1);
    }

    function test_Seal_BlocksAnEpochWithoutRegistrants() public {
        toEpoch(3);
        registry.seal(2, nothingRead(), new ICertificateRegistry.Registrant[](0));
        (ICertificateRegistry.SealStatus status, ) = registry.sealOf(2);
        vm.assertTrue(status == ICertificateRegistry.SealStatus.Blocked);
    }

    /// The bounds of the parameters that hold when the key signs, and that were known before the seal.
    function test_Seal_UsesTheSigningEpochsParameters() public {
        ICertificateRegistry.ProtocolParameters memory stricter = parameters();
        stricter.minimumStake = 50_000e9;
        stricter.minimumShare = 3600;
        vm.prank(timelock);
        registry.scheduleParameters(3, stricter);
        toEpoch(2);
        ICertificateRegistry.Registrant[] memory list = ordered(1);
        registry.seal(1, nothingRead(), list);
        expectKey(1, rootOf(1, part(list, 2, 5)), 3, 360_000e9);
    }

    /// Epoch 2, in which the last `count` registrants of epoch 1 turn out to hold more than 64 bits of stake, or all of them.
    function giantsAtTheEnd(uint256 count) private returns (ICertificateRegistry.Registrant[] memory list) {
        toEpoch(2);
        list = ordered(1);
        for (uint256 i = 5 - count; i < 5; ++i) giant(list[i].steward);
        list = ordered(1);
    }

    function giant(address account) private {
        uint256 votes = (uint256(type(uint64).max) + 7) * 1e9;
        // For any time: a call is mocked by how its data begins.
        vm.mockCall(address(token), abi.encodeWithSelector(token.getPastVotes.selector, account), abi.encode(votes));
    }

    function registerMocked(uint64 epoch, address account) private {
        for (uint256 i = 0; i < STEWARDS; ++i) if (steward(i) == account) register(i, epoch);
    }

    function expectBlocked(uint64 epoch) private view {
        (ICertificateRegistry.SealStatus status, ) = registry.sealOf(epoch);
        vm.assertTrue(status == ICertificateRegistry.SealStatus.Blocked);
    }

    function move(address from, address to, uint256 amount, uint64 time) private {
        vm.warp(time);
        vm.prank(from);
        token.transfer(to, amount);
    }

    /// Sends a page and returns the progress that its event shows.
    function sealPage(
        uint64 epoch,
        ICertificateRegistry.SealProgress memory progress,
        ICertificateRegistry.Registrant[] memory page
    ) private returns (ICertificateRegistry.SealProgress memory) {
        vm.recordLogs();
        registry.seal(epoch, progress, page);
        bytes memory data = vm.getRecordedLogs()[0].data;
        return abi.decode(data, (ICertificateRegistry.SealProgress));
    }

    function rootOf(uint64 epoch, ICertificateRegistry.Registrant[] memory list) private view returns (bytes32) {
        bytes32[] memory leaves = new bytes32[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            leaves[i] = HeapTree.leaf(list[i].verificationKey, registry.stakeOf(epoch, list[i].steward));
        }
        return HeapTree.root(leaves);
    }

    function expectKey(uint64 epoch, bytes32 root, uint256 leaves, uint256 totalStake) private view {
        (ICertificateRegistry.SealStatus status, IStmVerifier.AggregateKey memory key) = registry.sealOf(epoch);
        vm.assertTrue(status == ICertificateRegistry.SealStatus.Sealed, "not sealed");
        vm.assertEq(key.root, root);
        vm.assertEq(key.leaves, leaves);
        vm.assertEq(key.totalStake, totalStake);
    }

    function expectOpen(uint64 epoch) private view {
        (ICertificateRegistry.SealStatus status, ) = registry.sealOf(epoch);
        vm.assertTrue(status == ICertificateRegistry.SealStatus.Open, "decided");
    }

    function expectTooEarly(uint64 epoch, uint64 current) private {
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.SealTooEarly.selector, epoch, current));
        registry.seal(epoch, nothingRead(), new ICertificateRegistry.Registrant[](0));
    }

    function expectUnknown(ICertificateRegistry.Registrant[] memory list, address who) private {
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.SealUnknownRegistrant.selector, 1, who));
        registry.seal(1, nothingRead(), list);
    }
}
