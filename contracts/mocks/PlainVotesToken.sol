// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title OpenZeppelin's ERC20Votes as it comes, with a trusted `distribute` hook
/// @notice The compared token of the gas benchmark, and the token of campaigns without the launch hook in tests.
contract PlainVotesToken is ERC20, ERC20Permit, ERC20Votes {
    address public distributor;

    error PlainTokenNotDistributor(address caller);

    constructor(address receiver, uint256 supply) ERC20("Plain", "PLAIN") ERC20Permit("Plain") {
        _mint(receiver, supply);
    }

    /// @notice Once, by anybody: this token serves tests and benchmarks alone.
    function setDistributor(address distributor_) external {
        if (distributor == address(0)) distributor = distributor_;
    }

    function distribute(address to, uint256 amount, address delegatee) external returns (bool) {
        if (msg.sender != distributor) revert PlainTokenNotDistributor(msg.sender);
        _transfer(msg.sender, to, amount);
        if (delegatee != address(0)) _delegate(to, delegatee);
        return true;
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
