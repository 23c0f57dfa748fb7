// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportDecoder} from "./IPassportDecoder.sol";
import {IPassportScores} from "./IPassportScores.sol";

/// @title The ecosystem's read interface, answered by a registry: see {IPassportDecoder}
contract PassportDecoder is IPassportDecoder {
    IPassportScores private immutable REGISTRY;
    uint256 private immutable DEFAULT_SCORER;

    constructor(IPassportScores registry_, uint256 defaultScorer_) {
        if (address(registry_).code.length == 0) revert DecoderInvalidRegistry(address(registry_));
        if (defaultScorer_ == 0) revert DecoderInvalidScorer(defaultScorer_);
        REGISTRY = registry_;
        DEFAULT_SCORER = defaultScorer_;
    }

    /// @inheritdoc IPassportDecoder
    function getScore(address account) external view returns (uint256) {
        return REGISTRY.getScore(DEFAULT_SCORER, account);
    }

    /// @inheritdoc IPassportDecoder
    function getScore(uint32 scorerId, address account) external view returns (uint256) {
        return REGISTRY.getScore(scorerId, account);
    }

    /// @inheritdoc IPassportDecoder
    function isHuman(address account) external view returns (bool) {
        return REGISTRY.isHuman(DEFAULT_SCORER, account);
    }

    function registry() external view returns (IPassportScores) {
        return REGISTRY;
    }

    function defaultScorer() external view returns (uint256) {
        return DEFAULT_SCORER;
    }
}
