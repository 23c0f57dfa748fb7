// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {IGovernanceToken} from "../../../contracts/token/IGovernanceToken.sol";
import {ReferenceToken} from "../support/ReferenceToken.sol";
import {Vm, bound, vm} from "../support/Vm.sol";

/// @notice The governance token and OpenZeppelin's, led through the same calls. After each call both must have returned or
/// reverted with the same data and emitted the same events, and nobody's delegate may have changed but the delegate of
/// the account that consented.
contract TokenTwins {
    uint256 public constant START = 1_700_000_000;
    uint256 private constant KEYS = 5;
    bytes32 private constant DELEGATION_TYPEHASH = keccak256(
        "Delegation(address delegatee,uint256 nonce,uint256 expiry)"
    );
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    GovernanceToken public token;
    ReferenceToken public model;
    address public constant MINTER = address(0x3147e5);

    /// Kept here because the optimiser may read `block.timestamp` once for a function that warps.
    uint256 public time = START;
    /// Calls that succeeded, by name: a run in which nothing happens proves nothing.
    mapping(string name => uint256 count) public succeeded;

    /// Accounts with keys, then the distributor, then the zero address.
    address[] private _actors;

    constructor() {
        vm.warp(START);
        for (uint256 key = 1; key <= KEYS; ++key) _actors.push(vm.addr(key));
        address distributor = address(0xd157);
        _actors.push(distributor);
        _actors.push(address(0));
        IGovernanceToken.Allocation[] memory allocations = new IGovernanceToken.Allocation[](4);
        allocations[0] = IGovernanceToken.Allocation(distributor, 1_000_000e18);
        allocations[1] = IGovernanceToken.Allocation(_actors[0], 5e18);
        allocations[2] = IGovernanceToken.Allocation(_actors[1], 1);
        allocations[3] = IGovernanceToken.Allocation(_actors[0], 2e18);
        token = new GovernanceToken("Touchstone", "TOUCH", MINTER, START + 1 days, distributor, allocations);
        model = new ReferenceToken("Touchstone", "TOUCH", distributor, allocations);
    }

    function actors() external view returns (address[] memory) {
        return _actors;
    }

    function pass(uint256 duration) external {
        // Half of the calls stay within the second, where a checkpoint replaces its predecessor.
        if (duration % 2 == 0) return;
        time += bound(duration, 1, 200 days);
        vm.warp(time);
    }

    function transfer(uint256 from, uint256 to, uint256 amount) external {
        address sender = _caller(from);
        _both("transfer", sender, address(0), abi.encodeCall(token.transfer, (_actor(to), _amount(sender, amount))));
    }

    function approve(uint256 owner, uint256 spender, uint256 amount) external {
        uint256 value = amount % 4 == 0 ? type(uint256).max : bound(amount, 0, 10e18);
        _both("approve", _caller(owner), address(0), abi.encodeCall(token.approve, (_actor(spender), value)));
    }

    function transferFrom(uint256 spender, uint256 from, uint256 to, uint256 amount) external {
        address caller = _caller(spender);
        address owner = _actor(from);
        bytes memory data = abi.encodeCall(token.transferFrom, (owner, _actor(to), _amount(owner, amount)));
        _both("transferFrom", caller, address(0), data);
        _same(abi.encodeCall(token.allowance, (owner, caller)));
    }

    function delegate(uint256 account, uint256 delegatee) external {
        address delegator = _caller(account);
        _both("delegate", delegator, delegator, abi.encodeCall(token.delegate, (_actor(delegatee))));
    }

    function delegateBySig(uint256 account, uint256 delegatee, uint256 fault) external {
        uint256 key = bound(account, 1, KEYS);
        address to = _actor(delegatee);
        uint256 nonce = token.nonces(vm.addr(key)) + (fault % 8 == 1 ? 1 : 0);
        uint256 expiry = fault % 8 == 2 ? time - 1 : time;
        bytes memory ours = _delegationCall(address(token), key, to, nonce, expiry);
        bytes memory theirs = _delegationCall(address(model), key, to, nonce, expiry);
        _both("delegateBySig", address(this), vm.addr(key), ours, theirs);
    }

    function permit(uint256 account, uint256 spender, uint256 value, uint256 fault) external {
        uint256 key = bound(account, 1, KEYS);
        address to = _actor(spender);
        uint256 deadline = fault % 8 == 2 ? time - 1 : time;
        bytes memory ours = _permitCall(address(token), key, to, value, deadline);
        bytes memory theirs = _permitCall(address(model), key, to, value, deadline);
        _both("permit", address(this), address(0), ours, theirs);
    }

    /// The reference mints what the token's own rules let through.
    function mint(uint256 to, uint256 amount) external {
        if (time < token.mintingAllowedAfter()) return;
        uint256 value = bound(amount, 0, token.totalSupply() / 50);
        _both("mint", MINTER, address(0), abi.encodeCall(token.mint, (_actor(to), value)));
    }

    function distribute(uint256 to, uint256 amount, uint256 delegatee) external {
        address receiver = _actor(to);
        address distributor = token.distributor();
        uint256 value = amount % 8 == 0 ? _amount(distributor, amount) : bound(amount, 0, 100e18);
        bytes memory data = abi.encodeCall(token.distribute, (receiver, value, _actor(delegatee)));
        if (receiver == distributor) {
            vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, receiver));
            vm.prank(distributor);
            token.distribute(receiver, value, _actor(delegatee));
            return;
        }
        _both("distribute", distributor, receiver, data);
    }

    /// @notice Compares everything that the two show, the past at one timepoint included.
    function compare(uint256 timepoint) external view {
        vm.assertEq(block.timestamp, time);
        timepoint = bound(timepoint, START - 1, time + 1);
        for (uint256 i = 0; i < _actors.length; ++i) {
            address actor = _actors[i];
            _same(abi.encodeCall(token.balanceOf, (actor)));
            _same(abi.encodeCall(token.delegates, (actor)));
            _same(abi.encodeCall(token.nonces, (actor)));
            _same(abi.encodeCall(token.getVotes, (actor)));
            _same(abi.encodeCall(token.getPastVotes, (actor, timepoint)));
            _same(abi.encodeCall(token.numCheckpoints, (actor)));
            uint32 count = token.numCheckpoints(actor);
            _same(abi.encodeCall(token.checkpoints, (actor, uint32(timepoint % (count + 1)))));
            _same(abi.encodeCall(token.allowance, (actor, _actor(timepoint))));
        }
        _same(abi.encodeCall(token.totalSupply, ()));
        _same(abi.encodeCall(token.getPastTotalSupply, (timepoint)));
        _same(abi.encodeCall(token.clock, ()));
        _same(abi.encodeCall(token.CLOCK_MODE, ()));
        _same(abi.encodeCall(token.name, ()));
        _same(abi.encodeCall(token.symbol, ()));
        _same(abi.encodeCall(token.decimals, ()));
    }

    /// @notice Compares whole histories, entry by entry, and what lies between and around the entries.
    function compareHistories() external view {
        for (uint256 i = 0; i < _actors.length; ++i) {
            uint32 count = token.numCheckpoints(_actors[i]);
            for (uint32 position = 0; position < count; ++position) {
                _same(abi.encodeCall(token.checkpoints, (_actors[i], position)));
                Checkpoints.Checkpoint208 memory entry = token.checkpoints(_actors[i], position);
                _same(abi.encodeCall(token.getPastVotes, (_actors[i], entry._key)));
                _same(abi.encodeCall(token.getPastVotes, (_actors[i], entry._key - 1)));
            }
        }
    }

    function _both(string memory name, address caller, address consenting, bytes memory data) private {
        _both(name, caller, consenting, data, data);
    }

    function _both(
        string memory name,
        address caller,
        address consenting,
        bytes memory ours,
        bytes memory theirs
    ) private {
        address[] memory before = _delegates();
        (bool success, bytes memory result, Vm.Log[] memory logs) = _call(address(token), caller, ours);
        (bool expected, bytes memory wanted, Vm.Log[] memory events) = _call(address(model), caller, theirs);
        vm.assertTrue(success == expected, name);
        vm.assertEq(result, wanted);
        vm.assertEq(logs.length, events.length, name);
        for (uint256 i = 0; i < logs.length; ++i) {
            vm.assertEq(abi.encode(logs[i].topics, logs[i].data), abi.encode(events[i].topics, events[i].data));
        }
        address[] memory afterwards = _delegates();
        for (uint256 i = 0; i < before.length; ++i) {
            if (_actors[i] != consenting) vm.assertEq(before[i], afterwards[i]);
        }
        if (success) ++succeeded[name];
    }

    function _call(
        address instance,
        address caller,
        bytes memory data
    ) private returns (bool success, bytes memory result, Vm.Log[] memory logs) {
        vm.recordLogs();
        vm.prank(caller);
        (success, result) = instance.call(data);
        logs = vm.getRecordedLogs();
    }

    function _same(bytes memory data) private view {
        (bool success, bytes memory result) = address(token).staticcall(data);
        (bool expected, bytes memory wanted) = address(model).staticcall(data);
        vm.assertEq(success, expected);
        vm.assertEq(result, wanted);
    }

    function _delegates() private view returns (address[] memory list) {
        list = new address[](_actors.length);
        for (uint256 i = 0; i < list.length; ++i) list[i] = token.delegates(_actors[i]);
    }

    function _delegationCall(
        address instance,
        uint256 key,
        address to,
        uint256 nonce,
        uint256 expiry
    ) private view returns (bytes memory) {
        bytes32 structHash = keccak256(abi.encode(DELEGATION_TYPEHASH, to, nonce, expiry));
        (uint8 v, bytes32 r, bytes32 s) = _sign(instance, key, structHash);
        return abi.encodeCall(token.delegateBySig, (to, nonce, expiry, v, r, s));
    }

    function _permitCall(
        address instance,
        uint256 key,
        address to,
        uint256 value,
        uint256 deadline
    ) private view returns (bytes memory) {
        address owner = vm.addr(key);
        uint256 nonce = token.nonces(owner);
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, owner, to, value, nonce, deadline));
        (uint8 v, bytes32 r, bytes32 s) = _sign(instance, key, structHash);
        return abi.encodeCall(token.permit, (owner, to, value, deadline, v, r, s));
    }

    function _sign(
        address instance,
        uint256 key,
        bytes32 structHash
    ) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 separator = GovernanceToken(instance).DOMAIN_SEPARATOR();
        return vm.sign(key, keccak256(abi.encodePacked(hex"1901", separator, structHash)));
    }

    /// Nobody calls from the zero address, which is the last one.
    function _caller(uint256 index) private view returns (address) {
        return _actors[index % (_actors.length - 1)];
    }

    function _actor(uint256 index) private view returns (address) {
        return _actors[index % _actors.length];
    }

    /// Mostly amounts that the account holds, now and then one more than it does.
    function _amount(address account, uint256 amount) private view returns (uint256) {
        uint256 balance = token.balanceOf(account);
        if (amount % 8 == 0) return 0;
        if (amount % 8 == 1) return balance + 1;
        if (amount % 8 == 2) return balance;
        return bound(amount, 0, balance);
    }
}
