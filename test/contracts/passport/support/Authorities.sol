// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {IScoresCertificates} from "../../../../contracts/passport/IScoresCertificates.sol";

/// @notice An ERC-1271 wallet of one key.
contract OperatorWallet is IERC1271 {
    address private immutable KEY;

    constructor(address key) {
        KEY = key;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address recovered, , ) = ECDSA.tryRecover(digest, signature);
        return recovered == KEY ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// @notice Answers every call with success and nothing.
contract SilentWallet {
    fallback() external {}
}

/// @notice Certificates as a test wants them.
contract TestScoresCertificates is IScoresCertificates {
    mapping(uint256 epoch => bytes32 root) public certifiedScoresRoot;

    function certify(uint256 epoch, bytes32 root) external {
        certifiedScoresRoot[epoch] = root;
    }
}
