// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {vm} from "../support/Vm.sol";
import {TokenTest} from "./TokenTest.sol";

contract GovernanceTokenPermitTest is TokenTest {
    bytes32 private constant PERMIT_TYPEHASH = 0x6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9;
    bytes32 private constant DELEGATION_TYPEHASH = 0xe48329057bfd03d55e49b547132e39cffd9c1820ad7b9d4c5307691425d15adf;
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    address private constant SPENDER = address(0x59e);

    function test_Domain_IsPublished() public view {
        (bytes1 fields, string memory name, string memory version, uint256 chainId, address verifier, , ) = _token
            .eip712Domain();
        vm.assertEq(bytes32(fields), bytes32(hex"0f"));
        vm.assertEq(name, "Touchstone");
        vm.assertEq(version, "1");
        vm.assertEq(chainId, block.chainid);
        vm.assertEq(verifier, address(_token));
        vm.assertEq(_token.DOMAIN_SEPARATOR(), _separator(block.chainid));
    }

    function test_Domain_FollowsTheChainId() public {
        vm.chainId(4242);
        vm.assertEq(_token.DOMAIN_SEPARATOR(), _separator(4242));
    }

    function test_Permit_Approves() public {
        (uint8 v, bytes32 r, bytes32 s) = _signPermit(HOLDER_KEY, 9, 0, START);
        vm.expectEmit(true, true, true, true, address(_token));
        emit IERC20.Approval(HOLDER, SPENDER, 9);
        _token.permit(HOLDER, SPENDER, 9, START, v, r, s);
        vm.assertEq(_token.allowance(HOLDER, SPENDER), 9);
        vm.assertEq(_token.nonces(HOLDER), 1);
    }

    function test_Permit_RevertWhen_Expired() public {
        (uint8 v, bytes32 r, bytes32 s) = _signPermit(HOLDER_KEY, 9, 0, START);
        vm.warp(START + 1);
        vm.expectRevert(abi.encodeWithSelector(GovernanceToken.ERC2612ExpiredSignature.selector, START));
        _token.permit(HOLDER, SPENDER, 9, START, v, r, s);
    }

    function test_Permit_RevertWhen_SignedBySomebodyElse() public {
        (uint8 v, bytes32 r, bytes32 s) = _signPermit(0xbad, 9, 0, START);
        vm.expectRevert(abi.encodeWithSelector(GovernanceToken.ERC2612InvalidSigner.selector, vm.addr(0xbad), HOLDER));
        _token.permit(HOLDER, SPENDER, 9, START, v, r, s);
    }

    function test_Permit_RevertGiven_ItWasUsed() public {
        (uint8 v, bytes32 r, bytes32 s) = _signPermit(HOLDER_KEY, 9, 0, START);
        _token.permit(HOLDER, SPENDER, 9, START, v, r, s);
        vm.expectRevert();
        _token.permit(HOLDER, SPENDER, 9, START, v, r, s);
    }

    function test_Permit_RevertWhen_SignatureIsNone() public {
        vm.expectRevert(ECDSA.ECDSAInvalidSignature.selector);
        _token.permit(address(0), SPENDER, 9, START, 27, bytes32(0), bytes32(0));
    }

    function test_Nonces_AreOneSequenceForPermitsAndDelegations() public {
        (uint8 v, bytes32 r, bytes32 s) = _signPermit(HOLDER_KEY, 9, 0, START);
        _token.permit(HOLDER, SPENDER, 9, START, v, r, s);
        (v, r, s) = _sign(HOLDER_KEY, abi.encode(DELEGATION_TYPEHASH, STEWARD, 1, START));
        _token.delegateBySig(STEWARD, 1, START, v, r, s);
        vm.assertEq(_token.nonces(HOLDER), 2);
        vm.assertEq(_token.delegates(HOLDER), STEWARD);
    }

    function _signPermit(
        uint256 key,
        uint256 value,
        uint256 nonce,
        uint256 deadline
    ) private view returns (uint8, bytes32, bytes32) {
        return _sign(key, abi.encode(PERMIT_TYPEHASH, HOLDER, SPENDER, value, nonce, deadline));
    }

    function _separator(uint256 chainId) private view returns (bytes32) {
        bytes32 name = keccak256("Touchstone");
        return keccak256(abi.encode(DOMAIN_TYPEHASH, name, keccak256("1"), chainId, address(_token)));
    }
}
