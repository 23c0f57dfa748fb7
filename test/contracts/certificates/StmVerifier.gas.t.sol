// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {StmVerifier} from "../../../contracts/certificates/StmVerifier.sol";
import {vm} from "../support/Vm.sol";
import {StmVectors} from "./support/StmVectors.sol";

/// @notice What a verification costs, calldata and the transaction's 21,000 apart, with the profile of the tests: a drift is what
/// matters here. `npm run bench:stm-gas` has the figures of a deployment.
contract StmVerifierGasTest {
    string private _json;
    StmVerifier private _verifier;

    function setUp() public {
        _json = StmVectors.load();
        _verifier = new StmVerifier();
    }

    function test_Gas_OneSigner() public {
        verify(0, "one signer");
    }

    function test_Gas_FiveSigners() public {
        verify(3, "five of twelve, k 182, m 1365");
    }

    function test_Gas_DefaultParameters() public {
        verify(5, "eleven of thirty, k 619, m 4994");
    }

    function verify(uint256 number, string memory name) private {
        StmVectors.Vector memory vector = StmVectors.read(_json, number);
        _verifier.verify(vector.key, vector.parameters, vector.message, vector.proof);
        vm.snapshotGasLastCall("StmVerifier", name);
    }
}
