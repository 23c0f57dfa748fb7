// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportScores} from "../../../../contracts/passport/IPassportScores.sol";

/// @title Scores as a test sets them
contract ScoreBoard is IPassportScores {
    mapping(uint256 scorerId => mapping(address account => uint256 score)) private _scores;

    function set(uint256 scorerId, address account, uint256 score) external {
        _scores[scorerId][account] = score;
    }

    function getScore(uint256 scorerId, address account) external view returns (uint256) {
        return _scores[scorerId][account];
    }

    function isHuman(uint256 scorerId, address account) external view returns (bool) {
        return _scores[scorerId][account] != 0;
    }

    function isHuman(uint256 scorerId, address account, uint256 threshold) external view returns (bool) {
        return _scores[scorerId][account] >= threshold;
    }
}
