// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

import {EpochClock} from "./EpochClock.sol";
import {ICertificateRegistry} from "./ICertificateRegistry.sol";

/// @title A steward's stake: the least of its votes at the beginning, the middle and the end of an epoch
abstract contract StewardStakes is EpochClock {
    /// One unit of stake, in wei.
    uint256 internal constant STAKE_UNIT = 1e9;

    IERC5805 private immutable TOKEN;

    constructor(address token_) {
        if (token_.code.length == 0) revert CertificatesInvalidAddress(token_);
        TOKEN = IERC5805(token_);
        bool inSeconds = keccak256(bytes(TOKEN.CLOCK_MODE())) == keccak256("mode=timestamp");
        bool fits = IERC20(token_).totalSupply() / STAKE_UNIT <= type(uint64).max;
        if (!inSeconds || !fits) revert CertificatesInvalidToken(token_);
    }

    /// @inheritdoc ICertificateRegistry
    function token() external view returns (address) {
        return address(TOKEN);
    }

    /// @inheritdoc ICertificateRegistry
    function stakeOf(uint64 epoch, address steward) external view returns (uint64) {
        return _leastStake(steward, sampleTimes(epoch));
    }

    function _leastStake(address steward, uint64[3] memory times) internal view returns (uint64) {
        uint256 votes = TOKEN.getPastVotes(steward, times[0]);
        for (uint256 i = 1; i < 3; ++i) {
            uint256 others = TOKEN.getPastVotes(steward, times[i]);
            if (others < votes) votes = others;
        }
        return _toStake(votes);
    }

    function _stakeAt(address steward, uint64 time) internal view returns (uint64) {
        return _toStake(TOKEN.getPastVotes(steward, time));
    }

    /// The least stake that is `share` (in units of 1e-4) of the token's supply.
    function _shareOfSupply(uint64 time, uint16 share) internal view returns (uint256) {
        uint256 scale = STAKE_UNIT * 10_000;
        return (TOKEN.getPastTotalSupply(time) * share + scale - 1) / scale;
    }

    /// Cut to 64 bits: a failure here would fail every seal of the epoch, and the supply can grow.
    function _toStake(uint256 votes) private pure returns (uint64) {
        uint256 stake = votes / STAKE_UNIT;
        return stake < type(uint64).max ? uint64(stake) : type(uint64).max;
    }
}
