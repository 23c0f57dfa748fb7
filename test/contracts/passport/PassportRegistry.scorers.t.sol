// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportRegistry} from "../../../contracts/passport/IPassportRegistry.sol";
import {PassportRegistry} from "../../../contracts/passport/PassportRegistry.sol";
import {bound, vm} from "../support/Vm.sol";
import {RegistryFixture} from "./support/RegistryFixture.sol";

contract PassportRegistryScorersTest is RegistryFixture {
    event ScorerCreated(uint256 indexed scorerId, address indexed manager);
    event AuthorityChanged(uint256 indexed scorerId, address indexed authority, IPassportRegistry.AuthorityKind kind);
    event SettingsChanged(uint256 indexed scorerId, uint16 maxRootAge, uint32 maxLifetime, uint32 minRootInterval);
    event FloorRaised(uint256 indexed scorerId, uint32 floor);
    event ManagerOffered(uint256 indexed scorerId, address indexed manager, address indexed newManager);
    event ManagerChanged(uint256 indexed scorerId, address indexed previousManager, address indexed newManager);

    function test_CreateScorer_IsOpenToAnyone() public {
        vm.expectEmit(true, true, true, true, address(registry));
        emit ScorerCreated(2, bob);
        vm.expectEmit(true, true, true, true, address(registry));
        emit AuthorityChanged(2, alice, IPassportRegistry.AuthorityKind.Key);
        vm.expectEmit(true, true, true, true, address(registry));
        emit SettingsChanged(2, MAX_ROOT_AGE, MAX_LIFETIME, MIN_ROOT_INTERVAL);
        vm.prank(carol);
        uint256 created = registry.createScorer(bob, alice, IPassportRegistry.AuthorityKind.Key, settings());

        vm.assertEq(created, 2);
        vm.assertEq(registry.scorerCount(), 2);
        IPassportRegistry.Scorer memory scorer = registry.scorer(2);
        vm.assertEq(scorer.manager, bob);
        vm.assertEq(scorer.authority, alice);
        vm.assertTrue(scorer.kind == IPassportRegistry.AuthorityKind.Key);
        vm.assertEq(scorer.number, 0);
        vm.assertEq(scorer.floor, 0);
        vm.assertEq(scorer.maxRootAge, MAX_ROOT_AGE);
        vm.assertEq(scorer.maxLifetime, MAX_LIFETIME);
        vm.assertEq(scorer.minRootInterval, MIN_ROOT_INTERVAL);
    }

    function test_Constructor_NamesTheTimelock() public {
        vm.assertEq(registry.timelock(), timelock);
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryInvalidTimelock.selector, address(0)));
        new PassportRegistry(address(0));
    }

    function test_CreateScorer_RevertWhen_ManagerIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryInvalidManager.selector, address(0)));
        registry.createScorer(address(0), operator, IPassportRegistry.AuthorityKind.Key, settings());
    }

    function test_CreateScorer_RevertWhen_AuthorityIsZeroOrHasNoCode() public {
        expectInvalidAuthority(address(0));
        registry.createScorer(manager, address(0), IPassportRegistry.AuthorityKind.Key, settings());
        expectInvalidAuthority(alice);
        registry.createScorer(manager, alice, IPassportRegistry.AuthorityKind.Contract, settings());
        expectInvalidAuthority(alice);
        registry.createScorer(manager, alice, IPassportRegistry.AuthorityKind.Certificates, settings());
    }

    function testFuzz_CreateScorer_RevertWhen_SettingsAreOutOfRange(
        uint16 age,
        uint32 lifetime,
        uint32 interval
    ) public {
        // Half of the lifetimes are in range, and half of the intervals within them.
        if (lifetime % 2 == 0) lifetime = uint32(bound(lifetime, 0, 366 days));
        if (interval % 2 == 0) interval = uint32(bound(interval, 0, lifetime));
        bool valid = age != 0 && lifetime != 0 && lifetime <= 366 days && interval != 0 && interval <= lifetime;
        if (!valid) expectInvalidSettings(IPassportRegistry.Settings(age, lifetime, interval));
        registry.createScorer(
            manager,
            operator,
            IPassportRegistry.AuthorityKind.Key,
            IPassportRegistry.Settings(age, lifetime, interval)
        );
    }

    function test_CreateScorer_SettingsAtTheirLimits() public {
        IPassportRegistry.Settings[7] memory wrong = [
            IPassportRegistry.Settings(0, 1, 1),
            IPassportRegistry.Settings(1, 0, 1),
            IPassportRegistry.Settings(1, 366 days + 1, 1),
            IPassportRegistry.Settings(1, type(uint32).max, 1),
            IPassportRegistry.Settings(1, 1 days, 0),
            IPassportRegistry.Settings(1, 1 days, 1 days + 1),
            IPassportRegistry.Settings(1, 1 days, type(uint32).max)
        ];
        for (uint256 i = 0; i < wrong.length; ++i) {
            expectInvalidSettings(wrong[i]);
            registry.createScorer(manager, operator, IPassportRegistry.AuthorityKind.Key, wrong[i]);
        }
        IPassportRegistry.Settings memory widest = IPassportRegistry.Settings(type(uint16).max, 366 days, 366 days);
        registry.createScorer(manager, operator, IPassportRegistry.AuthorityKind.Key, widest);
        IPassportRegistry.Settings memory tightest = IPassportRegistry.Settings(1, 1, 1);
        registry.createScorer(manager, operator, IPassportRegistry.AuthorityKind.Key, tightest);
    }

    function test_Administration_RevertWhen_CallerIsNotTheManager() public {
        address[3] memory strangers = [carol, operator, timelock];
        for (uint256 i = 0; i < strangers.length; ++i) {
            vm.startPrank(strangers[i]);
            expectNotAdministrator(strangers[i]);
            registry.setAuthority(scorerId, carol, IPassportRegistry.AuthorityKind.Key);
            expectNotAdministrator(strangers[i]);
            registry.setSettings(scorerId, settings());
            expectNotAdministrator(strangers[i]);
            registry.offerManager(scorerId, carol);
            vm.stopPrank();
        }
        vm.prank(carol);
        expectNotAdministrator(carol);
        registry.raiseFloor(scorerId, 1);
        vm.prank(timelock);
        expectNotAdministrator(timelock);
        registry.raiseFloor(scorerId, 1);
    }

    function test_Administration_RevertGiven_ScorerIsUnknown() public {
        bytes memory unknown = abi.encodeWithSelector(IPassportRegistry.RegistryUnknownScorer.selector, 99);
        vm.startPrank(manager);
        vm.expectRevert(unknown);
        registry.setAuthority(99, carol, IPassportRegistry.AuthorityKind.Key);
        vm.expectRevert(unknown);
        registry.setSettings(99, settings());
        vm.expectRevert(unknown);
        registry.raiseFloor(99, 1);
        vm.stopPrank();
        vm.prank(address(0)); // whom an unset slot names
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryUnknownScorer.selector, 99));
        registry.offerManager(99, carol);
        vm.prank(address(0));
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryUnknownScorer.selector, 99));
        registry.acceptManager(99);
    }

    function test_SetAuthority_RevertWhen_ItIsNoAuthority() public {
        vm.startPrank(manager);
        expectInvalidAuthority(address(0));
        registry.setAuthority(scorerId, address(0), IPassportRegistry.AuthorityKind.Key);
        expectInvalidAuthority(alice);
        registry.setAuthority(scorerId, alice, IPassportRegistry.AuthorityKind.Certificates);
        vm.stopPrank();
    }

    function test_OfferManager_TakesAnAcceptance() public {
        vm.prank(manager);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ManagerOffered(scorerId, manager, bob);
        registry.offerManager(scorerId, bob);
        vm.assertEq(registry.scorer(scorerId).manager, manager);
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryNotOfferedManager.selector, carol, bob));
        registry.acceptManager(scorerId);
        vm.prank(bob);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ManagerChanged(scorerId, manager, bob);
        registry.acceptManager(scorerId);
        vm.assertEq(registry.scorer(scorerId).manager, bob);
        // Once.
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryNotOfferedManager.selector, bob, address(0)));
        registry.acceptManager(scorerId);
    }

    function test_OfferManager_CanBeTakenBack() public {
        vm.startPrank(manager);
        registry.offerManager(scorerId, bob);
        registry.offerManager(scorerId, address(0));
        vm.stopPrank();
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryNotOfferedManager.selector, bob, address(0)));
        registry.acceptManager(scorerId);
    }

    function test_RaiseFloor_ByManagerAndOperator() public {
        anchorNobody();
        anchorNobody();
        vm.expectEmit(true, true, true, true, address(registry));
        emit FloorRaised(scorerId, 1);
        vm.prank(manager);
        registry.raiseFloor(scorerId, 1);
        vm.prank(operator);
        registry.raiseFloor(scorerId, 2);
        vm.assertEq(registry.scorer(scorerId).floor, 2);
    }

    function testFuzz_RaiseFloor_OnlyRisesToTheNextRoot(uint256 roots, uint32 first, uint32 second) public {
        roots = bound(roots, 0, 4);
        for (uint256 i = 0; i < roots; ++i) anchorNobody();
        uint32 maximum = uint32(roots + 1);
        first = uint32(bound(first, registry.scorer(scorerId).floor + 1, maximum)); // age raises it too
        vm.startPrank(manager);
        registry.raiseFloor(scorerId, first);
        if (second <= first || second > maximum) {
            vm.expectRevert(
                abi.encodeWithSelector(IPassportRegistry.RegistryInvalidFloor.selector, second, first, maximum)
            );
        }
        registry.raiseFloor(scorerId, second);
        vm.stopPrank();
    }

    function test_RaiseFloor_RevertWhen_ItStaysOrLeapsAhead() public {
        anchorNobody();
        vm.startPrank(manager);
        registry.raiseFloor(scorerId, 1);
        uint32[3] memory wrong = [uint32(0), 1, 3];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryInvalidFloor.selector, wrong[i], 1, 2));
            registry.raiseFloor(scorerId, wrong[i]);
        }
        registry.raiseFloor(scorerId, 2);
        vm.stopPrank();
    }

    function expectInvalidAuthority(address authority) private {
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryInvalidAuthority.selector, authority));
    }

    function expectInvalidSettings(IPassportRegistry.Settings memory wrong) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IPassportRegistry.RegistryInvalidSettings.selector,
                wrong.maxRootAge,
                wrong.maxLifetime,
                wrong.minRootInterval
            )
        );
    }

    function expectNotAdministrator(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryNotAdministrator.selector, caller, manager));
    }
}
