// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {TokenDistributor} from "../../../../contracts/distributor/TokenDistributor.sol";

/// A token that answers its first transfer with the very claim that led to it.
contract ReenteringToken is ERC20 {
    TokenDistributor public distributor;
    bytes private _claim;
    bool private _entered;

    constructor(address distributor_) ERC20("Re-entering", "REE") {
        distributor = TokenDistributor(distributor_);
        _mint(distributor_, 1_000_000e18);
    }

    function attack(bytes calldata claim_) external {
        _claim = claim_;
        forward(claim_);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        reenter();
        return super.transfer(to, amount);
    }

    function distribute(address to, uint256 amount, address) external returns (bool) {
        reenter();
        _transfer(msg.sender, to, amount);
        return true;
    }

    function reenter() private {
        if (_entered) return;
        _entered = true;
        forward(_claim);
    }

    function forward(bytes memory call) private {
        (bool success, bytes memory reason) = address(distributor).call(call);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}

/// A token that refuses without reverting.
contract RefusingToken is ERC20 {
    address public immutable distributor;

    constructor(address distributor_) ERC20("Refusing", "REF") {
        distributor = distributor_;
        _mint(distributor_, 1_000_000e18);
    }

    function transfer(address, uint256) public pure override returns (bool) {
        return false;
    }

    function distribute(address, uint256, address) external pure returns (bool) {
        return false;
    }
}
