// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

import {AccountSlot, PackedAccount} from "./PackedAccount.sol";
import {PackedCheckpoints} from "./PackedCheckpoints.sol";

/// @title The ledger of a token that votes: balances, delegates and their history, in as few slots as they fit
/// @notice Behaves as OpenZeppelin's ERC20 and ERC20Votes on a timestamp clock do, events and their order included; the tests
/// run both side by side. Only the storage differs: an account's balance and delegate share a slot, and so does a delegate's
/// newest checkpoint with the number of older ones.
/// @dev Every sum of balances or votes is at most the total supply, which fits `uint96`: additions below rely on it.
abstract contract PackedVotes is IERC20, IERC20Errors, IERC5805, EIP712, Nonces {
    using PackedCheckpoints for PackedCheckpoints.Trace;

    bytes32 private constant DELEGATION_TYPEHASH = keccak256(
        "Delegation(address delegatee,uint256 nonce,uint256 expiry)"
    );

    mapping(address account => AccountSlot) private _accounts;
    mapping(address delegatee => PackedCheckpoints.Trace) private _votes;
    /// Its latest value is the total supply.
    PackedCheckpoints.Trace private _supply;

    /// @notice Votes can be looked up for the past only: before `clock`.
    error ERC5805FutureLookup(uint256 timepoint, uint48 clock);

    function delegate(address delegatee) external {
        _delegate(msg.sender, delegatee);
    }

    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external {
        if (block.timestamp > expiry) revert VotesExpiredSignature(expiry);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(DELEGATION_TYPEHASH, delegatee, nonce, expiry)));
        address account = ECDSA.recover(digest, v, r, s);
        _useCheckedNonce(account, nonce);
        _delegate(account, delegatee);
    }

    function totalSupply() public view returns (uint256) {
        return _supply.latest();
    }

    function balanceOf(address account) public view returns (uint256) {
        return _accounts[account].word.balance();
    }

    function delegates(address account) external view returns (address) {
        return _accounts[account].word.delegatee();
    }

    function getVotes(address account) external view returns (uint256) {
        return _votes[account].latest();
    }

    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return _votes[account].valueAt(_checkedPast(timepoint));
    }

    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return _supply.valueAt(_checkedPast(timepoint));
    }

    /// @notice How many checkpoints an account's votes have.
    function numCheckpoints(address account) external view returns (uint32) {
        return uint32(_votes[account].length()); // more would take a checkpoint a second for 136 years
    }

    /// @notice The checkpoint at `pos`, oldest first, in the form in which OpenZeppelin's tokens show theirs.
    function checkpoints(address account, uint32 pos) external view returns (Checkpoints.Checkpoint208 memory) {
        (uint256 timepoint, uint256 value) = _votes[account].checkpoint(pos);
        return Checkpoints.Checkpoint208({_key: uint48(timepoint), _value: uint208(value)});
    }

    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev The caller makes sure that the new supply fits `uint96`.
    function _mint(address to, uint256 amount) internal {
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        AccountSlot storage account = _accounts[to];
        PackedAccount receiver = account.word;
        account.word = receiver.plus(amount);
        emit Transfer(address(0), to, amount);
        _supply.add(clock(), amount);
        _moveVotes(address(0), receiver.delegatee(), amount);
    }

    function _transfer(address from, address to, uint256 amount) internal {
        if (from == address(0)) revert ERC20InvalidSender(from);
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        address fromDelegate = _withdraw(from, amount);
        AccountSlot storage account = _accounts[to];
        PackedAccount receiver = account.word; // read after the withdrawal, which wrote it if both are one account
        account.word = receiver.plus(amount);
        emit Transfer(from, to, amount);
        _moveVotes(fromDelegate, receiver.delegatee(), amount);
    }

    /// @dev A transfer to another account, followed by that account's delegation unless `delegatee` is zero: the same events
    /// in the same order as of the two, but one write for balance and delegate. The caller has the consent of `to`.
    function _transferAndDelegate(address from, address to, uint256 amount, address delegatee) internal {
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        if (to == from) revert ERC20InvalidReceiver(to);
        address fromDelegate = _withdraw(from, amount);
        AccountSlot storage account = _accounts[to];
        PackedAccount receiver = account.word.plus(amount);
        address oldDelegate = receiver.delegatee();
        account.word = delegatee == address(0) ? receiver : receiver.withDelegatee(delegatee);
        emit Transfer(from, to, amount);
        // A launch distributor has no delegate, nor have most claimants: spare them the call.
        if (fromDelegate != oldDelegate) _moveVotes(fromDelegate, oldDelegate, amount);
        if (delegatee == address(0)) return;
        emit DelegateChanged(to, oldDelegate, delegatee);
        _moveVotes(oldDelegate, delegatee, receiver.balance());
    }

    function _delegate(address account, address delegatee) private {
        AccountSlot storage slot = _accounts[account];
        PackedAccount delegator = slot.word;
        slot.word = delegator.withDelegatee(delegatee);
        emit DelegateChanged(account, delegator.delegatee(), delegatee);
        _moveVotes(delegator.delegatee(), delegatee, delegator.balance());
    }

    /// Takes `amount` from `from` and returns its delegate.
    function _withdraw(address from, uint256 amount) private returns (address) {
        AccountSlot storage account = _accounts[from];
        PackedAccount sender = account.word;
        if (sender.balance() < amount) revert ERC20InsufficientBalance(from, sender.balance(), amount);
        account.word = sender.minus(amount);
        return sender.delegatee();
    }

    function _moveVotes(address from, address to, uint256 amount) private {
        if (from == to) return;
        if (amount == 0) return;
        if (from != address(0)) {
            (uint256 oldVotes, uint256 newVotes) = _votes[from].subtract(clock(), amount);
            emit DelegateVotesChanged(from, oldVotes, newVotes);
        }
        if (to != address(0)) {
            (uint256 oldVotes, uint256 newVotes) = _votes[to].add(clock(), amount);
            emit DelegateVotesChanged(to, oldVotes, newVotes);
        }
    }

    function _checkedPast(uint256 timepoint) private view returns (uint256) {
        if (timepoint >= clock()) revert ERC5805FutureLookup(timepoint, clock());
        return timepoint;
    }
}
