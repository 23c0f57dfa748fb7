// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportDecoder} from "../../../contracts/passport/IPassportDecoder.sol";
import {IPassportRegistry} from "../../../contracts/passport/IPassportRegistry.sol";
import {IPassportScores} from "../../../contracts/passport/IPassportScores.sol";
import {PassportDecoder} from "../../../contracts/passport/PassportDecoder.sol";
import {vm} from "../support/Vm.sol";
import {RegistryFixture} from "./support/RegistryFixture.sol";
import {Leaf} from "./support/ScoreTree.sol";

contract PassportDecoderTest is RegistryFixture {
    PassportDecoder internal decoder;

    function setUp() public override {
        super.setUp();
        decoder = new PassportDecoder(registry, scorerId);
    }

    /// O6: the selectors that integrators compiled in, called as they call them.
    function test_Decoder_EcosystemSelectors() public {
        submit(anchor(list(leaf(alice, 922_910), leaf(bob, 1))), 0);
        vm.assertEq(ask(abi.encodeWithSelector(0xd47875d0, alice)), 922_910); // 92.2910, four decimals
        vm.assertEq(ask(abi.encodeWithSelector(0xdaadd662, scorerId, alice)), 922_910);
        vm.assertEq(ask(abi.encodeWithSelector(bytes4(keccak256("isHuman(address)")), alice)), 1);
        vm.assertEq(address(decoder.registry()), address(registry));
        vm.assertEq(decoder.defaultScorer(), scorerId);
    }

    /// O6: 0 and false where the existing decoder reverts with AttestationNotFound or AttestationExpired.
    function test_Decoder_AnswersWhereTheOriginalReverts() public {
        vm.assertEq(decoder.getScore(alice), 0); // unknown
        vm.assertEq(decoder.getScore(335, alice), 0); // unknown scorer
        vm.assertFalse(decoder.isHuman(alice));
        submit(anchor(list(leaf(alice, 250_000), leaf(bob, 1))), 0);
        vm.assertTrue(decoder.isHuman(alice));
        vm.warp(block.timestamp + 30 days); // expired
        vm.assertEq(decoder.getScore(alice), 0);
        vm.assertFalse(decoder.isHuman(alice));
        submit(anchor(list(leaf(alice, 0), leaf(bob, 1))), 0); // withdrawn
        vm.assertEq(decoder.getScore(alice), 0);
        vm.assertFalse(decoder.isHuman(alice));
    }

    function testFuzz_Decoder_AnswersWhatTheRegistryDoes(uint32 id, address account, uint32 score) public {
        submit(anchor(list(leaf(alice, score), leaf(bob, 1))), 0);
        if (id % 2 == 0) account = alice;
        vm.assertEq(decoder.getScore(account), registry.getScore(scorerId, account));
        vm.assertEq(decoder.getScore(id, account), registry.getScore(id, account));
        vm.assertEq(decoder.isHuman(account), registry.isHuman(scorerId, account));
    }

    /// F7b: the 32 bits of the ecosystem's interface are widened, and nothing is cut to them.
    function test_Decoder_ScorerIdNotTruncated() public {
        submit(anchor(list(leaf(alice, 250_000), leaf(bob, 1))), 0);
        // A default scorer beyond 32 bits is not the scorer of its low bits.
        PassportDecoder wide = new PassportDecoder(registry, scorerId + (1 << 32));
        vm.assertEq(wide.defaultScorer(), scorerId + (1 << 32));
        vm.assertEq(wide.getScore(alice), 0);
        vm.assertFalse(wide.isHuman(alice));
        // An id that does not fit is refused by the interface itself.
        (bool success, ) = address(decoder).staticcall(abi.encodeWithSelector(0xdaadd662, scorerId + (1 << 32), alice));
        vm.assertFalse(success);
    }

    function test_Decoder_ReadsOtherScorers() public {
        uint256 first = scorerId;
        submit(anchor(list(leaf(alice, 250_000), leaf(bob, 1))), 0);
        scorerId = registry.createScorer(manager, operator, IPassportRegistry.AuthorityKind.Key, settings());
        submit(anchor(list(leaf(alice, 70_000), leaf(bob, 1))), 0);
        vm.assertEq(decoder.getScore(uint32(first), alice), 250_000);
        vm.assertEq(decoder.getScore(uint32(scorerId), alice), 70_000);
        vm.assertEq(decoder.getScore(alice), 250_000);
    }

    function test_Decoder_RevertWhen_ArgumentsAreWrong() public {
        vm.expectRevert(abi.encodeWithSelector(IPassportDecoder.DecoderInvalidRegistry.selector, alice));
        new PassportDecoder(IPassportScores(alice), scorerId);
        vm.expectRevert(abi.encodeWithSelector(IPassportDecoder.DecoderInvalidScorer.selector, 0));
        new PassportDecoder(registry, 0);
    }

    function ask(bytes memory call) private view returns (uint256) {
        (bool success, bytes memory answer) = address(decoder).staticcall(call);
        vm.assertTrue(success);
        vm.assertEq(answer.length, 32);
        return abi.decode(answer, (uint256));
    }
}
