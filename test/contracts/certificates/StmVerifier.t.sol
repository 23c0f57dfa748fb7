// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IStmVerifier} from "../../../contracts/certificates/IStmVerifier.sol";
import {StmVerifier} from "../../../contracts/certificates/StmVerifier.sol";
import {vm} from "../support/Vm.sol";
import {StmVectors} from "./support/StmVectors.sol";

/// @notice The whole verifier on frozen proofs; faults of every kind are in test/integration/stm-onchain-*.test.ts.
contract StmVerifierTest {
    uint256 private constant PROOFS = 25;
    uint256 private constant OF_FIVE = 1;

    string private _json;
    StmVerifier private _verifier;

    function setUp() public {
        _json = StmVectors.load();
        _verifier = new StmVerifier();
    }

    function test_StmVerifier_VectorsGetTheirVerdict() public view {
        uint256 accepted;
        for (uint256 i = 0; i < PROOFS; ++i) {
            StmVectors.Vector memory vector = StmVectors.read(_json, i);
            try _verifier.verify(vector.key, vector.parameters, vector.message, vector.proof) {
                vm.assertEq(vector.verdict, "valid");
                ++accepted;
            } catch (bytes memory reason) {
                vm.assertTrue(matches(vector.verdict, bytes4(reason)), vector.name);
            }
        }
        vm.assertEq(accepted, 6);
    }

    /// A short message takes one block a draw, a long one two; the vectors have the second kind, so that both are seen here.
    function test_StmVerifier_BindsTheMessage() public {
        StmVectors.Vector memory vector = StmVectors.read(_json, OF_FIVE);
        for (uint256 length = 0; length < 80; length += 40) {
            vm.expectRevert();
            _verifier.verify(vector.key, vector.parameters, new bytes(length), vector.proof);
        }
    }

    function test_StmVerifier_StakeZeroWinsNothing() public {
        StmVectors.Vector memory vector = StmVectors.read(_json, OF_FIVE);
        for (uint256 i = 0; i < 8; ++i) vector.proof[2 + 288 + i] = 0;
        vm.expectRevert(abi.encodeWithSelector(IStmVerifier.StmStakeOutOfRange.selector, 0, 0));
        _verifier.verify(vector.key, vector.parameters, vector.message, vector.proof);
    }

    function test_StmVerifier_ParametersHaveBounds() public {
        StmVectors.Vector memory vector = StmVectors.read(_json, OF_FIVE);
        IStmVerifier.Parameters[6] memory bad = [
            IStmVerifier.Parameters(0, 24, vector.parameters.c120),
            IStmVerifier.Parameters(25, 24, vector.parameters.c120),
            IStmVerifier.Parameters(12, 65_536, vector.parameters.c120),
            IStmVerifier.Parameters(12, type(uint64).max, vector.parameters.c120),
            IStmVerifier.Parameters(12, 24, 0),
            IStmVerifier.Parameters(12, 24, 3 * (1 << 120) + 1)
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            (uint64 k, uint64 m, uint128 c120) = (bad[i].k, bad[i].m, bad[i].c120);
            vm.expectRevert(abi.encodeWithSelector(IStmVerifier.StmParametersInvalid.selector, k, m, c120));
            _verifier.verify(vector.key, bad[i], vector.message, vector.proof);
        }
    }

    function matches(string memory verdict, bytes4 selector) private pure returns (bool) {
        bytes32 code = keccak256(bytes(verdict));
        if (selector == IStmVerifier.StmNotEnoughIndices.selector)
            return code == keccak256("stm/not-enough-signatures");
        if (selector == IStmVerifier.StmIndexLost.selector) return code == keccak256("stm/lottery-lost");
        if (selector == IStmVerifier.StmIndexRepeated.selector) return code == keccak256("stm/duplicate-index");
        if (selector == IStmVerifier.StmIndexOutOfRange.selector) return code == keccak256("stm/index-out-of-range");
        if (selector == IStmVerifier.StmStakeOutOfRange.selector) return code == keccak256("stm/bad-stake");
        if (selector == IStmVerifier.StmSignatureInvalid.selector) return code == keccak256("stm/bad-signature");
        bool path =
            selector == IStmVerifier.StmRootMismatch.selector || selector == IStmVerifier.StmPathLength.selector;
        return path && code == keccak256("stm/bad-path");
    }
}
