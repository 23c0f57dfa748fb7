// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ITokenDistributor} from "../../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../../contracts/distributor/TokenDistributor.sol";
import {GovernanceToken} from "../../../../contracts/token/GovernanceToken.sol";
import {vm} from "../../support/Vm.sol";
import {ClaimTree, Row} from "./ClaimTree.sol";

/// @title What everybody may try with a distributor, the forbidden included
/// @notice Actors 0 to 3 are listed with bound leaves (rows 0 to 3); rows 4 to 11 are unbound. Every action is tried with a low
/// level call; what succeeded is written down in the ghost variables, which the invariants compare with the chain.
contract DistributorHandler {
    uint256 public constant ACTORS = 6;
    uint256 private constant BOUND_ROWS = 4;

    TokenDistributor public immutable DISTRIBUTOR;
    GovernanceToken public immutable TOKEN;
    address public immutable OWNER;
    address public immutable TREASURY;

    Row[] private _rows;
    uint256 private _signerKey;

    uint256 public claimed;
    uint256 public swept;
    uint256 public donated;
    uint256 public appointments = 1;
    uint256 public latestEnd;
    /// Whether a row's claim was paid, with everything that its leaf asks for.
    mapping(uint256 row => bool) public paid;
    /// The delegate that an account consented to last.
    mapping(address account => address) public consented;
    /// The first forbidden thing that succeeded; empty if none did.
    string public broken;
    bool public sweptLast;
    /// How often each action succeeded, for the test that shows that the handler reaches them all.
    mapping(string action => uint256) public successes;

    constructor(
        TokenDistributor distributor,
        GovernanceToken token,
        address owner,
        address treasury,
        Row[] memory rows,
        uint256 signerKey
    ) {
        DISTRIBUTOR = distributor;
        TOKEN = token;
        OWNER = owner;
        TREASURY = treasury;
        _signerKey = signerKey;
        latestEnd = distributor.end();
        for (uint256 i = 0; i < rows.length; ++i) _rows.push(rows[i]);
    }

    function keyOf(uint256 actor) public pure returns (uint256) {
        return 0xac0000 + (actor % ACTORS);
    }

    function actorAt(uint256 actor) public pure returns (address) {
        return vm.addr(keyOf(actor));
    }

    function rowCount() external view returns (uint256) {
        return _rows.length;
    }

    function rowAt(uint256 index) external view returns (Row memory) {
        return _rows[index];
    }

    modifier observed() {
        sweptLast = false;
        _;
        uint256 end = DISTRIBUTOR.end();
        if (end < latestEnd) fail("the end moved back");
        latestEnd = end;
    }

    // What is allowed.

    function claimBound(uint256 row, uint256 delegatee) external observed {
        row %= BOUND_ROWS;
        Row memory r = _rows[row];
        address delegate = delegateAt(delegatee);
        vm.prank(r.account);
        if (attempt(abi.encodeCall(DISTRIBUTOR.claim, (r.userId, r.amount, delegate, proofOf(row))))) {
            note(row, r.account, delegate, "claim");
        }
    }

    function claimSigned(uint256 actor, uint256 row, uint256 delegatee) external observed {
        ITokenDistributor.Claim memory c = unboundClaim(actor, row, delegatee);
        c.submitter = c.account;
        bytes memory signature = sign(_signerKey, c);
        vm.prank(c.account);
        if (attempt(signedCall(c, signature, unbound(row)))) note(unbound(row), c.account, c.delegatee, "claimSigned");
    }

    function claimSponsored(uint256 actor, uint256 row, uint256 delegatee, bool bound) external observed {
        uint256 index = bound ? row % BOUND_ROWS : unbound(row);
        if (bound) actor = index;
        ITokenDistributor.Claim memory c = claimFor(index, actor, delegatee);
        bytes memory consent = sign(keyOf(actor), c);
        bytes memory message = bound ? bytes("") : sign(_signerKey, c);
        vm.prank(c.submitter);
        if (attempt(batchCall(c, consent, message, index))) note(index, c.account, c.delegatee, "claimSponsored");
    }

    function sweep(uint256 actor) external observed {
        uint256 amount = TOKEN.balanceOf(address(DISTRIBUTOR));
        bool ended = block.timestamp >= DISTRIBUTOR.end();
        vm.prank(actorAt(actor));
        if (!attempt(abi.encodeCall(DISTRIBUTOR.sweep, ()))) return;
        if (!ended) fail("a sweep before the end");
        swept += amount;
        sweptLast = true;
        ++successes["sweep"];
    }

    function guardianPause(uint256 duration) external observed {
        (address guardian, ) = DISTRIBUTOR.guardian();
        duration = 1 + (duration % 7 days);
        uint256 end = DISTRIBUTOR.end();
        vm.prank(guardian);
        if (!attempt(abi.encodeCall(DISTRIBUTOR.guardianPause, (duration)))) return;
        if (DISTRIBUTOR.end() != end + duration) fail("a guardian's pause moved the end by something else");
        ++successes["guardianPause"];
    }

    function appoint(uint256 actor) external observed {
        vm.prank(OWNER);
        if (!attempt(abi.encodeCall(DISTRIBUTOR.setGuardian, (actorAt(actor))))) return;
        ++appointments;
        ++successes["appoint"];
    }

    function pauseOrResume(bool pause) external observed {
        uint256 end = DISTRIBUTOR.end();
        vm.prank(OWNER);
        bool success = attempt(
            pause
                ? abi.encodeCall(DISTRIBUTOR.pauseSignedClaims, ())
                : abi.encodeCall(DISTRIBUTOR.resumeSignedClaims, ())
        );
        if (DISTRIBUTOR.end() != end) fail("the owner's pause moved the end");
        if (success) ++successes["pauseOrResume"];
    }

    function rotate(uint256 key) external observed {
        key = 0x516e0000 + (key % 4);
        vm.prank(OWNER);
        if (!attempt(abi.encodeCall(DISTRIBUTOR.rotateSigner, (vm.addr(key), ITokenDistributor.SignerKind.Key)))) {
            return;
        }
        _signerKey = key;
        ++successes["rotate"];
    }

    function delegateOneself(uint256 actor, uint256 delegatee) external observed {
        address account = actorAt(actor);
        consented[account] = delegateAt(delegatee);
        vm.prank(account);
        TOKEN.delegate(delegateAt(delegatee));
    }

    function donate(uint256 actor, uint256 amount) external observed {
        address account = actorAt(actor);
        amount %= TOKEN.balanceOf(account) + 1;
        vm.prank(account);
        TOKEN.transfer(address(DISTRIBUTOR), amount);
        donated += amount;
    }

    function transfer(uint256 from, uint256 to, uint256 amount) external observed {
        amount %= TOKEN.balanceOf(actorAt(from)) + 1;
        vm.prank(actorAt(from));
        TOKEN.transfer(actorAt(to), amount);
    }

    function wait(uint256 time) external observed {
        vm.warp(block.timestamp + (time % 4 days));
    }

    // What is forbidden: each of these must fail, whatever happened before.

    function stealBound(uint256 thief, uint256 row, uint256 delegatee) external observed {
        row %= BOUND_ROWS;
        Row memory r = _rows[row];
        address account = actorAt(thief);
        if (account == r.account) return;
        vm.prank(account);
        forbid(
            abi.encodeCall(DISTRIBUTOR.claim, (r.userId, r.amount, delegateAt(delegatee), proofOf(row))),
            "a bound leaf was paid to somebody else"
        );
    }

    function claimWithProofAlone(uint256 actor, uint256 row, uint256 delegatee) external observed {
        ITokenDistributor.Claim memory c = unboundClaim(actor, row, delegatee);
        c.submitter = c.account;
        bytes memory own = sign(keyOf(actor), c);
        bytes memory other = sign(0x516e0000 + 5, c);
        vm.prank(c.account);
        forbid(signedCall(c, own, unbound(row)), "an unbound leaf was paid on the account's own signature");
        vm.prank(c.account);
        forbid(signedCall(c, other, unbound(row)), "an unbound leaf was paid on another key's signature");
        vm.prank(c.account);
        forbid(
            abi.encodeCall(DISTRIBUTOR.claim, (c.userId, c.amount, c.delegatee, proofOf(unbound(row)))),
            "an unbound leaf was paid without a signature"
        );
        vm.prank(c.account);
        forbid(batchCall(c, own, "", unbound(row)), "a batch paid an unbound leaf without the signer");
    }

    function claimWithSignatureAlone(uint256 actor, uint256 row, uint256 amount, uint32 userId) external observed {
        ITokenDistributor.Claim memory c = unboundClaim(actor, row, actor);
        c.submitter = c.account;
        if (amount % 2 == 0)
            c.userId = 1_000_000 + (userId % 1_000_000); // nobody's
        else c.amount += 1 + (amount % 1e30);
        bytes memory signature = sign(_signerKey, c);
        vm.prank(c.account);
        forbid(signedCall(c, signature, unbound(row)), "the signer paid what is not on the list");
    }

    /// The signer and a sponsor are one attacker: without the account's signature they take nobody's votes.
    function claimWithoutConsent(uint256 victim, uint256 row, uint256 delegatee, bool bound) external observed {
        uint256 index = bound ? row % BOUND_ROWS : unbound(row);
        if (bound) victim = index;
        ITokenDistributor.Claim memory c = claimFor(index, victim, delegatee);
        bytes memory message = bound ? bytes("") : sign(_signerKey, c);
        bytes memory forged = sign(_signerKey, c);
        vm.prank(c.submitter);
        forbid(batchCall(c, forged, message, index), "a claim without the account's consent");
        vm.prank(c.submitter);
        forbid(batchCall(c, "", message, index), "a claim without any signature of the account");
    }

    function changeTheSponsorsClaim(uint256 actor, uint256 row, uint256 delegatee) external observed {
        ITokenDistributor.Claim memory c = claimFor(unbound(row), actor, delegatee);
        bytes memory consent = sign(keyOf(actor), c);
        c.delegatee = address(uint160(c.delegatee) ^ 1);
        bytes memory message = sign(_signerKey, c);
        vm.prank(c.submitter);
        forbid(batchCall(c, consent, message, unbound(row)), "the sponsor chose the delegate");
        c.delegatee = address(uint160(c.delegatee) ^ 1);
        message = sign(_signerKey, c);
        vm.prank(address(0xbad));
        forbid(batchCall(c, consent, message, unbound(row)), "somebody else sent the sponsor's batch");
    }

    function usurp(uint256 actor, uint256 choice) external observed {
        address account = actorAt(actor);
        bytes[7] memory calls = [
            abi.encodeCall(DISTRIBUTOR.rotateSigner, (account, ITokenDistributor.SignerKind.Key)),
            abi.encodeCall(DISTRIBUTOR.setGuardian, (account)),
            abi.encodeCall(DISTRIBUTOR.pauseSignedClaims, ()),
            abi.encodeCall(DISTRIBUTOR.resumeSignedClaims, ()),
            abi.encodeCall(DISTRIBUTOR.transferOwnership, (account)),
            abi.encodeCall(DISTRIBUTOR.acceptOwnership, ()),
            abi.encodeCall(DISTRIBUTOR.renounceOwnership, ())
        ];
        vm.prank(account);
        forbid(calls[choice % 7], "somebody else used the owner's rights");
        (address guardian, bool spent) = DISTRIBUTOR.guardian();
        if (account == guardian && !spent) return;
        vm.prank(account);
        forbid(abi.encodeCall(DISTRIBUTOR.guardianPause, (1 days)), "a pause by no guardian or a spent one");
    }

    function overstretch(uint256 duration) external observed {
        (address guardian, ) = DISTRIBUTOR.guardian();
        vm.prank(guardian);
        forbid(
            abi.encodeCall(DISTRIBUTOR.guardianPause, (7 days + 1 + (duration % 3650 days))),
            "a pause of more than seven days"
        );
    }

    function distributeOneself(uint256 actor, uint256 victim) external observed {
        vm.prank(actorAt(actor));
        (bool success, ) = address(TOKEN).call(abi.encodeCall(TOKEN.distribute, (actorAt(victim), 0, actorAt(actor))));
        if (success) fail("somebody else used the token's hook");
    }

    // How it is done.

    function note(uint256 row, address account, address delegatee, string memory action) private {
        if (paid[row]) fail("a leaf was paid twice");
        paid[row] = true;
        claimed += _rows[row].amount;
        if (delegatee != address(0)) consented[account] = delegatee;
        ++successes[action];
    }

    function forbid(bytes memory call, string memory reason) private {
        if (attempt(call)) fail(reason);
    }

    function fail(string memory reason) private {
        if (bytes(broken).length == 0) broken = reason;
    }

    function attempt(bytes memory call) private returns (bool success) {
        (success, ) = address(DISTRIBUTOR).call(call);
    }

    function unbound(uint256 row) private view returns (uint256) {
        return BOUND_ROWS + (row % (_rows.length - BOUND_ROWS));
    }

    function unboundClaim(
        uint256 actor,
        uint256 row,
        uint256 delegatee
    ) private view returns (ITokenDistributor.Claim memory) {
        return claimFor(unbound(row), actor, delegatee);
    }

    function claimFor(
        uint256 index,
        uint256 actor,
        uint256 delegatee
    ) private view returns (ITokenDistributor.Claim memory) {
        Row memory r = _rows[index];
        address sponsor = address(0x5904);
        return
            ITokenDistributor.Claim(
                r.userId,
                actorAt(actor),
                r.amount,
                delegateAt(delegatee),
                sponsor,
                type(uint256).max
            );
    }

    function delegateAt(uint256 seed) private pure returns (address) {
        return seed % (ACTORS + 1) == ACTORS ? address(0) : actorAt(seed % (ACTORS + 1));
    }

    function proofOf(uint256 row) private view returns (bytes32[] memory) {
        return ClaimTree.proofOf(_rows, row);
    }

    function signedCall(
        ITokenDistributor.Claim memory c,
        bytes memory signature,
        uint256 row
    ) private view returns (bytes memory) {
        return
            abi.encodeCall(
                DISTRIBUTOR.claimSigned,
                (c.userId, c.amount, c.delegatee, c.deadline, signature, proofOf(row))
            );
    }

    function batchCall(
        ITokenDistributor.Claim memory c,
        bytes memory consent,
        bytes memory message,
        uint256 row
    ) private view returns (bytes memory) {
        ITokenDistributor.SponsoredClaim[] memory items = new ITokenDistributor.SponsoredClaim[](1);
        items[0] = ITokenDistributor.SponsoredClaim(
            c.userId,
            c.account,
            c.amount,
            c.delegatee,
            c.deadline,
            consent,
            message,
            proofOf(row)
        );
        return abi.encodeCall(DISTRIBUTOR.claimBatch, (c.submitter, items));
    }

    function sign(uint256 key, ITokenDistributor.Claim memory c) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, DISTRIBUTOR.hashClaim(c));
        return abi.encodePacked(r, s, v);
    }
}
