// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {vm} from "../../support/Vm.sol";

/// An ERC-1271 wallet that one key commands.
contract KeyWallet is IERC1271 {
    address public immutable KEY;

    constructor(address key) {
        KEY = key;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 65) return 0xffffffff;
        address recovered = ecrecover(hash, uint8(signature[64]), bytes32(signature[:32]), bytes32(signature[32:64]));
        return recovered == KEY ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// Answers every call with the bytes that it was given: to play wallets that answer wrongly.
contract AnsweringWallet {
    bytes private _answer;
    bool private immutable FAILS;

    constructor(bytes memory answer, bool fails) {
        _answer = answer;
        FAILS = fails;
    }

    fallback() external {
        bytes memory answer = _answer;
        bool fails = FAILS;
        assembly ("memory-safe") {
            if fails {
                revert(add(answer, 0x20), mload(answer))
            }
            return(add(answer, 0x20), mload(answer))
        }
    }
}
