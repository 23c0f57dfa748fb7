// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICertificateRegistry} from "../../../contracts/certificates/ICertificateRegistry.sol";
import {IStmVerifier} from "../../../contracts/certificates/IStmVerifier.sol";
import {vm} from "../support/Vm.sol";
import {CertificatesHandler} from "./support/CertificatesHandler.sol";

/// @notice In this file, because the runner only calls contracts of the files it was given.
contract StewardsHandler is CertificatesHandler {}

/// @notice In words: test/contracts/invariants-certificates.md.
contract CertificateRegistryInvariantTest {
    uint256 private constant STEWARDS = 5;

    CertificatesHandler private handler;
    ICertificateRegistry private registry;

    function setUp() public {
        handler = new StewardsHandler();
        registry = handler.registryOf();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_ADecidedEpochNeverChanges() public view {
        for (uint64 epoch = 1; epoch <= handler.LAST_EPOCH(); ++epoch) {
            vm.assertEq(handler.digestOf(epoch), handler.decided(epoch));
        }
    }

    function invariant_TheKeyIsThatOfTheRegistrantsLeastVotes() public view {
        uint64 current = registry.currentEpoch();
        for (uint64 epoch = 1; epoch < current; ++epoch) {
            (ICertificateRegistry.SealStatus status, IStmVerifier.AggregateKey memory key) = registry.sealOf(epoch);
            if (status == ICertificateRegistry.SealStatus.Open) continue;
            uint256 total = 0;
            uint256 leaves = 0;
            for (uint256 i = 0; i < STEWARDS; ++i) {
                address steward = handler.stewardAt(i);
                if (registry.keyHashOf(epoch, steward) == 0) continue;
                uint64 stake = registry.stakeOf(epoch, steward);
                if (stake < 100e9) continue;
                total += stake;
                ++leaves;
            }
            bool enough = total >= 300_000e9;
            vm.assertEq(status == ICertificateRegistry.SealStatus.Sealed, enough);
            vm.assertEq(key.totalStake, enough ? total : 0);
            vm.assertEq(key.leaves, enough ? leaves : 0);
            vm.assertEq(key.root != 0, enough);
        }
    }

    function invariant_NobodyRegistersTwice() public view {
        uint64 current = registry.currentEpoch();
        for (uint64 epoch = 1; epoch <= current; ++epoch) {
            uint256 count = 0;
            for (uint256 i = 0; i < STEWARDS; ++i) {
                bytes32 keyHash = registry.keyHashOf(epoch, handler.stewardAt(i));
                if (keyHash == 0) continue;
                ++count;
                vm.assertEq(registry.stewardOf(epoch, keyHash), handler.stewardAt(i));
            }
            vm.assertEq(registry.registeredCount(epoch), count);
        }
    }

    function invariant_CertifiedEpochsAreChainsWithPermittedGaps() public view {
        uint256 count = handler.certifiedCount();
        (uint32 anchors, , ) = registry.anchoring();
        uint32 anchor = 0;
        uint64 last = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint64 epoch = handler.certified(i);
            uint32 own = registry.certifiedEpoch(epoch).anchor;
            vm.assertTrue(epoch > last, "out of order");
            bool follows = last != 0 && epoch == last + 1;
            vm.assertEq(own, follows ? anchor : anchor + 1);
            (anchor, last) = (own, epoch);
        }
        vm.assertEq(anchor, anchors);
        vm.assertEq(registry.lastCertifiedEpoch(), last);
        vm.assertLe(anchors, handler.permissions());
        vm.assertLe(last, registry.currentEpoch());
    }

    function invariant_OnlySealedKeysCertify() public view {
        for (uint64 epoch = 1; epoch <= handler.LAST_EPOCH(); ++epoch) {
            if (registry.certifiedEpoch(epoch).certifiedAt == 0) {
                vm.assertEq(registry.certifiedScoresRoot(epoch), 0);
                continue;
            }
            (ICertificateRegistry.SealStatus own, ) = registry.sealOf(epoch - 2);
            (ICertificateRegistry.SealStatus next, ) = registry.sealOf(epoch - 1);
            vm.assertTrue(own == ICertificateRegistry.SealStatus.Sealed, "certified without a key");
            vm.assertTrue(next != ICertificateRegistry.SealStatus.Open, "certified without the next key");
        }
    }

    /// The handler does what it is there for: epochs are sealed, some are blocked, chains begin and go on.
    function test_Handler_CertifiesAndBlocks() public {
        for (uint64 epoch = 1; epoch < 6; ++epoch) {
            if (epoch != 4) handler.join(0, true);
            handler.wait(999);
            handler.close(0, 0, 2); // the epoch that just ended
            if (epoch == 3) handler.permit(2);
            handler.bring(false, true, 0);
        }
        vm.assertEq(handler.certifiedCount(), 2);
        vm.assertEq(handler.certified(0), 4);
        vm.assertEq(handler.certified(1), 5);
        vm.assertEq(handler.blocked(), 1);
    }
}
