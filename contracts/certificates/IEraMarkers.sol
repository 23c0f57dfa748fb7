// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Which protocol version the nodes speak, and from which epoch on
/// @notice A new *era* is announced first, so that nodes can be upgraded, and activated later, from an epoch on. Nodes stop
/// at an era that they do not know. Contracts do not read eras: they bind off-chain software only.
interface IEraMarkers {
    struct Marker {
        /// A short name, such as `bytes32("first-light")`.
        bytes32 name;
        /// The version of the protocol that nodes speak in the era.
        uint32 protocolVersion;
        /// The first epoch of the era; 0 while it is only announced.
        uint64 epoch;
    }

    event EraAnnounced(bytes32 indexed name, uint32 protocolVersion);
    event EraActivated(bytes32 indexed name, uint64 indexed epoch);

    error ErasNotTimelock(address caller, address timelock);
    error ErasInvalidName();
    error ErasAlreadyAnnounced(bytes32 name);
    error ErasUnknownName(bytes32 name);
    /// @notice An era begins in a coming epoch, after those that were activated before it; once it has begun, it stays.
    error ErasInvalidActivation(bytes32 name, uint64 epoch, uint64 earliest);

    /// @notice Says that an era will come. Requirements: the caller is the Timelock; the name is new and not zero.
    function announce(bytes32 name, uint32 protocolVersion) external;

    /// @notice Sets the first epoch of an announced era, or moves it while it has not begun.
    function activate(bytes32 name, uint64 epoch) external;

    /// @notice The era of an epoch: the activated marker with the greatest epoch that is not later. All zero if none.
    function eraOf(uint64 epoch) external view returns (Marker memory);

    /// @notice The certificate registry whose epochs are meant.
    function registry() external view returns (address);

    /// @notice All markers, in the order of their announcement.
    function markers() external view returns (Marker[] memory);
}
