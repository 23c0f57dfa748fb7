// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IIdentityStaking} from "../../../contracts/staking/IIdentityStaking.sol";
import {IdentityStaking} from "../../../contracts/staking/IdentityStaking.sol";
import {vm} from "../support/Vm.sol";
import {StakingFixture} from "./StakingFixture.sol";

/// @notice Construction, roles and the pause; leaves of IdentityStaking.tree.
contract IdentityStakingRolesTest is StakingFixture {
    function test_Constructor_KeepsItsConfiguration() public view {
        vm.assertEq(address(_staking.token()), address(_token));
        vm.assertEq(_staking.burnRecipient(), DEAD);
        vm.assertEq(_staking.appealWindow(), APPEAL_WINDOW);
        vm.assertEq(_staking.MIN_LOCK(), 12 weeks);
        vm.assertEq(_staking.MAX_LOCK(), 104 weeks);
    }

    function test_Constructor_GivesEachRoleToItsHolderAlone() public view {
        address[5] memory accounts = [TIMELOCK, SLASHER, RELEASER, PAUSER, address(this)];
        bytes32[4] memory roles = [
            _staking.DEFAULT_ADMIN_ROLE(),
            _staking.SLASHER_ROLE(),
            _staking.RELEASER_ROLE(),
            _staking.PAUSER_ROLE()
        ];
        for (uint256 i = 0; i < accounts.length; ++i) {
            for (uint256 j = 0; j < roles.length; ++j) {
                vm.assertEq(_staking.hasRole(roles[j], accounts[i]), i == j);
                vm.assertEq(_staking.getRoleAdmin(roles[j]), _staking.DEFAULT_ADMIN_ROLE());
            }
        }
    }

    function test_Constructor_MayLeaveSlasherAndPauserOpen() public {
        IIdentityStaking.Configuration memory configuration = _default();
        configuration.slasher = address(0);
        configuration.pauser = address(0);
        IdentityStaking staking = new IdentityStaking(configuration);
        vm.assertFalse(staking.hasRole(staking.SLASHER_ROLE(), address(0)));
        vm.assertFalse(staking.hasRole(staking.PAUSER_ROLE(), address(0)));
    }

    function test_Constructor_AcceptsBothEndsOfTheAppealWindow() public {
        IIdentityStaking.Configuration memory configuration = _default();
        configuration.appealWindow = 30 days;
        vm.assertEq(new IdentityStaking(configuration).appealWindow(), 30 days);
        configuration.appealWindow = 180 days;
        vm.assertEq(new IdentityStaking(configuration).appealWindow(), 180 days);
    }

    function test_Constructor_RevertWhen_TokenHasNoCode() public {
        IIdentityStaking.Configuration memory configuration = _default();
        configuration.token = IERC20(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInvalidToken.selector, STRANGER));
        new IdentityStaking(configuration);
    }

    function test_Constructor_RevertWhen_AdminOrReleaserIsZero() public {
        IIdentityStaking.Configuration memory configuration = _default();
        configuration.admin = address(0);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInvalidAdmin.selector, address(0)));
        new IdentityStaking(configuration);
        configuration = _default();
        configuration.releaser = address(0);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInvalidReleaser.selector, address(0)));
        new IdentityStaking(configuration);
    }

    function test_Constructor_RevertWhen_SlasherIsReleaser() public {
        IIdentityStaking.Configuration memory configuration = _default();
        configuration.slasher = RELEASER;
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingSlasherCannotRelease.selector, RELEASER));
        new IdentityStaking(configuration);
    }

    function test_Constructor_RevertWhen_BurnRecipientIsZeroTokenOrItself() public {
        IIdentityStaking.Configuration memory configuration = _default();
        address[2] memory recipients = [address(0), address(_token)];
        for (uint256 i = 0; i < recipients.length; ++i) {
            configuration.burnRecipient = recipients[i];
            vm.expectRevert(
                abi.encodeWithSelector(IIdentityStaking.StakingInvalidBurnRecipient.selector, recipients[i])
            );
            new IdentityStaking(configuration);
        }
        StakingMaker maker = new StakingMaker();
        configuration.burnRecipient = maker.next();
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityStaking.StakingInvalidBurnRecipient.selector, configuration.burnRecipient)
        );
        maker.make(configuration);
        configuration.burnRecipient = DEAD;
        vm.assertEq(maker.make(configuration), maker.next());
    }

    function test_Constructor_RevertWhen_AppealWindowIsOutOfRange() public {
        IIdentityStaking.Configuration memory configuration = _default();
        uint256[2] memory windows = [uint256(30 days - 1), 180 days + 1];
        for (uint256 i = 0; i < windows.length; ++i) {
            configuration.appealWindow = windows[i];
            vm.expectRevert(
                abi.encodeWithSelector(
                    IIdentityStaking.StakingInvalidAppealWindow.selector,
                    windows[i],
                    30 days,
                    180 days
                )
            );
            new IdentityStaking(configuration);
        }
    }

    function test_Roles_AreTheAdminsToGive() public {
        bytes32 role = _staking.SLASHER_ROLE();
        vm.prank(TIMELOCK);
        _staking.grantRole(role, STRANGER);
        vm.assertTrue(_staking.hasRole(role, STRANGER));
        vm.prank(TIMELOCK);
        _staking.revokeRole(role, STRANGER);
        vm.assertFalse(_staking.hasRole(role, STRANGER));
        address[4] memory others = [SLASHER, RELEASER, PAUSER, STRANGER];
        for (uint256 i = 0; i < others.length; ++i) {
            _expectUnauthorized(others[i], 0);
            vm.prank(others[i]);
            _staking.grantRole(role, STRANGER);
        }
    }

    function test_Pause_IsThePausersAndItsEndTheAdmins() public {
        address[4] memory others = [TIMELOCK, SLASHER, RELEASER, STRANGER];
        for (uint256 i = 0; i < others.length; ++i) {
            _expectUnauthorized(others[i], _staking.PAUSER_ROLE());
            vm.prank(others[i]);
            _staking.pause();
        }
        vm.prank(PAUSER);
        _staking.pause();
        vm.assertTrue(_staking.paused());
        others[0] = PAUSER;
        for (uint256 i = 0; i < others.length; ++i) {
            _expectUnauthorized(others[i], 0);
            vm.prank(others[i]);
            _staking.unpause();
        }
        vm.prank(TIMELOCK);
        _staking.unpause();
        vm.assertFalse(_staking.paused());
    }

    function test_StakesOf_ReadsBothKinds() public {
        _selfStake(ALICE, 1, MIN_LOCK);
        _communityStake(BOB, ALICE, 2, MAX_LOCK);
        IIdentityStaking.StakeKey[] memory keys = new IIdentityStaking.StakeKey[](3);
        keys[0] = IIdentityStaking.StakeKey(ALICE, ALICE);
        keys[1] = IIdentityStaking.StakeKey(BOB, ALICE);
        keys[2] = IIdentityStaking.StakeKey(STRANGER, ALICE);
        IIdentityStaking.Stake[] memory stakes = _staking.stakesOf(keys);
        vm.assertEq(stakes[0].amount, 1);
        vm.assertEq(stakes[1].amount, 2);
        vm.assertEq(stakes[1].unlockTime, START + MAX_LOCK);
        vm.assertEq(stakes[2].amount, 0);
    }

    /// The third slot of the contract is the stakes' mapping; roles and the pause come before it.
    function test_StakesOf_ReadsOneSlotPerStake() public {
        _communityStake(BOB, ALICE, 1000, MAX_LOCK);
        _slash(BOB, ALICE, 30, EVIDENCE);
        bytes32 slot = keccak256(abi.encode(ALICE, keccak256(abi.encode(BOB, uint256(2)))));
        vm.assertEq(
            uint256(vm.load(address(_staking), slot)),
            (START + MAX_LOCK) | (uint256(700) << 40) | (uint256(300) << 144)
        );
        vm.assertEq(vm.load(address(_staking), bytes32(uint256(slot) + 1)), bytes32(0));
    }

    function _default() private view returns (IIdentityStaking.Configuration memory) {
        return _configuration(IERC20(address(_token)));
    }

    function _expectUnauthorized(address account, bytes32 role) private {
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, account, role)
        );
    }
}

/// @notice Deploys at an address that is known before.
contract StakingMaker {
    address public immutable next = address(
        uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), hex"01"))))
    );

    function make(IIdentityStaking.Configuration memory configuration) external returns (address) {
        return address(new IdentityStaking(configuration));
    }
}
