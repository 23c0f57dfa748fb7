// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {vm} from "../support/Vm.sol";
import {TokenTwins} from "./TokenTwins.sol";

/// @notice In this file, because the runner only calls contracts of the files it was given.
contract TokenHandler is TokenTwins {}

/// @notice What holds after any sequence of calls; the twins check every single call besides (results, events, consent).
contract GovernanceTokenInvariantTest {
    TokenTwins private _twins;
    GovernanceToken private _token;

    function setUp() public {
        _twins = new TokenHandler();
        _token = _twins.token();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_twins);
    }

    function invariant_Token_BehavesAsOpenZeppelins() public view {
        _twins.compare(uint256(keccak256(abi.encode(_twins.time()))));
    }

    function invariant_Token_HistoriesEqualOpenZeppelins() public view {
        _twins.compareHistories();
    }

    function invariant_Token_BalancesSumToTheSupply() public view {
        address[] memory actors = _twins.actors();
        uint256 sum = 0;
        for (uint256 i = 0; i < actors.length; ++i) sum += _token.balanceOf(actors[i]);
        vm.assertEq(sum, _token.totalSupply());
    }

    /// Hence also: all votes are the balances of those who appointed a delegate.
    function invariant_Token_VotesAreTheBalancesOfTheDelegators() public view {
        address[] memory actors = _twins.actors();
        for (uint256 i = 0; i < actors.length; ++i) {
            uint256 votes = 0;
            for (uint256 j = 0; j < actors.length; ++j) {
                if (_token.delegates(actors[j]) == actors[i]) votes += _token.balanceOf(actors[j]);
            }
            vm.assertEq(_token.getVotes(actors[i]), actors[i] == address(0) ? 0 : votes);
        }
    }
}
