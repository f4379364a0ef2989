"""Checks proofs of a transparency log, written from RFC 9162, section 2.1, with SM3 as the hash.

Nothing of ours is used: what passes here, anybody can check. A hash is 32 bytes; a leaf is what is
hashed for it, after the 0x00."""

import hashlib


def sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def leaf_hash(leaf: bytes) -> bytes:
    return sm3(b"\x00" + leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sm3(b"\x01" + left + right)


def root(leaves: list[bytes]) -> bytes:
    """2.1.1: MTH(D_n)."""
    return root_of([leaf_hash(leaf) for leaf in leaves])


def root_of(hashes: list[bytes]) -> bytes:
    """The same over leaves that are hashed already."""
    if not hashes:
        return sm3(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(root_of(hashes[:k]), root_of(hashes[k:]))


def included(leaf: bytes, index: int, size: int, path: list[bytes], head: bytes) -> bool:
    """2.1.3.2: whether the path leads from the leaf to the head."""
    if not 0 <= index < size:
        return False
    fn, sn, r = index, size - 1, leaf_hash(leaf)
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == head


def consistent(
    first: int, second: int, first_head: bytes, second_head: bytes, path: list[bytes]
) -> bool:
    """2.1.4.2: whether the second tree begins with the first."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_head == second_head
    if not path:
        return False
    if first & (first - 1) == 0:
        path = [first_head, *path]
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == first_head and sr == second_head and sn == 0
