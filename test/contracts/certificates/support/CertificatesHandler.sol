// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICertificateRegistry} from "../../../../contracts/certificates/ICertificateRegistry.sol";
import {bound, vm} from "../../support/Vm.sol";
import {CertificatesFixture} from "./CertificatesFixture.sol";
import {StewardKeys} from "./StewardKeys.sol";

/// @notice Stewards who register, move their votes, seal and certify as it comes, and a governance that permits anchors.
contract CertificatesHandler is CertificatesFixture {
    uint64 public constant LAST_EPOCH = 40;

    bytes[STEWARDS] private _keys;
    /// What a decided epoch said when it was decided.
    mapping(uint64 epoch => bytes32 digest) public decided;
    uint64[] public certified;
    uint256 public permissions;
    uint256 public blocked;

    constructor() {
        CertificatesFixture.setUp();
        for (uint256 i = 0; i < STEWARDS; ++i) _keys[i] = StewardKeys.key(secret(i, 0));
        toEpoch(1);
    }

    /// Made once, by the constructor; the runner calls every public function.
    function setUp() public pure override {}

    function registryOf() external view returns (ICertificateRegistry) {
        return registry;
    }

    function stewardAt(uint256 i) external pure returns (address) {
        return steward(i);
    }

    /// Everybody, or one.
    function join(uint256 i, bool all) external {
        uint64 epoch = registry.currentEpoch();
        i = bound(i, 0, STEWARDS - 1);
        for (uint256 j = 0; j < STEWARDS; ++j) {
            if (!all && j != i) continue;
            if (registry.keyHashOf(epoch, steward(j)) != 0) continue;
            if (token.getPastVotes(steward(j), registry.startOf(epoch) - 1) < 100e18) continue;
            bytes32 keyHash = StewardKeys.keyHash(secret(j, 0));
            bytes memory proof = StewardKeys.proof(secret(j, 0), registry.bindingOf(epoch, steward(j), keyHash));
            vm.prank(steward(j));
            registry.register(epoch, _keys[j], proof);
        }
    }

    function wait(uint256 time) external {
        if (registry.currentEpoch() >= LAST_EPOCH) return;
        vm.warp(block.timestamp + bound(time, 1, LENGTH));
    }

    function move(uint256 from, uint256 to, uint256 amount) external {
        address sender = steward(bound(from, 0, STEWARDS - 1));
        address receiver = to % 3 == 0 ? treasury : steward(bound(to, 0, STEWARDS - 1));
        amount = bound(amount, 0, token.balanceOf(sender));
        vm.prank(sender);
        token.transfer(receiver, amount);
    }

    function giveBack(uint256 to, uint256 amount) external {
        amount = bound(amount, 0, token.balanceOf(treasury) / 4);
        vm.prank(treasury);
        token.transfer(steward(bound(to, 0, STEWARDS - 1)), amount);
    }

    /// In one page, or with one before it that may skip somebody; and where it does, anew.
    function close(uint256 back, uint256 from, uint256 to) external {
        uint64 current = registry.currentEpoch();
        uint64 distance = uint64(bound(back, 1, 2));
        if (current <= distance) return;
        uint64 epoch = current - distance;
        if (decided[epoch] != 0) return;
        ICertificateRegistry.Registrant[] memory list = orderedOfHandler(epoch);
        from = bound(from, 0, list.length);
        to = bound(to, from, list.length);
        if (to - from < list.length) {
            vm.recordLogs();
            registry.seal(epoch, nothingRead(), part(list, from, to));
            bytes memory data = vm.getRecordedLogs()[0].data;
            ICertificateRegistry.SealProgress memory progress = abi.decode(data, (ICertificateRegistry.SealProgress));
            registry.seal(epoch, from == 0 ? progress : nothingRead(), from == 0 ? part(list, to, list.length) : list);
        } else {
            registry.seal(epoch, nothingRead(), list);
        }
        decided[epoch] = digestOf(epoch);
        (ICertificateRegistry.SealStatus status, ) = registry.sealOf(epoch);
        if (status == ICertificateRegistry.SealStatus.Blocked) ++blocked;
    }

    function permit(uint256 ahead) external {
        uint64 current = registry.currentEpoch();
        vm.prank(timelock);
        registry.permitAnchor(current, current + uint64(bound(ahead, 0, 2)));
        ++permissions;
    }

    /// Whatever can be certified now; what the registry must refuse is left to it.
    function bring(bool grace, bool snapshot, uint64 newer) external {
        uint64 epoch = registry.currentEpoch() - (grace ? 1 : 0);
        if (epoch < 3 || decided[epoch - 1] == 0 || decided[epoch - 2] == 0) return;
        ICertificateRegistry.Certificate memory certificate =
            snapshot ? certificateOf(epoch) : bareCertificateOf(epoch);
        if (snapshot) certificate.snapshotBlock += newer % 1000;
        bool first = registry.certifiedEpoch(epoch).certifiedAt == 0;
        sign(certificate);
        try registry.certify(certificate, PROOF) {
            if (first) certified.push(epoch);
        } catch {}
    }

    function certifiedCount() external view returns (uint256) {
        return certified.length;
    }

    function digestOf(uint64 epoch) public view returns (bytes32) {
        (ICertificateRegistry.SealStatus status, ) = registry.sealOf(epoch);
        if (status == ICertificateRegistry.SealStatus.Open) return 0;
        (bool success, bytes memory answer) = address(registry).staticcall(
            abi.encodeCall(ICertificateRegistry.sealOf, (epoch))
        );
        require(success, "sealOf never fails");
        return keccak256(answer);
    }

    /// The handler's stewards keep one key for all epochs.
    function orderedOfHandler(uint64 epoch) private view returns (ICertificateRegistry.Registrant[] memory list) {
        list = new ICertificateRegistry.Registrant[](registry.registeredCount(epoch));
        uint256 count = 0;
        for (uint256 i = 0; i < STEWARDS; ++i) {
            if (registry.keyHashOf(epoch, steward(i)) == 0) continue;
            ICertificateRegistry.Registrant memory item = ICertificateRegistry.Registrant(
                steward(i),
                StewardKeys.compressed(secret(i, 0))
            );
            uint256 place = count++;
            for (; place > 0 && isBefore(epoch, item, list[place - 1]); --place) list[place] = list[place - 1];
            list[place] = item;
        }
    }
}
