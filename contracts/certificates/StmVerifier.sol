// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IStmVerifier} from "./IStmVerifier.sol";
import {Blake2b} from "./libraries/Blake2b.sol";
import {Bls12381} from "./libraries/Bls12381.sol";
import {StmCoefficients} from "./libraries/StmCoefficients.sol";
import {StmLottery} from "./libraries/StmLottery.sol";
import {StmSigner} from "./libraries/StmSigner.sol";
import {StmThreshold} from "./libraries/StmThreshold.sol";
import {StmTree} from "./libraries/StmTree.sol";

/// @title Verifies Mithril's stake-based threshold multisignature on-chain
/// @notice Stateless: one deployment serves every registry. See IStmVerifier for the proof's layout and rules.
contract StmVerifier is IStmVerifier {
    using StmLottery for StmLottery.State;

    /// @dev All that the steps of one verification share. It lies in memory so that the loop over the indices has the stack for
    /// itself: with a dozen values of its callers there, the compiler computes its own ones anew for each index.
    struct Workspace {
        uint256 signers;
        uint256 totalStake;
        uint256 leaves;
        uint256 c120;
        uint256 m;
        /// @dev The heap's position of leaf 0, and the least leaf that the next signer may have.
        uint256 firstPosition;
        uint256 nextLeaf;
        /// @dev Offsets in calldata: the proof, what follows its records, its end, the next signer's indices.
        uint256 proof;
        uint256 tail;
        uint256 end;
        uint256 indices;
        /// @dev How many indices that signer has.
        uint256 count;
        /// @dev Memory addresses of what the records are unpacked into; see StmSigner.
        uint256 g1Terms;
        uint256 g2Terms;
        uint256 signatures;
        uint256 nodes;
        uint256 leafInput;
        StmLottery.State lottery;
    }

    uint256 private constant MAX_M = 65_535; // indices are u16
    uint256 private constant HEADER = 2;
    uint256 private constant INDEX_BYTES = 2;
    uint256 private constant SIGNATURE_BYTES = 48;
    uint256 private constant NODE_BYTES = 64;
    uint256 private constant WORD = 32;

    constructor() {
        Blake2b.requirePrecompile();
    }

    /// @inheritdoc IStmVerifier
    function verify(
        AggregateKey calldata key,
        Parameters calldata parameters,
        bytes calldata message,
        bytes calldata proof
    ) external view {
        _checkParameters(parameters);
        StmLottery.reserve(parameters.m);
        Workspace memory space = _open(key, parameters, message, proof);
        bytes memory signed = bytes.concat(message, key.root);
        bytes memory g1Terms = new bytes(space.signers * Bls12381.G1_TERM);
        bytes memory g2Terms = new bytes(space.signers * Bls12381.G2_TERM);
        bytes memory signatures = new bytes(space.signers * SIGNATURE_BYTES);
        (space.g1Terms, space.g2Terms, space.signatures) = (_at(g1Terms), _at(g2Terms), _at(signatures));
        space.nodes = _at(new bytes(space.signers * NODE_BYTES));

        Bls12381.G1 memory signature;
        Bls12381.G2 memory publicKey;
        if (space.signers == 1) {
            _checkSigner(space, 0);
            _drawIndices(space, 0);
            _checkSum(space, key.root, parameters.k);
            // Both points enter the pairing, which checks their subgroups.
            signature = abi.decode(g1Terms, (Bls12381.G1));
            publicKey = abi.decode(g2Terms, (Bls12381.G2));
        } else {
            for (uint256 signer = 0; signer < space.signers; ++signer) {
                _checkSigner(space, signer);
                _drawIndices(space, signer);
            }
            _checkSum(space, key.root, parameters.k);
            _writeCoefficients(space, signatures);
            signature = Bls12381.multiplyG1(g1Terms);
            publicKey = Bls12381.multiplyG2(g2Terms);
        }
        Bls12381.G1 memory hash = Bls12381.hashToG1(signed, "");
        if (!Bls12381.pairingIsOne(signature, Bls12381.negatedGeneratorG2(), hash, publicKey)) {
            revert StmSignatureInvalid();
        }
    }

    function _checkParameters(Parameters calldata parameters) private pure {
        (uint64 k, uint64 m, uint128 c120) = (parameters.k, parameters.m, parameters.c120);
        if (k == 0 || k > m || m > MAX_M || c120 == 0 || c120 > StmThreshold.MAX_C120) {
            revert StmParametersInvalid(k, m, c120);
        }
    }

    function _open(
        AggregateKey calldata key,
        Parameters calldata parameters,
        bytes calldata message,
        bytes calldata proof
    ) private view returns (Workspace memory space) {
        if (proof.length < HEADER) revert StmProofTooShort(proof.length, HEADER);
        space.signers = uint16(bytes2(proof));
        if (space.signers == 0) revert StmNoSigner();
        (space.totalStake, space.leaves) = (key.totalStake, key.leaves);
        (space.c120, space.m) = (parameters.c120, parameters.m);
        space.proof = _offset(proof);
        space.end = space.proof + proof.length;
        space.tail = space.proof + HEADER + space.signers * StmSigner.BYTES;
        _requireLength(space, space.tail);
        space.indices = space.tail;
        if (key.leaves != 0) space.firstPosition = StmTree.firstPosition(key.leaves);
        space.leafInput = StmSigner.leafInput();
        space.lottery = StmLottery.prepare(bytes.concat("map", message, key.root), parameters.m);
    }

    /// @dev Points, leaf and threshold of one signer.
    function _checkSigner(Workspace memory space, uint256 signer) private view {
        uint256 record = space.proof + HEADER + signer * StmSigner.BYTES;
        (uint256 stake, uint256 count, uint256 leaf) = StmSigner.numbers(record);
        if (leaf < space.nextLeaf || leaf >= space.leaves) revert StmLeafOutOfOrder(signer, leaf);
        space.nextLeaf = leaf + 1;
        if (stake == 0 || stake > space.totalStake) revert StmStakeOutOfRange(signer, uint64(stake));
        uint256 threshold = StmThreshold.compute(space.c120, stake, space.totalStake);
        _unpack(space, signer, record, leaf);
        space.lottery.setSigner(space.signatures + signer * SIGNATURE_BYTES, threshold);
        space.count = count;
    }

    function _unpack(Workspace memory space, uint256 signer, uint256 record, uint256 leaf) private view {
        if (StmSigner.hasZeroPoint(record)) revert StmPointAtInfinity(signer);
        uint256 compressed = space.signatures + signer * SIGNATURE_BYTES;
        StmSigner.loadSignature(record, space.g1Terms + signer * Bls12381.G1_TERM, compressed);
        bytes32 hash = StmSigner.loadKey(record, space.g2Terms + signer * Bls12381.G2_TERM, space.leafInput);
        uint256 node = space.nodes + signer * NODE_BYTES;
        uint256 position = space.firstPosition + leaf;
        // Memory: the signer's 64 bytes of `nodes`.
        assembly ("memory-safe") {
            mstore(node, position)
            mstore(add(node, 0x20), hash)
        }
    }

    /// @dev The lottery of the signer that `_checkSigner` has set.
    function _drawIndices(Workspace memory space, uint256 signer) private view {
        uint256 from = space.indices;
        uint256 to = from + space.count * INDEX_BYTES;
        _requireLength(space, to);
        space.indices = to;
        // Read before the draw: an index out of range leaves its flag in whatever lies behind the flags, this struct included.
        uint256 m = space.m;
        (uint256 reached, bool refused) = space.lottery.draw(from, to);
        if (refused) _checkRange(signer, m, from, to);
        if (reached != to) revert StmIndexLost(signer, _indexAt(reached));
        if (refused) revert StmIndexRepeated(signer);
    }

    /// @dev The draw does not tell an index out of range from a repeated one: this names the first kind.
    function _checkRange(uint256 signer, uint256 m, uint256 from, uint256 to) private pure {
        for (uint256 cursor = from; cursor < to; cursor += INDEX_BYTES) {
            if (_indexAt(cursor) >= m) revert StmIndexOutOfRange(signer, _indexAt(cursor));
        }
    }

    /// @dev What concerns all signers together but their signatures: the number of indices, and the leaves.
    function _checkSum(Workspace memory space, bytes32 expected, uint64 k) private view {
        uint256 count = (space.indices - space.tail) / INDEX_BYTES;
        if (count < k) revert StmNotEnoughIndices(count, k);
        uint256 last = space.firstPosition + space.leaves;
        (bytes32 root, uint256 needed) = StmTree.walk(space.nodes, space.signers, last, space.indices);
        uint256 length = space.end - space.indices;
        if (needed != length) revert StmPathLength(length, needed);
        if (root != expected) revert StmRootMismatch(root);
    }

    function _writeCoefficients(Workspace memory space, bytes memory signatures) private view {
        StmCoefficients.write(
            signatures,
            space.g1Terms + Bls12381.G1_TERM - WORD,
            Bls12381.G1_TERM,
            space.g2Terms + Bls12381.G2_TERM - WORD,
            Bls12381.G2_TERM
        );
    }

    /// @dev `to` is an offset in calldata.
    function _requireLength(Workspace memory space, uint256 to) private pure {
        if (to > space.end) revert StmProofTooShort(space.end - space.proof, to - space.proof);
    }

    function _indexAt(uint256 cursor) private pure returns (uint256 index) {
        // Memory: none.
        assembly ("memory-safe") {
            index := shr(240, calldataload(cursor))
        }
    }

    function _offset(bytes calldata data) private pure returns (uint256 offset) {
        // Memory: none.
        assembly ("memory-safe") {
            offset := data.offset
        }
    }

    /// @dev The address of the first byte.
    function _at(bytes memory data) private pure returns (uint256 location) {
        // Memory: only an address is taken.
        assembly ("memory-safe") {
            location := add(data, 0x20)
        }
    }
}
