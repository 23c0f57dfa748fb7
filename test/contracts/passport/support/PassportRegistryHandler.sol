// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportRegistry} from "../../../../contracts/passport/IPassportRegistry.sol";
import {PassportRegistry} from "../../../../contracts/passport/PassportRegistry.sol";
import {bound, vm} from "../../support/Vm.sol";
import {TestScoresCertificates} from "./Authorities.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {Leaf, ScoreTree} from "./ScoreTree.sol";

/// @notice Two scorers with one operator each and one under certificates, four people in every tree, and everybody who may do
/// something doing it at random. It remembers what it has seen, so that what must never happen can be told from what merely has not.
contract PassportRegistryHandler is RegistryFixture {
    uint256 public constant PEOPLE = 4;
    uint256 public constant SCORERS = 3;
    /// The scorer that certificates vouch for.
    uint256 public constant CERTIFIED = 3;

    /// The highest root number seen behind a cached score, floor, and root number of a scorer.
    mapping(uint256 scorer => mapping(address account => uint32 number)) public seenRoot;
    mapping(uint256 scorer => uint32 floor) public seenFloor;
    mapping(uint256 scorer => uint32 number) public seenNumber;
    /// The root behind a cached score that was seen to count no more; 0 while none was.
    mapping(uint256 scorer => mapping(address account => uint32 number)) public ended;
    /// The certified scorer's roots.
    uint256 public certifiedRoots;
    /// What went wrong, if it did: the invariants read these.
    uint256 public tooSoon;
    uint256 public wentBack;
    uint256 public revived;
    uint256 public readsThatReverted;
    uint256 public etherTaken;
    /// How often something happened, so that a run in which nothing did can be told.
    uint256 public submissions;

    TestScoresCertificates private immutable CERTIFICATES = new TestScoresCertificates();

    constructor() {
        setUp();
        registry.createScorer(manager, operator, IPassportRegistry.AuthorityKind.Key, settings());
        address certificates = address(CERTIFICATES);
        registry.createScorer(manager, certificates, IPassportRegistry.AuthorityKind.Certificates, settings());
    }

    /// Once: the fuzzer may call this like any other function.
    function setUp() public override {
        if (address(registry) == address(0)) super.setUp();
    }

    function theRegistry() external view returns (PassportRegistry) {
        return registry;
    }

    function person(uint256 index) public pure returns (address) {
        return address(uint160(0x9e0 + (index % PEOPLE)));
    }

    function leafOf(uint256 id, uint32 number, uint256 index) external view returns (Leaf memory) {
        return leavesOf[id][number][index];
    }

    function anchorRoot(uint256 seed) external {
        choose(seed);
        Leaf[] memory leaves = new Leaf[](PEOPLE);
        for (uint256 i = 0; i < PEOPLE; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            uint32 score = random % 4 == 0 ? 0 : uint32(bound(random, 1, 2 * THRESHOLD));
            uint256 lifetime = bound(random >> 64, 1, MAX_LIFETIME + 1 days); // some are too long
            leaves[i] = Leaf(person(i), score, uint64(block.timestamp + lifetime));
        }
        if (scorerId == CERTIFIED) anchorCertified(leaves, uint32(bound(seed, 1, 2 * THRESHOLD)));
        else anchor(leaves, uint32(bound(seed, 1, 2 * THRESHOLD)));
        look();
    }

    /// Certifies a tree and tries to anchor it, however soon after the last one.
    function anchorCertified(Leaf[] memory leaves, uint32 threshold) private {
        vm.warp(block.timestamp + 1);
        bytes32 root = ScoreTree.root(ScoreTree.hashAll(scorerId, leaves));
        uint64 issuedAt = uint64(block.timestamp);
        bytes32 rules = registry.hashRules(threshold, DEFINITION);
        CERTIFICATES.certify(
            1,
            keccak256(
                bytes.concat(
                    keccak256(abi.encode(block.chainid, address(registry), scorerId, root, issuedAt, rules, PEOPLE))
                )
            )
        );
        IPassportRegistry.Scorer memory before = registry.scorer(scorerId);
        try
            registry.anchorCertified(
                IPassportRegistry.CertifiedAnchor(scorerId, 1, root, issuedAt, threshold, DEFINITION, uint64(PEOPLE)),
                new bytes32[](0)
            )
        {
            ++certifiedRoots;
            if (issuedAt - before.issuedAt < before.minRootInterval) ++tooSoon;
            for (uint256 i = 0; i < leaves.length; ++i) leavesOf[scorerId][before.number + 1].push(leaves[i]);
        } catch {}
    }

    function submitLeaf(uint256 seed, uint256 back, uint256 index) external {
        choose(seed);
        uint32 number = recent(back);
        if (number == 0) return;
        index %= PEOPLE;
        IPassportRegistry.Submission memory item = submission(number, index);
        try registry.submitScore(scorerId, item.account, item.score, item.expiresAt, number, item.proof) {
            ++submissions;
        } catch {}
        look();
    }

    function submitAll(uint256 seed, uint256 back) external {
        choose(seed);
        uint32 number = recent(back);
        if (number == 0) return;
        IPassportRegistry.Submission[] memory batch = new IPassportRegistry.Submission[](PEOPLE);
        for (uint256 i = 0; i < PEOPLE; ++i) batch[i] = submission(number, i);
        try registry.submitScores(scorerId, batch) returns (uint256 brought) {
            submissions += brought;
        } catch {}
        look();
    }

    /// Changed leaves and made-up proofs: none of them may get in, or the stored value would equal no leaf.
    function submitForgery(uint256 seed, uint32 score, uint64 expiresAt, bytes32[] calldata proof) external {
        choose(seed);
        uint32 number = recent(seed);
        address account = person(seed);
        try registry.submitScore(scorerId, account, score, expiresAt, number, proof) {} catch {}
        if (number == 0) return;
        bytes32[] memory honest = proofOf(number, seed % PEOPLE);
        try registry.submitScore(scorerId, account, score, expiresAt, number, honest) {} catch {}
        look();
    }

    function raiseFloor(uint256 seed, uint32 floor) external {
        choose(seed);
        // Seldom, or nothing would ever count.
        if (seed % 4 != 0) return;
        vm.prank(
            scorerId == CERTIFIED
                ? timelock
                : seed % 8 == 0
                    ? manager
                    : operator
        );
        try registry.raiseFloor(scorerId, floor % (seenNumber[scorerId] + 3)) {} catch {}
        look();
    }

    function changeRootAge(uint256 seed, uint16 age) external {
        choose(seed);
        vm.prank(scorerId == CERTIFIED ? timelock : manager);
        registry.setSettings(
            scorerId,
            IPassportRegistry.Settings({
                maxRootAge: uint16(bound(age, 1, 6)),
                maxLifetime: uint32(bound(seed, 1 days, MAX_LIFETIME)),
                minRootInterval: uint32(bound(seed >> 64, 1, 1 days))
            })
        );
        look();
    }

    function pay(uint256 seed, uint256 index) external {
        choose(seed);
        uint32 number = recent(seed);
        if (number == 0) return;
        IPassportRegistry.Submission memory item = submission(number, index % PEOPLE);
        vm.deal(address(this), 1 ether);
        (bool success, ) = address(registry).call{value: 1}(
            abi.encodeCall(
                registry.submitScore,
                (scorerId, item.account, item.score, item.expiresAt, number, item.proof)
            )
        );
        if (success) ++etherTaken;
    }

    function read(uint256 id, address account, uint256 threshold) external {
        // Half of the questions are about somebody.
        if (threshold % 2 == 0) (id, account) = (1 + (id % SCORERS), person(uint160(account)));
        bytes[3] memory reads = [
            abi.encodeWithSignature("getScore(uint256,address)", id, account),
            abi.encodeWithSignature("isHuman(uint256,address)", id, account),
            abi.encodeWithSignature("isHuman(uint256,address,uint256)", id, account, threshold)
        ];
        for (uint256 i = 0; i < reads.length; ++i) {
            (bool answered, bytes memory answer) = address(registry).staticcall(reads[i]);
            if (!answered || answer.length != 32) ++readsThatReverted;
        }
    }

    function wait(uint256 span) external {
        vm.warp(block.timestamp + bound(span, 1, 20 days));
        look();
    }

    function choose(uint256 seed) private {
        scorerId = 1 + (seed % SCORERS);
    }

    /// One of the last four roots, or 0.
    function recent(uint256 back) private view returns (uint32) {
        uint32 number = seenNumber[scorerId];
        back %= 4;
        return back < number ? uint32(number - back) : number;
    }

    /// Compares everybody's score with what was seen before.
    function look() private {
        for (uint256 id = 1; id <= SCORERS; ++id) {
            IPassportRegistry.Scorer memory scorer = registry.scorer(id);
            if (scorer.number < seenNumber[id] || scorer.floor < seenFloor[id]) ++wentBack;
            (seenNumber[id], seenFloor[id]) = (scorer.number, scorer.floor);
            for (uint256 i = 0; i < PEOPLE; ++i) lookAt(id, person(i));
        }
    }

    function lookAt(uint256 id, address account) private {
        uint32 number = registry.cachedScore(id, account).rootNumber;
        if (number < seenRoot[id][account]) ++wentBack;
        seenRoot[id][account] = number;
        if (number == 0) return;
        bool counts = registry.getScore(id, account) != 0;
        if (counts && ended[id][account] == number) ++revived;
        if (!counts) ended[id][account] = number;
    }
}
