// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

import {IGovernanceToken} from "../../../contracts/token/IGovernanceToken.sol";

/// @notice What the governance token has to behave like: OpenZeppelin's ERC-20 with permits and votes on a timestamp clock,
/// a transfer followed by a delegation as its `distribute`, and unlimited minting.
contract ReferenceToken is ERC20Permit, ERC20Votes {
    address private immutable DISTRIBUTOR;

    constructor(
        string memory name_,
        string memory symbol_,
        address distributor_,
        IGovernanceToken.Allocation[] memory allocations
    ) ERC20(name_, symbol_) ERC20Permit(name_) {
        DISTRIBUTOR = distributor_;
        for (uint256 i = 0; i < allocations.length; ++i) {
            _mint(allocations[i].account, allocations[i].amount);
        }
    }

    function distribute(address to, uint256 amount, address delegatee) external returns (bool) {
        require(msg.sender == DISTRIBUTOR, "not the distributor");
        _transfer(msg.sender, to, amount);
        if (delegatee != address(0)) _delegate(to, delegatee);
        return true;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

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
