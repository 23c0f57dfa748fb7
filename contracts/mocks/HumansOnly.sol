// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportScores} from "../passport/IPassportScores.sol";

/// @title A contract that lets people in: how an integrator reads the registry
contract HumansOnly {
    IPassportScores private immutable PASSPORTS;
    uint256 private immutable SCORER_ID;

    mapping(address account => bool member) public isMember;

    event Joined(address indexed account, uint256 score);

    error NotHuman(address account, uint256 score);

    constructor(IPassportScores passports, uint256 scorerId) {
        PASSPORTS = passports;
        SCORER_ID = scorerId;
    }

    /// @notice Lets the caller in if its score reaches the scorer's threshold.
    function join() external {
        uint256 score = PASSPORTS.getScore(SCORER_ID, msg.sender);
        if (!PASSPORTS.isHuman(SCORER_ID, msg.sender)) revert NotHuman(msg.sender, score);
        isMember[msg.sender] = true;
        emit Joined(msg.sender, score);
    }
}
