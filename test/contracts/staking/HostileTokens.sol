// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IIdentityStaking} from "../../../contracts/staking/IIdentityStaking.sol";
import {IdentityStaking} from "../../../contracts/staking/IdentityStaking.sol";

/// @notice An ordinary token that anybody can have as much of as they like.
contract FreeToken is ERC20("Free", "FREE") {
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }
}

/// @notice Keeps one per cent of every transfer.
contract FeeToken is ERC20("Fee", "FEE") {
    constructor(address account, uint256 amount) {
        _mint(account, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        uint256 fee = from == address(0) ? 0 : amount / 100;
        super._update(from, to, amount - fee);
        if (fee > 0) super._update(from, address(0), fee);
    }
}

/// @notice Moves tokens until it is told to fail; then it moves nothing and says so by its result only.
contract FalseToken is ERC20("False", "NO") {
    bool private _failing;

    constructor(address account, uint256 amount) {
        _mint(account, amount);
    }

    function fail() external {
        _failing = true;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return !_failing && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return !_failing && super.transferFrom(from, to, amount);
    }
}

/// @notice Calls both sides of a transfer, when they are contracts, after balances moved.
contract HookToken is ERC20("Hook", "HOOK") {
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from.code.length > 0) _call(from);
        if (to.code.length > 0) _call(to);
    }

    function _call(address account) private {
        (bool success, ) = account.call(abi.encodeCall(Reenterer.onTransfer, ()));
        success; // the staking contract has no such function
    }
}

/// @notice A staker that answers the token's call with a call of its own.
contract Reenterer {
    IdentityStaking private immutable STAKING;

    bytes private _answer;
    bool public reentered;
    bytes public refusal;
    IIdentityStaking.Stake private _seen;

    constructor(IERC20 token, IdentityStaking staking) {
        STAKING = staking;
        token.approve(address(staking), type(uint256).max);
    }

    function act(bytes calldata call_, bytes calldata answer) external {
        (_answer, reentered, refusal) = (answer, false, "");
        (bool success, bytes memory result) = address(STAKING).call(call_);
        _answer = "";
        if (!success) {
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
    }

    function onTransfer() external {
        _seen = STAKING.selfStakes(address(this));
        if (_answer.length == 0) return;
        bytes memory answer = _answer;
        _answer = "";
        (reentered, refusal) = address(STAKING).call(answer);
    }

    /// The stake as it stood when the token moved.
    function seen() external view returns (IIdentityStaking.Stake memory) {
        return _seen;
    }
}
