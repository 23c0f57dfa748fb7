// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {CertificateRegistry} from "../../../../contracts/certificates/CertificateRegistry.sol";
import {ICertificateRegistry} from "../../../../contracts/certificates/ICertificateRegistry.sol";
import {IStmVerifier} from "../../../../contracts/certificates/IStmVerifier.sol";
import {GovernanceToken} from "../../../../contracts/token/GovernanceToken.sol";
import {IGovernanceToken} from "../../../../contracts/token/IGovernanceToken.sol";
import {vm} from "../../support/Vm.sol";
import {RecordedVerifier} from "./RecordedVerifier.sol";
import {StewardKeys} from "./StewardKeys.sol";

/// @notice A registry over the real token, at the second before epoch 1, with stewards who hold votes of their own: steward
/// i holds `VOTES[i]` whole tokens. Its verifier accepts what the test says was signed.
abstract contract CertificatesFixture {
    uint256 internal constant START = 1_800_000_000;
    uint64 internal constant GENESIS = uint64(START + 1);
    uint64 internal constant LENGTH = 1000;
    uint256 internal constant SUPPLY = 1_000_000e18;
    uint64 internal constant MINIMUM_STAKE = 100e9; // 100 tokens
    uint16 internal constant MINIMUM_SHARE = 3000; // 30 %
    uint256 internal constant STEWARDS = 5;
    bytes internal constant PROOF = "what the aggregator made";

    address internal timelock = address(0x71e10c4);
    address internal treasury = address(0x7e5);
    address internal stranger = address(0x57a);

    GovernanceToken internal token;
    RecordedVerifier internal verifier;
    CertificateRegistry internal registry;

    function setUp() public virtual {
        vm.warp(START - 10);
        IGovernanceToken.Allocation[] memory allocations = new IGovernanceToken.Allocation[](STEWARDS + 1);
        uint256 rest = SUPPLY;
        for (uint256 i = 0; i < STEWARDS; ++i) {
            allocations[i] = IGovernanceToken.Allocation(steward(i), uint96(votesOf(i)));
            rest -= votesOf(i);
        }
        allocations[STEWARDS] = IGovernanceToken.Allocation(treasury, uint96(rest));
        token = new GovernanceToken("Touchstone", "TOUCH", timelock, START + 365 days, address(0xd157), allocations);
        for (uint256 i = 0; i < STEWARDS; ++i) {
            vm.prank(steward(i));
            token.delegate(steward(i));
        }
        vm.warp(START);
        verifier = new RecordedVerifier();
        registry = new CertificateRegistry(setup());
    }

    function setup() internal view virtual returns (ICertificateRegistry.Setup memory) {
        return
            ICertificateRegistry.Setup({
                token: address(token),
                timelock: timelock,
                verifier: verifier,
                genesis: GENESIS,
                epochLength: LENGTH,
                firstAnchorUntil: 0,
                parameters: parameters()
            });
    }

    function parameters() internal pure returns (ICertificateRegistry.ProtocolParameters memory) {
        return
            ICertificateRegistry.ProtocolParameters({
                k: 619,
                m: 4994,
                c120: 0x391fef8f3534400000000000000000,
                phiF: 0x00333333,
                minimumStake: MINIMUM_STAKE,
                minimumShare: MINIMUM_SHARE
            });
    }

    function steward(uint256 i) internal pure returns (address) {
        return address(uint160(0x57e0000 + i));
    }

    /// The secret of a steward's key for an epoch.
    function secret(uint256 i, uint64 epoch) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("steward", i, epoch))) >> 3; // below the group's order
    }

    function votesOf(uint256 i) internal pure returns (uint256) {
        return [uint256(150_000e18), 20_000e18, 130_000e18, 20_000e18, 80_000e18][i];
    }

    /// Half a minute into an epoch.
    function toEpoch(uint64 epoch) internal {
        vm.warp(registry.startOf(epoch) + 30);
    }

    function register(uint256 i) internal {
        register(i, registry.currentEpoch());
    }

    function register(uint256 i, uint64 epoch) internal {
        bytes memory key = StewardKeys.key(secret(i, epoch));
        bytes memory proof = proofOf(i, epoch);
        vm.prank(steward(i));
        registry.register(epoch, key, proof);
    }

    function registerAll() internal {
        for (uint256 i = 0; i < STEWARDS; ++i) register(i);
    }

    function proofOf(uint256 i, uint64 epoch) internal view returns (bytes memory) {
        uint256 sk = secret(i, epoch);
        return StewardKeys.proof(sk, registry.bindingOf(epoch, steward(i), StewardKeys.keyHash(sk)));
    }

    /// The registrants among the fixture's stewards in the order of {ICertificateRegistry-seal}.
    function ordered(uint64 epoch) internal view returns (ICertificateRegistry.Registrant[] memory list) {
        list = new ICertificateRegistry.Registrant[](registry.registeredCount(epoch));
        uint256 count = 0;
        for (uint256 i = 0; i < STEWARDS; ++i) {
            if (registry.keyHashOf(epoch, steward(i)) == 0) continue;
            ICertificateRegistry.Registrant memory item = ICertificateRegistry.Registrant(
                steward(i),
                StewardKeys.compressed(secret(i, epoch))
            );
            uint256 place = count++;
            for (; place > 0 && isBefore(epoch, item, list[place - 1]); --place) list[place] = list[place - 1];
            list[place] = item;
        }
    }

    function isBefore(
        uint64 epoch,
        ICertificateRegistry.Registrant memory a,
        ICertificateRegistry.Registrant memory b
    ) internal view returns (bool) {
        uint64 stakeA = registry.stakeOf(epoch, a.steward);
        uint64 stakeB = registry.stakeOf(epoch, b.steward);
        if (stakeA != stakeB) return stakeA < stakeB;
        // 96 bytes of equal length compare as their words do.
        for (uint256 i = 0; i < 3; ++i) {
            if (a.verificationKey[i] != b.verificationKey[i]) return a.verificationKey[i] < b.verificationKey[i];
        }
        return false;
    }

    function part(
        ICertificateRegistry.Registrant[] memory list,
        uint256 from,
        uint256 to
    ) internal pure returns (ICertificateRegistry.Registrant[] memory page) {
        page = new ICertificateRegistry.Registrant[](to - from);
        for (uint256 i = from; i < to; ++i) page[i - from] = list[i];
    }

    function nothingRead() internal pure returns (ICertificateRegistry.SealProgress memory progress) {}

    function sealAll(uint64 epoch) internal {
        registry.seal(epoch, nothingRead(), ordered(epoch));
    }

    /// Registers everybody from the current epoch to `last` and seals each behind its boundary; ends in epoch `last` + 1.
    function runUntilSealed(uint64 last) internal {
        for (uint64 epoch = registry.currentEpoch(); epoch <= last; ++epoch) {
            registerAll();
            toEpoch(epoch + 1);
            sealAll(epoch);
        }
    }

    function permitAnchor(uint64 first, uint64 last) internal {
        vm.prank(timelock);
        registry.permitAnchor(first, last);
    }

    function certificateOf(uint64 epoch) internal pure returns (ICertificateRegistry.Certificate memory) {
        return
            ICertificateRegistry.Certificate({
                epoch: epoch,
                scoresRoot: keccak256(abi.encode("scores", epoch)),
                snapshotDigest: keccak256(abi.encode("digest", epoch)),
                snapshotBlock: 1000 * epoch,
                stakeDistributionRoot: keccak256(abi.encode("distribution", epoch))
            });
    }

    /// A certificate of the stake distribution alone.
    function bareCertificateOf(uint64 epoch) internal pure returns (ICertificateRegistry.Certificate memory bare) {
        bare.epoch = epoch;
        bare.stakeDistributionRoot = keccak256(abi.encode("distribution", epoch));
    }

    /// Makes the verifier accept {PROOF} for a certificate, under the key and the parameters that the epoch has.
    function sign(ICertificateRegistry.Certificate memory certificate) internal {
        (, IStmVerifier.AggregateKey memory key) = registry.sealOf(certificate.epoch - 2);
        (ICertificateRegistry.ProtocolParameters memory held, ) = registry.parametersOf(certificate.epoch);
        verifier.sign(key, IStmVerifier.Parameters(held.k, held.m, held.c120), registry.messageOf(certificate), PROOF);
    }

    function certify(uint64 epoch) internal {
        ICertificateRegistry.Certificate memory certificate = certificateOf(epoch);
        sign(certificate);
        registry.certify(certificate, PROOF);
    }
}
