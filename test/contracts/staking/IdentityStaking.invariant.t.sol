// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {IIdentityStaking} from "../../../contracts/staking/IIdentityStaking.sol";
import {IdentityStaking} from "../../../contracts/staking/IdentityStaking.sol";
import {bound, vm} from "../support/Vm.sol";
import {StakingFixture} from "./StakingFixture.sol";

/// @notice What holds after any sequence of calls, in prose in invariants-staking.md; the handler says of every single call
/// whether it must succeed.
contract IdentityStakingInvariantTest is StakingFixture {
    StakingHandler private _handler;
    address[] private _actors;

    function setUp() public override {
        super.setUp();
        _actors = [ALICE, BOB];
        _handler = new StakingHandler(_token, _staking, _actors, START);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_Staking_BalanceIsStakesAndHeldSlashes() public view {
        uint256 sum = 0;
        for (uint256 i = 0; i < _actors.length; ++i) {
            for (uint256 j = 0; j < _actors.length; ++j) {
                IIdentityStaking.Stake memory stake = _stake(_actors[i], _actors[j]);
                sum += uint256(stake.amount) + stake.slashed;
            }
        }
        vm.assertEq(_token.balanceOf(address(_staking)), sum);
    }

    function invariant_Staking_StakesAreWhatWasPromised() public view {
        for (uint256 i = 0; i < _actors.length; ++i) {
            for (uint256 j = 0; j < _actors.length; ++j) {
                IIdentityStaking.Stake memory stake = _stake(_actors[i], _actors[j]);
                StakingHandler.Promise memory promised = _handler.promiseOf(_actors[i], _actors[j]);
                vm.assertEq(stake.amount, promised.amount);
                vm.assertEq(stake.unlockTime, promised.unlockTime);
                vm.assertEq(stake.slashed, _handler.heldOf(_actors[i], _actors[j]));
            }
        }
    }

    function invariant_Staking_SlashesAreTheirRecords() public view {
        StakingHandler.Case[] memory cases = _handler.cases();
        for (uint256 i = 0; i < cases.length; ++i) {
            IIdentityStaking.SlashKey memory key = cases[i].key;
            IIdentityStaking.Slash memory record = _staking.slashOf(key.staker, key.stakee, key.evidence);
            vm.assertEq(record.amount, cases[i].held + cases[i].burned);
            vm.assertEq(record.burnTime, cases[i].burnTime);
            vm.assertEq(record.state == IIdentityStaking.SlashState.Burned, cases[i].burned > 0);
        }
    }

    function invariant_Staking_BurnedEqualsBurnedRecords() public view {
        StakingHandler.Case[] memory cases = _handler.cases();
        uint256 sum = 0;
        for (uint256 i = 0; i < cases.length; ++i) {
            IIdentityStaking.SlashKey memory key = cases[i].key;
            IIdentityStaking.Slash memory record = _staking.slashOf(key.staker, key.stakee, key.evidence);
            if (record.state == IIdentityStaking.SlashState.Burned) sum += record.amount;
        }
        vm.assertEq(_token.balanceOf(DEAD), sum);
    }

    /// Nobody gains or pays for another: in = out + staked + held + burned, for each staker alone.
    function invariant_Staking_EachStakersBooksBalance() public view {
        StakingHandler.Case[] memory cases = _handler.cases();
        for (uint256 i = 0; i < _actors.length; ++i) {
            uint256 sum = _handler.paidOut(_actors[i]);
            for (uint256 j = 0; j < _actors.length; ++j) {
                IIdentityStaking.Stake memory stake = _stake(_actors[i], _actors[j]);
                sum += uint256(stake.amount) + stake.slashed;
            }
            for (uint256 j = 0; j < cases.length; ++j) {
                if (cases[j].key.staker == _actors[i]) sum += cases[j].burned;
            }
            vm.assertEq(sum, _handler.paidIn(_actors[i]));
            vm.assertEq(
                _token.balanceOf(_actors[i]),
                SUPPLY_EACH - _handler.paidIn(_actors[i]) + _handler.paidOut(_actors[i])
            );
        }
    }

    function _stake(address staker, address stakee) private view returns (IIdentityStaking.Stake memory) {
        return _staking.stakesOf(_stakeKeys(staker, stakee))[0];
    }
}

/// @dev In the test's own file: the runner knows the contracts of the files that it was given, and no others.
/// @notice Does at random what stakers, slasher, releaser and anybody may try, keeps books of its own, and says of every call
/// whether it must succeed. What it remembers is what was promised: unlock times and burn times as told when they were set.
contract StakingHandler {
    struct Promise {
        uint256 amount;
        uint256 unlockTime;
    }

    struct Case {
        IIdentityStaking.SlashKey key;
        uint256 held;
        uint256 burned;
        uint256 burnTime;
        bool appealed;
    }

    address private constant SLASHER = address(0x51);
    address private constant RELEASER = address(0x52);
    address private constant PAUSER = address(0x53);
    address private constant TIMELOCK = address(0x71);

    GovernanceToken private _token;
    IdentityStaking private _staking;

    address[] private _actors;
    Case[] private _cases;
    mapping(address staker => mapping(address stakee => Promise)) private _promises;
    mapping(address staker => uint256) public paidIn;
    mapping(address staker => uint256) public paidOut;
    uint256 public time;
    bool public paused;

    constructor(GovernanceToken token, IdentityStaking staking, address[] memory actors_, uint256 start) {
        _token = token;
        _staking = staking;
        _actors = actors_;
        time = start;
    }

    modifier atTime() {
        vm.warp(time);
        _;
    }

    function wait(uint256 duration) external {
        time += bound(duration, 1, 20 weeks);
    }

    function stake(uint256 from, uint256 to, uint256 amount, uint256 duration) external atTime {
        (address staker, address stakee) = (_actor(from), _actor(to));
        amount = bound(amount, 0, 1000);
        duration = _duration(duration);
        Promise storage promise_ = _promises[staker][stakee];
        bool allowed = !paused && amount > 0 && _durationAllowed(duration, promise_.unlockTime);
        bool done = _try(
            staker,
            staker == stakee
                ? abi.encodeCall(_staking.selfStake, (amount, duration))
                : abi.encodeCall(_staking.communityStake, (stakee, amount, duration))
        );
        vm.assertEq(done, allowed);
        if (!done) return;
        promise_.amount += amount;
        promise_.unlockTime = time + duration;
        paidIn[staker] += amount;
    }

    function extend(uint256 from, uint256 to, uint256 duration) external atTime {
        (address staker, address stakee) = (_actor(from), _actor(to));
        duration = _duration(duration);
        Promise storage promise_ = _promises[staker][stakee];
        bool allowed = !paused && promise_.amount > 0 && _durationAllowed(duration, promise_.unlockTime);
        bool done = _try(
            staker,
            staker == stakee
                ? abi.encodeCall(_staking.extendSelfStake, (duration))
                : abi.encodeCall(_staking.extendCommunityStake, (stakee, duration))
        );
        vm.assertEq(done, allowed);
        if (done) promise_.unlockTime = time + duration;
    }

    /// At any time and of any amount; it must fail before the time that was promised, paused or not.
    function withdraw(uint256 from, uint256 to, uint256 amount, bool all) external atTime {
        (address staker, address stakee) = (_actor(from), _actor(to));
        Promise storage promise_ = _promises[staker][stakee];
        amount = all ? promise_.amount : bound(amount, 0, 1000);
        bool allowed = amount > 0 && amount <= promise_.amount && time >= promise_.unlockTime;
        bool done = _try(
            staker,
            staker == stakee
                ? abi.encodeCall(_staking.withdrawSelfStake, (amount))
                : abi.encodeCall(_staking.withdrawCommunityStake, (stakee, amount))
        );
        vm.assertEq(done, allowed);
        if (!done) return;
        promise_.amount -= amount;
        paidOut[staker] += amount;
        _forgetEmptyLock(staker, stakee);
    }

    /// One or two targets of few actors, so that both are the same stake now and then.
    function slash(uint256 first, uint256 second, uint256 percent, uint256 evidence) external atTime {
        uint256 count = 1 + (percent % 2);
        IIdentityStaking.StakeKey[] memory targets = new IIdentityStaking.StakeKey[](count);
        targets[0] = IIdentityStaking.StakeKey(_actor(first), _actor(first >> 8));
        if (count == 2) targets[1] = IIdentityStaking.StakeKey(_actor(second), _actor(second >> 8));
        percent = percent % 4 == 0 ? 100 : bound(percent, 0, 101);
        bytes32 hash = bytes32(bound(evidence, 0, 50));
        bool allowed = !paused && percent > 0 && percent <= 100 && hash != 0;
        if (count == 2 && _same(targets[0], targets[1])) allowed = false;
        for (uint256 i = 0; i < count; ++i) {
            (address staker, address stakee) = (targets[i].staker, targets[i].stakee);
            allowed = allowed && _promises[staker][stakee].amount > 0 && !_judged(staker, stakee, hash);
        }
        bool done = _try(SLASHER, abi.encodeCall(_staking.slash, (targets, percent, hash)));
        vm.assertEq(done, allowed);
        if (!done) return;
        for (uint256 i = 0; i < count; ++i) _book(targets[i], percent, hash);
    }

    function appeal(uint256 which) external atTime {
        if (_cases.length == 0) return;
        Case storage case_ = _cases[which % _cases.length];
        bool allowed = case_.held > 0 && !case_.appealed && time < case_.burnTime;
        bool done = _try(
            case_.key.staker,
            abi.encodeCall(_staking.appeal, (case_.key.stakee, case_.key.evidence, bytes32(0)))
        );
        vm.assertEq(done, allowed);
        if (!done) return;
        case_.appealed = true;
        if (time + 30 days > case_.burnTime) case_.burnTime = time + 30 days;
    }

    function release(uint256 which, uint256 amount, bool all) external atTime {
        if (_cases.length == 0) return;
        Case storage case_ = _cases[which % _cases.length];
        amount = all ? case_.held : bound(amount, 0, 1000);
        IIdentityStaking.Release[] memory releases = new IIdentityStaking.Release[](1);
        releases[0] = IIdentityStaking.Release(case_.key, amount);
        bool done = _try(RELEASER, abi.encodeCall(_staking.release, (releases)));
        vm.assertEq(done, amount > 0 && amount <= case_.held);
        if (!done) return;
        case_.held -= amount;
        _promises[case_.key.staker][case_.key.stakee].amount += amount;
    }

    /// By anybody and at any time; it must fail before the time that was promised, paused or not.
    function burn(uint256 which, address anybody) external atTime {
        if (_cases.length == 0) return;
        Case storage case_ = _cases[which % _cases.length];
        IIdentityStaking.SlashKey[] memory keys = new IIdentityStaking.SlashKey[](1);
        keys[0] = case_.key;
        bool done = _try(anybody, abi.encodeCall(_staking.burn, (keys)));
        vm.assertEq(done, case_.held > 0 && time >= case_.burnTime);
        if (!done) return;
        (case_.burned, case_.held) = (case_.held, 0);
        _forgetEmptyLock(case_.key.staker, case_.key.stakee);
    }

    function togglePause(uint256 chance) external {
        if (!paused && chance % 8 != 0) return; // seldom and briefly, or little else would happen
        vm.prank(paused ? TIMELOCK : PAUSER);
        if (paused) _staking.unpause();
        else _staking.pause();
        paused = !paused;
    }

    function actors() external view returns (address[] memory) {
        return _actors;
    }

    function cases() external view returns (Case[] memory) {
        return _cases;
    }

    function promiseOf(address staker, address stakee) external view returns (Promise memory) {
        return _promises[staker][stakee];
    }

    function heldOf(address staker, address stakee) public view returns (uint256 sum) {
        for (uint256 i = 0; i < _cases.length; ++i) {
            IIdentityStaking.SlashKey storage key = _cases[i].key;
            if (key.staker == staker && key.stakee == stakee) sum += _cases[i].held;
        }
    }

    function _book(IIdentityStaking.StakeKey memory target, uint256 percent, bytes32 evidence) private {
        Promise storage promise_ = _promises[target.staker][target.stakee];
        uint256 amount = (promise_.amount * percent + 99) / 100;
        promise_.amount -= amount; // fails here if a slash could exceed the stake
        IIdentityStaking.SlashKey memory key = IIdentityStaking.SlashKey(target.staker, target.stakee, evidence);
        _cases.push(Case({key: key, held: amount, burned: 0, burnTime: time + 90 days, appealed: false}));
    }

    function _forgetEmptyLock(address staker, address stakee) private {
        if (_promises[staker][stakee].amount == 0 && heldOf(staker, stakee) == 0) {
            _promises[staker][stakee].unlockTime = 0;
        }
    }

    function _try(address caller, bytes memory call) private returns (bool success) {
        vm.prank(caller);
        (success, ) = address(_staking).call(call);
    }

    /// Mostly short locks, so that some of them end; now and then one that is just too short or too long.
    function _duration(uint256 seed) private pure returns (uint256) {
        return seed % 4 == 0 ? bound(seed, 12 weeks - 1, 104 weeks + 1) : bound(seed, 12 weeks - 1, 20 weeks);
    }

    function _durationAllowed(uint256 duration, uint256 unlockTime) private view returns (bool) {
        return duration >= 12 weeks && duration <= 104 weeks && time + duration >= unlockTime;
    }

    function _judged(address staker, address stakee, bytes32 evidence) private view returns (bool) {
        for (uint256 i = 0; i < _cases.length; ++i) {
            IIdentityStaking.SlashKey storage key = _cases[i].key;
            if (key.staker == staker && key.stakee == stakee && key.evidence == evidence) return true;
        }
        return false;
    }

    function _actor(uint256 index) private view returns (address) {
        return _actors[index % _actors.length];
    }

    function _same(
        IIdentityStaking.StakeKey memory left,
        IIdentityStaking.StakeKey memory right
    ) private pure returns (bool) {
        return left.staker == right.staker && left.stakee == right.stakee;
    }
}
