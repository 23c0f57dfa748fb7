// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ITokenDistributor} from "../../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../../contracts/distributor/TokenDistributor.sol";
import {vm} from "../../support/Vm.sol";
import {ClaimTree, Row} from "./ClaimTree.sol";
import {ScoreBoard} from "./ScoreBoard.sol";

/// @title What accounts try with a gated distributor whose signer approves of everything
/// @notice Rows 0 and 1 are bound to actors 0 and 1, the others are unbound; scores rise and fall at will.
contract GateHandler {
    uint256 public constant ACTORS = 4;
    uint256 private constant BOUND_ROWS = 2;
    uint256 private constant SIGNER_KEY = 0x51;

    TokenDistributor public immutable DISTRIBUTOR;
    ScoreBoard public immutable BOARD;
    uint256 public immutable SCORER;
    uint256 public immutable MINIMUM;

    Row[] private _rows;
    mapping(address account => uint256 count) public unboundPaid;
    mapping(address account => uint256 count) public boundPaid;
    /// An unbound leaf was paid to an account below the minimum.
    bool public paidBelow;
    /// A bound leaf was refused, although nobody had claimed it.
    bool public boundRefused;
    uint256 public passes;
    uint256 public refusals;

    constructor(TokenDistributor distributor, ScoreBoard board, Row[] memory rows) {
        DISTRIBUTOR = distributor;
        BOARD = board;
        ITokenDistributor.Gate memory gate = distributor.gate();
        (SCORER, MINIMUM) = (gate.scorerId, gate.minimum);
        for (uint256 i = 0; i < rows.length; ++i) _rows.push(rows[i]);
    }

    function actorAt(uint256 actor) public pure returns (address) {
        return vm.addr(0xac0000 + (actor % ACTORS));
    }

    /// Mostly around the minimum: one below, the minimum itself, above, nothing.
    function score(uint256 actor, uint256 choice) external {
        uint256[4] memory scores = [MINIMUM - 1, MINIMUM, MINIMUM + ((choice / 4) % 1e6), 0];
        BOARD.set(SCORER, actorAt(actor), scores[choice % 4]);
    }

    function claimUnbound(uint256 actor, uint256 row) external {
        row = BOUND_ROWS + (row % (_rows.length - BOUND_ROWS));
        address account = actorAt(actor);
        ITokenDistributor.Claim memory c = claimOf(row, account, account);
        bytes memory signature = sign(SIGNER_KEY, c);
        bytes32[] memory proof = ClaimTree.proofOf(_rows, row);
        vm.prank(account);
        (bool success, ) = address(DISTRIBUTOR).call(
            abi.encodeCall(DISTRIBUTOR.claimSigned, (c.userId, c.amount, address(0), c.deadline, signature, proof))
        );
        note(success, account);
    }

    /// Two accounts, or one twice, sponsored in one batch.
    function claimBatch(uint256 first, uint256 second, uint256 row, uint256 step) external {
        uint256 count = _rows.length - BOUND_ROWS;
        ITokenDistributor.SponsoredClaim[] memory items = new ITokenDistributor.SponsoredClaim[](2);
        items[0] = itemOf(BOUND_ROWS + (row % count), first);
        items[1] = itemOf(BOUND_ROWS + (((row % count) + 1 + (step % (count - 1))) % count), second);
        vm.prank(address(0x5904));
        (bool success, ) = address(DISTRIBUTOR).call(abi.encodeCall(DISTRIBUTOR.claimBatch, (address(0x5904), items)));
        note(success, items[0].account);
        if (success) note(success, items[1].account);
    }

    function claimBound(uint256 row) external {
        row %= BOUND_ROWS;
        Row memory r = _rows[row];
        bool fresh = !DISTRIBUTOR.isClaimed(r.userId);
        bytes32[] memory proof = ClaimTree.proofOf(_rows, row);
        vm.prank(r.account);
        (bool success, ) = address(DISTRIBUTOR).call(
            abi.encodeCall(DISTRIBUTOR.claim, (r.userId, r.amount, address(0), proof))
        );
        if (success) ++boundPaid[r.account];
        if (fresh && !success) boundRefused = true;
    }

    function note(bool success, address account) private {
        if (!success) {
            ++refusals;
            return;
        }
        ++passes;
        ++unboundPaid[account];
        if (BOARD.getScore(SCORER, account) < MINIMUM) paidBelow = true;
    }

    function itemOf(uint256 row, uint256 actor) private view returns (ITokenDistributor.SponsoredClaim memory) {
        address account = actorAt(actor);
        ITokenDistributor.Claim memory c = claimOf(row, account, address(0x5904));
        return
            ITokenDistributor.SponsoredClaim(
                c.userId,
                account,
                c.amount,
                address(0),
                c.deadline,
                sign(0xac0000 + (actor % ACTORS), c),
                sign(SIGNER_KEY, c),
                ClaimTree.proofOf(_rows, row)
            );
    }

    function claimOf(
        uint256 row,
        address account,
        address submitter
    ) private view returns (ITokenDistributor.Claim memory) {
        Row memory r = _rows[row];
        return ITokenDistributor.Claim(r.userId, account, r.amount, address(0), submitter, type(uint256).max);
    }

    function sign(uint256 key, ITokenDistributor.Claim memory c) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, DISTRIBUTOR.hashClaim(c));
        return abi.encodePacked(r, s, v);
    }
}
