// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {vm} from "../support/Vm.sol";
import {TokenTwins} from "./TokenTwins.sol";

/// @notice The same random calls on the governance token and on OpenZeppelin's: see {TokenTwins} for what is compared.
contract GovernanceTokenDifferentialTest {
    uint256 private constant CALLS = 60;

    TokenTwins private _twins;

    function setUp() public {
        _twins = new TokenTwins();
    }

    function testFuzz_Token_BehavesAsOpenZeppelins(uint256 seed) public {
        for (uint256 i = 0; i < CALLS; ++i) _step(uint256(keccak256(abi.encode(seed, i))));
        _twins.compareHistories();
        _twins.compare(seed);
    }

    /// A fuzz test whose calls all fail would compare nothing: over a few seeds each kind of call must succeed often.
    function test_Twins_EveryKindOfCallSucceeds() public {
        for (uint256 i = 0; i < 1000; ++i) _step(uint256(keccak256(abi.encode("every kind", i))));
        string[8] memory names = [
            "transfer",
            "approve",
            "transferFrom",
            "delegate",
            "delegateBySig",
            "permit",
            "mint",
            "distribute"
        ];
        for (uint256 i = 0; i < names.length; ++i) vm.assertTrue(_twins.succeeded(names[i]) >= 10, names[i]);
    }

    function _step(uint256 random) private {
        uint256 kind = random % 10;
        uint256 a = uint256(keccak256(abi.encode(random, 1)));
        uint256 b = uint256(keccak256(abi.encode(random, 2)));
        uint256 c = uint256(keccak256(abi.encode(random, 3)));
        uint256 d = uint256(keccak256(abi.encode(random, 4)));
        if (kind <= 1) _twins.transfer(a, b, c);
        else if (kind == 2) _twins.approve(a, b, c);
        else if (kind == 3) _twins.transferFrom(a, b, c, d);
        else if (kind == 4) _twins.delegate(a, b);
        else if (kind == 5) _twins.delegateBySig(a, b, c);
        else if (kind == 6) _twins.permit(a, b, c, d);
        else if (kind == 7) _twins.mint(a, b);
        else if (kind == 8) _twins.distribute(a, b, c);
        else _twins.pass(a);
    }
}
