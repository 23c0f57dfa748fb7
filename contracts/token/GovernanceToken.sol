// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {IGovernanceToken} from "./IGovernanceToken.sol";
import {PackedVotes} from "./PackedVotes.sol";

/// @title The governance token: see {IGovernanceToken}
/// @notice Name and symbol have at most 31 bytes, so that they live in the code as everything else that is set once.
contract GovernanceToken is PackedVotes, IGovernanceToken {
    uint256 public constant MINT_INTERVAL = 365 days;
    /// One mint may create at most this share of the supply, in percent.
    uint256 public constant MINT_CAP_PERCENT = 2;

    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    address private immutable DISTRIBUTOR;
    ShortString private immutable SYMBOL;

    mapping(address owner => mapping(address spender => uint256)) private _allowances;
    address private _minter;
    uint96 private _mintingAllowedAfter;

    /// @notice The permit's deadline has passed.
    error ERC2612ExpiredSignature(uint256 deadline);
    /// @notice The permit was signed by somebody else than the owner.
    error ERC2612InvalidSigner(address signer, address owner);

    constructor(
        string memory name_,
        string memory symbol_,
        address minter_,
        uint256 mintingAllowedAfter_,
        address distributor_,
        Allocation[] memory allocations
    ) EIP712(name_, "1") {
        if (minter_ == address(0)) revert TokenInvalidMinter(minter_);
        if (distributor_ == address(0)) revert TokenInvalidDistributor(distributor_);
        if (mintingAllowedAfter_ < block.timestamp || mintingAllowedAfter_ > type(uint96).max) {
            revert TokenInvalidMintingTime(mintingAllowedAfter_, block.timestamp);
        }
        DISTRIBUTOR = distributor_;
        SYMBOL = ShortStrings.toShortString(symbol_);
        _minter = minter_;
        _mintingAllowedAfter = uint96(mintingAllowedAfter_);
        emit MinterChanged(address(0), minter_);
        for (uint256 i = 0; i < allocations.length; ++i) {
            _create(allocations[i].account, allocations[i].amount);
        }
    }

    /// @inheritdoc IGovernanceToken
    function distribute(address to, uint256 amount, address delegatee) external returns (bool) {
        if (msg.sender != DISTRIBUTOR) revert TokenNotDistributor(msg.sender);
        _transferAndDelegate(msg.sender, to, amount, delegatee);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _transfer(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = _allowances[from][msg.sender];
        if (allowed != type(uint256).max) {
            if (allowed < amount) revert ERC20InsufficientAllowance(msg.sender, allowed, amount);
            if (from == address(0)) revert ERC20InvalidApprover(from);
            _allowances[from][msg.sender] = allowed - amount;
        }
        _transfer(from, to, amount);
        return true;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        _approve(msg.sender, spender, amount);
        return true;
    }

    /// @inheritdoc IERC20Permit
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        if (block.timestamp > deadline) revert ERC2612ExpiredSignature(deadline);
        bytes32 message = keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, _useNonce(owner), deadline));
        address signer = ECDSA.recover(_hashTypedDataV4(message), v, r, s);
        if (signer != owner) revert ERC2612InvalidSigner(signer, owner);
        _approve(owner, spender, value);
    }

    /// @inheritdoc IGovernanceToken
    function mint(address to, uint256 amount) external {
        if (msg.sender != _minter) revert TokenNotMinter(msg.sender);
        if (block.timestamp < _mintingAllowedAfter) revert TokenMintTooEarly(_mintingAllowedAfter, block.timestamp);
        uint256 cap = (totalSupply() * MINT_CAP_PERCENT) / 100;
        if (amount > cap) revert TokenMintCapExceeded(amount, cap);
        _mintingAllowedAfter = uint96(block.timestamp + MINT_INTERVAL);
        _create(to, amount);
    }

    /// @inheritdoc IGovernanceToken
    function setMinter(address newMinter) external {
        if (msg.sender != _minter) revert TokenNotMinter(msg.sender);
        if (newMinter == address(0)) revert TokenInvalidMinter(newMinter);
        emit MinterChanged(_minter, newMinter);
        _minter = newMinter;
    }

    function name() external view returns (string memory) {
        return _EIP712Name();
    }

    function symbol() external view returns (string memory) {
        return ShortStrings.toString(SYMBOL);
    }

    function decimals() external pure returns (uint8) {
        return 18;
    }

    function allowance(address owner, address spender) external view returns (uint256) {
        return _allowances[owner][spender];
    }

    /// @inheritdoc IGovernanceToken
    function distributor() external view returns (address) {
        return DISTRIBUTOR;
    }

    /// @inheritdoc IGovernanceToken
    function minter() external view returns (address) {
        return _minter;
    }

    /// @inheritdoc IGovernanceToken
    function mintingAllowedAfter() external view returns (uint256) {
        return _mintingAllowedAfter;
    }

    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    function nonces(address owner) public view override(IERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _create(address to, uint256 amount) private {
        uint256 supply = totalSupply() + amount;
        if (supply > type(uint96).max) revert TokenSupplyOverflow(supply, type(uint96).max);
        _mint(to, amount);
    }

    function _approve(address owner, address spender, uint256 amount) private {
        if (owner == address(0)) revert ERC20InvalidApprover(owner);
        if (spender == address(0)) revert ERC20InvalidSpender(spender);
        _allowances[owner][spender] = amount;
        emit Approval(owner, spender, amount);
    }
}
