// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

import {IGovernanceToken} from "./IGovernanceToken.sol";

/// @title The governance token: see {IGovernanceToken}
contract GovernanceToken is ERC20Permit, ERC20Votes, IGovernanceToken {
    uint256 public constant MINT_INTERVAL = 365 days;
    /// One mint may create at most this share of the supply, in percent.
    uint256 public constant MINT_CAP_PERCENT = 2;

    address private immutable DISTRIBUTOR;
    address private _minter;
    uint256 private _mintingAllowedAfter;

    constructor(
        string memory name_,
        string memory symbol_,
        address minter_,
        uint256 mintingAllowedAfter_,
        address distributor_,
        Allocation[] memory allocations
    ) ERC20(name_, symbol_) ERC20Permit(name_) {
        if (minter_ == address(0)) revert TokenInvalidMinter(minter_);
        if (distributor_ == address(0)) revert TokenInvalidDistributor(distributor_);
        if (mintingAllowedAfter_ < block.timestamp)
            revert TokenInvalidMintingTime(mintingAllowedAfter_, block.timestamp);
        DISTRIBUTOR = distributor_;
        _minter = minter_;
        _mintingAllowedAfter = mintingAllowedAfter_;
        emit MinterChanged(address(0), minter_);
        for (uint256 i = 0; i < allocations.length; ++i) {
            _mint(allocations[i].account, allocations[i].amount);
        }
    }

    function distribute(address to, uint256 amount, address delegatee) external returns (bool) {
        if (msg.sender != DISTRIBUTOR) revert TokenNotDistributor(msg.sender);
        _transfer(msg.sender, to, amount);
        if (delegatee != address(0)) _delegate(to, delegatee);
        return true;
    }

    function mint(address to, uint256 amount) external {
        if (msg.sender != _minter) revert TokenNotMinter(msg.sender);
        if (block.timestamp < _mintingAllowedAfter) revert TokenMintTooEarly(_mintingAllowedAfter, block.timestamp);
        uint256 cap = (totalSupply() * MINT_CAP_PERCENT) / 100;
        if (amount > cap) revert TokenMintCapExceeded(amount, cap);
        _mintingAllowedAfter = block.timestamp + MINT_INTERVAL;
        _mint(to, amount);
    }

    function setMinter(address newMinter) external {
        if (msg.sender != _minter) revert TokenNotMinter(msg.sender);
        if (newMinter == address(0)) revert TokenInvalidMinter(newMinter);
        emit MinterChanged(_minter, newMinter);
        _minter = newMinter;
    }

    function distributor() external view returns (address) {
        return DISTRIBUTOR;
    }

    function minter() external view returns (address) {
        return _minter;
    }

    function mintingAllowedAfter() external view returns (uint256) {
        return _mintingAllowedAfter;
    }

    function clock() public view override(IERC6372, Votes) returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override(IERC6372, Votes) returns (string memory) {
        return "mode=timestamp";
    }

    function nonces(address owner) public view override(ERC20Permit, IERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
