// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {IPassportRegistry} from "./IPassportRegistry.sol";

/// @title Rules that governance has approved
/// @notice The authority of scorers whose weights are decided by vote. A root counts when the operator signed it *and* it was
/// made with the rules that governance approved for its scorer: the operator says what the scores are, governance by which
/// rules. It is appointed in the registry as an authority of the kind `Contract`; the scorer's manager should be the same
/// governance, because a manager can appoint another authority.
///
/// Its signature is `abi.encode(IPassportRegistry.Anchor anchor, bytes operatorSignature)`, with the operator's own signature
/// over the registry's digest of that anchor.
interface IRulesAuthority is IERC1271 {
    /// @notice The rules of the scorer's roots are these from now on; roots of other rules are refused.
    event RulesApproved(uint256 indexed scorerId, bytes32 indexed rulesHash, uint32 threshold, bytes32 definition);
    event OperatorChanged(address indexed previousOperator, address indexed newOperator);

    error RulesInvalidRegistry(address registry);
    error RulesInvalidGovernance(address governance);
    error RulesInvalidOperator(address operator);
    error RulesNotGovernance(address caller, address governance);

    /// @notice Governance only: approves a version of a scorer's rules, in place of the one before. `threshold` is in units of
    /// 1e-4, `definition` the hash of the rules' document.
    function approveRules(uint256 scorerId, uint32 threshold, bytes32 definition) external;

    /// @notice Governance only. Signatures of the previous operator stop counting at once.
    function setOperator(address newOperator) external;

    /// @notice The hash of the approved rules, as in roots and their events; zero while there are none.
    function approvedRules(uint256 scorerId) external view returns (bytes32);

    /// @notice Whose signature roots need besides.
    function operator() external view returns (address);

    /// @notice Who approves rules and appoints the operator: the Timelock.
    function governance() external view returns (address);

    function registry() external view returns (IPassportRegistry);
}
