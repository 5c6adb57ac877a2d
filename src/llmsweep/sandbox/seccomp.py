"""The system calls that no namespace and no limit covers, refused by a filter of about thirty instructions.

Each is a way around something that the sandbox promises: memory that no process shows (System V shared
memory, memfd), the caller's kernel keyring, sockets that ignore network namespaces (vsock), and kernel
interfaces with a long record of holes that no build or test needs. They answer ENOSYS, as on a kernel
without them.
"""

from __future__ import annotations

import errno
import platform
import struct

# AUDIT_ARCH_* of <linux/audit.h> and the numbers of <asm/unistd.h>.
_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NUMBERS = {
    "x86_64": {
        "shmget": 29,
        "msgget": 68,
        "add_key": 248,
        "request_key": 249,
        "keyctl": 250,
        "perf_event_open": 298,
        "memfd_create": 319,
        "bpf": 321,
        "userfaultfd": 323,
        "io_uring_setup": 425,
        "memfd_secret": 447,
    },
    "aarch64": {
        "msgget": 186,
        "shmget": 194,
        "add_key": 217,
        "request_key": 218,
        "keyctl": 219,
        "perf_event_open": 241,
        "memfd_create": 279,
        "bpf": 280,
        "userfaultfd": 282,
        "io_uring_setup": 425,
        "memfd_secret": 447,
    },
}
_SOCKET = {"x86_64": 41, "aarch64": 198}
_FAMILIES = (1, 2, 10, 16)  # unix, inet, inet6, netlink: all of them live in the network namespace
_X32 = 0x4000_0000  # the x32 twins of all x86-64 calls

# struct seccomp_data: nr at 0, arch at 4, the low half of the first argument at 16.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF_0000, 0x8000_0000, 0x0005_0000


def program(machine: str | None = None) -> bytes | None:
    """The filter as bwrap's --seccomp reads it; None for a machine whose numbers are not known here."""
    machine = machine or platform.machine()
    if machine not in _ARCH:
        return None
    numbers, families = sorted(_NUMBERS[machine].values()), _FAMILIES
    calls, kinds = len(numbers), len(families)
    # A jump counts the instructions it skips. Behind the calls lie the socket's block, then the three ends.
    code = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, _ARCH[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, calls + kinds + 4, 0, _X32),
        *((_EQUAL, calls - i + kinds + 3, 0, number) for i, number in enumerate(numbers)),
        (_EQUAL, 0, kinds + 2, _SOCKET[machine]),
        (_LOAD, 0, 0, 16),
        *((_EQUAL, kinds - i, 0, family) for i, family in enumerate(families)),
        (_RETURN, 0, 0, _ERRNO | errno.EAFNOSUPPORT),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)
