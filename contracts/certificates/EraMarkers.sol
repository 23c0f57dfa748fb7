// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICertificateRegistry} from "./ICertificateRegistry.sol";
import {IEraMarkers} from "./IEraMarkers.sol";

/// @title The eras of the protocol: see {IEraMarkers}
contract EraMarkers is IEraMarkers {
    ICertificateRegistry private immutable REGISTRY;
    address private immutable TIMELOCK;

    Marker[] private _markers;
    /// Where a marker lies in the list, counted from 1.
    mapping(bytes32 name => uint256 position) private _positions;

    /// The first era holds from the first epoch on.
    constructor(ICertificateRegistry registry_, bytes32 name, uint32 protocolVersion) {
        REGISTRY = registry_;
        TIMELOCK = registry_.timelock();
        _announce(name, protocolVersion);
        _activate(_markers[0], 1);
    }

    /// @inheritdoc IEraMarkers
    function announce(bytes32 name, uint32 protocolVersion) external {
        _checkTimelock();
        _announce(name, protocolVersion);
    }

    /// @inheritdoc IEraMarkers
    function activate(bytes32 name, uint64 epoch) external {
        _checkTimelock();
        uint256 position = _positions[name];
        if (position == 0) revert ErasUnknownName(name);
        Marker storage marker = _markers[position - 1];
        uint64 current = REGISTRY.currentEpoch();
        uint64 earliest = current + 1;
        for (uint256 i = 0; i < _markers.length; ++i) {
            if (i != position - 1 && _markers[i].epoch >= earliest) earliest = _markers[i].epoch + 1;
        }
        bool begun = marker.epoch != 0 && marker.epoch <= current;
        if (begun || epoch < earliest) revert ErasInvalidActivation(name, epoch, earliest);
        _activate(marker, epoch);
    }

    /// @inheritdoc IEraMarkers
    function eraOf(uint64 epoch) external view returns (Marker memory era) {
        for (uint256 i = 0; i < _markers.length; ++i) {
            Marker memory marker = _markers[i];
            if (marker.epoch != 0 && marker.epoch <= epoch && marker.epoch > era.epoch) era = marker;
        }
    }

    /// @inheritdoc IEraMarkers
    function markers() external view returns (Marker[] memory) {
        return _markers;
    }

    /// @inheritdoc IEraMarkers
    function registry() external view returns (address) {
        return address(REGISTRY);
    }

    function _announce(bytes32 name, uint32 protocolVersion) private {
        if (name == 0) revert ErasInvalidName();
        if (_positions[name] != 0) revert ErasAlreadyAnnounced(name);
        _markers.push(Marker({name: name, protocolVersion: protocolVersion, epoch: 0}));
        _positions[name] = _markers.length;
        emit EraAnnounced(name, protocolVersion);
    }

    function _activate(Marker storage marker, uint64 epoch) private {
        marker.epoch = epoch;
        emit EraActivated(marker.name, epoch);
    }

    function _checkTimelock() private view {
        if (msg.sender != TIMELOCK) revert ErasNotTimelock(msg.sender, TIMELOCK);
    }
}
