// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../contracts/distributor/TokenDistributor.sol";
import {TokenLaunch} from "../../../contracts/distributor/TokenLaunch.sol";
import {Vm, vm} from "../support/Vm.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";
import {KeyWallet} from "./support/Wallets.sol";

contract TokenDistributorDeployTest is DistributorFixture {
    function test_Deploy_RejectsBadArguments() public {
        ITokenDistributor.Configuration memory c = campaign();
        c.token = IERC20(address(0));
        refuses(c, abi.encodeWithSelector(ITokenDistributor.DistributorInvalidToken.selector, address(0)));
        c.token = IERC20(ALICE); // no code
        refuses(c, abi.encodeWithSelector(ITokenDistributor.DistributorInvalidToken.selector, ALICE));

        c = campaign();
        address[3] memory treasuries = [address(0), address(token), address(0)];
        for (uint256 i = 0; i < treasuries.length; ++i) {
            // The last is the very distributor: a failed creation spends a nonce as well.
            if (i == 2) treasuries[i] = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
            c.treasury = treasuries[i];
            refuses(c, abi.encodeWithSelector(ITokenDistributor.DistributorInvalidTreasury.selector, treasuries[i]));
        }

        c = campaign();
        c.owner = address(0);
        refuses(c, abi.encodeWithSelector(Ownable.OwnableInvalidOwner.selector, address(0)));

        c = campaign();
        c.signer = address(0);
        refuses(c, abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSigner.selector, address(0)));
        c.signer = ALICE;
        c.signerKind = ITokenDistributor.SignerKind.Contract;
        refuses(c, abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSigner.selector, ALICE));

        c = campaign();
        c.merkleRoot = 0;
        refuses(c, abi.encodeWithSelector(ITokenDistributor.DistributorInvalidRoot.selector));

        c = campaign();
        c.start += 1 days; // empty, though not over
        c.end = c.start;
        refuses(c, invalidWindow(c));
        c.end = c.start - 1;
        refuses(c, invalidWindow(c));
        c = campaign();
        vm.warp(c.end); // over before it begins
        refuses(c, invalidWindow(c));
        vm.warp(c.end - 1);
        new TokenDistributor(c);
    }

    function test_Deploy_RejectsAFalseLaunch() public {
        ITokenDistributor.Configuration memory c = campaign();
        c.launch = true; // but the token is somebody else's for ever
        refuses(
            c,
            abi.encodeWithSelector(ITokenDistributor.DistributorNotTheLaunchDistributor.selector, address(distributor))
        );
    }

    function test_Deploy_ReportsItsConfiguration() public view {
        vm.assertEq(address(distributor.token()), address(token));
        vm.assertEq(token.distributor(), address(distributor));
        vm.assertEq(distributor.treasury(), TREASURY);
        vm.assertEq(distributor.owner(), OWNER);
        vm.assertEq(distributor.merkleRoot(), configuration().merkleRoot);
        vm.assertEq(distributor.listHash(), keccak256("list"));
        vm.assertTrue(distributor.isLaunch());
        vm.assertEq(distributor.start(), START);
        vm.assertEq(distributor.end(), END);
        vm.assertEq(distributor.pausedUntil(), 0);
        (address signer_, ITokenDistributor.SignerKind kind) = distributor.signer();
        vm.assertEq(signer_, SIGNER);
        vm.assertTrue(kind == ITokenDistributor.SignerKind.Key);
        (address guardian_, bool spent) = distributor.guardian();
        vm.assertEq(guardian_, GUARDIAN);
        vm.assertFalse(spent);
    }

    function test_Deploy_TakesAContractSignerAndTheLongestWindow() public {
        ITokenDistributor.Configuration memory c = campaign();
        c.signer = address(new KeyWallet(ALICE));
        c.signerKind = ITokenDistributor.SignerKind.Contract;
        c.guardian = GUARDIAN;
        c.start = type(uint40).max - 1;
        c.end = type(uint40).max;
        TokenDistributor made = new TokenDistributor(c);
        (, ITokenDistributor.SignerKind kind) = made.signer();
        vm.assertTrue(kind == ITokenDistributor.SignerKind.Contract);
        vm.prank(GUARDIAN);
        made.guardianPause(7 days); // the end moves beyond 40 bits without wrapping
        vm.assertEq(made.end(), uint256(type(uint40).max) + 7 days);
    }

    /// The launch holds its tokens itself: nobody may spend another's on its behalf, and it lets nobody spend its own.
    function test_Deploy_NoAllowances() public {
        vm.recordLogs();
        launch(configuration());
        claimBound(ALICE, 1, STEWARD);
        claimSigned(HOLDER, 0, STEWARD);
        sendBatch(batchOf(sponsoredItem(3, BOB_KEY, STEWARD)));
        vm.warp(END);
        distributor.sweep();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            vm.assertTrue(logs[i].topics[0] != keccak256("Approval(address,address,uint256)"), "an approval was made");
        }
        address[5] memory spenders = [OWNER, GUARDIAN, SIGNER, TREASURY, ALICE];
        for (uint256 i = 0; i < spenders.length; ++i) {
            vm.assertEq(token.allowance(address(distributor), spenders[i]), 0);
            vm.assertEq(token.allowance(spenders[i], address(distributor)), 0);
        }
    }

    function test_Deploy_LaunchKeepsNoPower() public {
        TokenLaunch launched = new TokenLaunch(tokenConfiguration(), configuration());
        vm.assertEq(launched.distributor().owner(), OWNER);
        vm.assertEq(launched.token().minter(), OWNER);
        vm.assertEq(launched.token().balanceOf(address(launched)), 0);
        vm.assertEq(launched.token().balanceOf(address(launched.distributor())), 2100e18);
        vm.assertEq(launched.token().distributor(), address(launched.distributor()));
    }

    /// Values that are set once live in the code: storage holds the owners, the state of signed claims, the guardian, and
    /// the claimed bits.
    function test_Build_StorageLayoutIsMinimal() public view {
        vm.assertEq(slot(0), bytes32(uint256(uint160(OWNER))));
        vm.assertEq(slot(1), 0); // pending owner
        // EIP712's two fallback strings are empty: the name is short enough for the code.
        vm.assertEq(slot(2), 0);
        vm.assertEq(slot(3), 0);
        vm.assertEq(slot(4), bytes32(uint256(uint160(SIGNER))));
        vm.assertEq(slot(5), bytes32(uint256(uint160(GUARDIAN))));
        for (uint256 i = 6; i < 32; ++i) vm.assertEq(slot(i), 0);
    }

    function slot(uint256 index) private view returns (bytes32) {
        return vm.load(address(distributor), bytes32(index));
    }

    /// A second campaign for the same token, without the hook.
    function campaign() private view returns (ITokenDistributor.Configuration memory c) {
        c = configuration();
        c.token = token;
        c.launch = false;
    }

    function invalidWindow(ITokenDistributor.Configuration memory c) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITokenDistributor.DistributorInvalidWindow.selector, c.start, c.end);
    }

    function refuses(ITokenDistributor.Configuration memory c, bytes memory error_) private {
        try new TokenDistributor(c) {
            vm.assertTrue(false, "bad arguments were accepted");
        } catch (bytes memory reason) {
            vm.assertEq(reason, error_);
        }
    }
}
