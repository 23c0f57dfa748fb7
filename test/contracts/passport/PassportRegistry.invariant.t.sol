// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportRegistry} from "../../../contracts/passport/IPassportRegistry.sol";
import {PassportRegistry} from "../../../contracts/passport/PassportRegistry.sol";
import {vm} from "../support/Vm.sol";
import {PassportRegistryHandler} from "./support/PassportRegistryHandler.sol";
import {Leaf} from "./support/ScoreTree.sol";

/// @notice In this file, because the runner only calls contracts of the files it was given.
contract RegistryHandler is PassportRegistryHandler {}

/// @notice What invariants-passport.md says of the registry.
contract PassportRegistryInvariantTest {
    PassportRegistryHandler private handler;
    PassportRegistry private registry;

    function setUp() public {
        handler = new RegistryHandler();
        registry = handler.theRegistry();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_CachedScoreNeverGoesBack() external view {
        vm.assertEq(handler.wentBack(), 0);
    }

    function invariant_EndedScoreIsNeverRevived() external view {
        vm.assertEq(handler.revived(), 0);
    }

    function invariant_RegistryReadsNeverRevert() external view {
        vm.assertEq(handler.readsThatReverted(), 0);
    }

    function invariant_RegistryHoldsNoEther() external view {
        vm.assertEq(handler.etherTaken(), 0);
        vm.assertEq(address(registry).balance, 0);
    }

    function invariant_CertifiedRootsKeepTheInterval() external view {
        vm.assertEq(handler.tooSoon(), 0);
    }

    function invariant_StoredScoreIsAnAnchoredLeaf() external view {
        for (uint256 id = 1; id <= handler.SCORERS(); ++id) {
            for (uint256 i = 0; i < handler.PEOPLE(); ++i) {
                IPassportRegistry.CachedScore memory cached = registry.cachedScore(id, handler.person(i));
                if (cached.rootNumber == 0) {
                    vm.assertEq(cached.score + cached.expiresAt + cached.threshold, 0);
                    continue;
                }
                Leaf memory leaf = handler.leafOf(id, cached.rootNumber, i);
                vm.assertEq(leaf.account, handler.person(i));
                vm.assertEq(cached.score, leaf.score);
                vm.assertEq(cached.expiresAt, leaf.expiresAt);
            }
        }
    }

    function invariant_ScoreCountsByOneRule() external view {
        for (uint256 id = 1; id <= handler.SCORERS(); ++id) {
            IPassportRegistry.Scorer memory scorer = registry.scorer(id);
            for (uint256 i = 0; i < handler.PEOPLE(); ++i) {
                address account = handler.person(i);
                IPassportRegistry.CachedScore memory cached = registry.cachedScore(id, account);
                bool counts =
                    cached.score != 0 &&
                        block.timestamp < cached.expiresAt &&
                        cached.rootNumber >= scorer.floor &&
                        scorer.number - cached.rootNumber <= scorer.maxRootAge;
                vm.assertEq(registry.getScore(id, account), counts ? cached.score : 0);
                vm.assertEq(registry.isHuman(id, account), counts && cached.score >= cached.threshold);
                vm.assertEq(registry.isHuman(id, account, 0), counts);
            }
        }
    }

    /// The handler reaches what the invariants speak about: scores that count, are replaced, and end.
    function test_Registry_HandlerBringsScoresIn() external {
        handler.anchorRoot(0);
        for (uint256 i = 0; i < handler.PEOPLE(); ++i) handler.submitLeaf(0, 0, i);
        uint256 first = handler.submissions();
        vm.assertTrue(first > 0, "no leaf was brought in");
        vm.assertTrue(counting() > 0, "no score counts");
        handler.wait(1 days);
        handler.anchorRoot(handler.SCORERS()); // the same scorer's
        handler.submitAll(0, 0);
        for (uint256 i = 0; i < handler.PEOPLE(); ++i) handler.submitLeaf(0, 0, i);
        vm.assertTrue(handler.submissions() > first, "no leaf was replaced");
        for (uint256 i = 0; i < 6; ++i) handler.wait(20 days - 1);
        vm.assertEq(counting(), 0);
    }

    /// Certified roots come, and some are turned away for coming too soon.
    function test_Registry_HandlerAnchorsCertifiedRoots() external {
        uint256 certified = handler.CERTIFIED() - 1; // as a seed
        handler.anchorRoot(certified);
        handler.anchorRoot(certified + handler.SCORERS());
        vm.assertEq(handler.certifiedRoots(), 1);
        handler.submitLeaf(certified, 0, 1);
        handler.wait(2 days);
        handler.anchorRoot(certified);
        vm.assertEq(handler.certifiedRoots(), 2);
        vm.assertEq(handler.seenNumber(handler.CERTIFIED()), 2);
    }

    function counting() private view returns (uint256 count) {
        for (uint256 i = 0; i < handler.PEOPLE(); ++i) {
            if (registry.getScore(1, handler.person(i)) != 0) ++count;
        }
    }
}
