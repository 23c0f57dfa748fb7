// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title Badges that anybody may take and throw away
/// @notice The collection of the tests of stamps that an account's tokens give.
contract Badges is ERC721 {
    constructor() ERC721("Badges", "BADGE") {}

    function take(uint256 id) external {
        _mint(msg.sender, id);
    }

    function throwAway(uint256 id) external {
        _update(address(0), id, msg.sender);
    }
}
