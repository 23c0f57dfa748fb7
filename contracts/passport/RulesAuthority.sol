// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "solady/src/utils/ECDSA.sol";

import {IPassportRegistry} from "./IPassportRegistry.sol";
import {IRulesAuthority} from "./IRulesAuthority.sol";

/// @title Rules that governance has approved: see {IRulesAuthority}
contract RulesAuthority is IRulesAuthority {
    bytes4 private constant REFUSED = 0xffffffff;

    IPassportRegistry private immutable REGISTRY;
    address private immutable GOVERNANCE;

    address private _operator;
    mapping(uint256 scorerId => bytes32 rulesHash) private _approved;

    constructor(IPassportRegistry registry_, address governance_, address operator_) {
        if (address(registry_).code.length == 0) revert RulesInvalidRegistry(address(registry_));
        if (governance_ == address(0)) revert RulesInvalidGovernance(governance_);
        REGISTRY = registry_;
        GOVERNANCE = governance_;
        _setOperator(operator_);
    }

    /// @inheritdoc IRulesAuthority
    function approveRules(uint256 scorerId, uint32 threshold, bytes32 definition) external {
        _checkGovernance();
        bytes32 rulesHash = REGISTRY.hashRules(threshold, definition);
        _approved[scorerId] = rulesHash;
        emit RulesApproved(scorerId, rulesHash, threshold, definition);
    }

    /// @inheritdoc IRulesAuthority
    function setOperator(address newOperator) external {
        _checkGovernance();
        _setOperator(newOperator);
    }

    /// @inheritdoc IERC1271
    /// @dev A signature that cannot be decoded reverts, which the registry takes for a no.
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (IPassportRegistry.Anchor memory anchor, bytes memory signed) = abi.decode(
            signature,
            (IPassportRegistry.Anchor, bytes)
        );
        // The anchor beside the signature is the one that is anchored: same digest, same content, chain and registry.
        if (REGISTRY.hashAnchor(anchor) != digest) return REFUSED;
        bytes32 rulesHash = REGISTRY.hashRules(anchor.threshold, anchor.definition);
        if (rulesHash != _approved[anchor.scorerId]) return REFUSED;
        return ECDSA.tryRecover(digest, signed) == _operator ? IERC1271.isValidSignature.selector : REFUSED;
    }

    /// @inheritdoc IRulesAuthority
    function approvedRules(uint256 scorerId) external view returns (bytes32) {
        return _approved[scorerId];
    }

    /// @inheritdoc IRulesAuthority
    function operator() external view returns (address) {
        return _operator;
    }

    /// @inheritdoc IRulesAuthority
    function governance() external view returns (address) {
        return GOVERNANCE;
    }

    /// @inheritdoc IRulesAuthority
    function registry() external view returns (IPassportRegistry) {
        return REGISTRY;
    }

    /// Never zero: a signature that recovers to nobody must not be the operator's.
    function _setOperator(address newOperator) private {
        if (newOperator == address(0)) revert RulesInvalidOperator(newOperator);
        emit OperatorChanged(_operator, newOperator);
        _operator = newOperator;
    }

    function _checkGovernance() private view {
        if (msg.sender != GOVERNANCE) revert RulesNotGovernance(msg.sender, GOVERNANCE);
    }
}
