// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {GovernanceToken} from "../token/GovernanceToken.sol";
import {IGovernanceToken} from "../token/IGovernanceToken.sol";
import {ITokenDistributor} from "./ITokenDistributor.sol";
import {TokenDistributor} from "./TokenDistributor.sol";

/// @title Creates the token and its launch distributor, each of which names the other for ever
/// @notice Both in one transaction, so that the distributor's predicted address cannot be missed or taken. It keeps no
/// power over either.
contract TokenLaunch {
    struct TokenConfiguration {
        string name;
        string symbol;
        address minter;
        uint256 mintingAllowedAfter;
        /// The initial supply apart from the distributor's.
        IGovernanceToken.Allocation[] allocations;
        /// What the distributor is funded with: the list's total.
        uint96 distributed;
    }

    GovernanceToken private immutable TOKEN;
    TokenDistributor private immutable DISTRIBUTOR;

    /// @notice The distributor was not created at the address that the token was given.
    error LaunchAddressMismatch(address predicted, address actual);

    /// @param distribution `token` and `launch` are filled in here.
    constructor(TokenConfiguration memory configuration, ITokenDistributor.Configuration memory distribution) {
        // A contract's first creation has nonce 1 (EIP-161), so the distributor, its second, has nonce 2:
        // the last 20 bytes of keccak256(rlp([address(this), 2])).
        address predicted = address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), hex"02")))));
        uint256 count = configuration.allocations.length;
        IGovernanceToken.Allocation[] memory allocations = new IGovernanceToken.Allocation[](count + 1);
        allocations[0] = IGovernanceToken.Allocation(predicted, configuration.distributed);
        for (uint256 i = 0; i < count; ++i) {
            allocations[i + 1] = configuration.allocations[i];
        }
        TOKEN = new GovernanceToken(
            configuration.name,
            configuration.symbol,
            configuration.minter,
            configuration.mintingAllowedAfter,
            predicted,
            allocations
        );
        distribution.token = TOKEN;
        distribution.launch = true;
        DISTRIBUTOR = new TokenDistributor(distribution);
        if (address(DISTRIBUTOR) != predicted) revert LaunchAddressMismatch(predicted, address(DISTRIBUTOR));
    }

    function token() external view returns (GovernanceToken) {
        return TOKEN;
    }

    function distributor() external view returns (TokenDistributor) {
        return DISTRIBUTOR;
    }
}
