"""How passwords are kept: by Argon2id with what OWASP asks for, which a small machine can bear."""

from __future__ import annotations

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

# Of 8 sign-ins at once each would take 19 MiB and all cores; pages go on being served if they wait in line.
_ONE_AT_A_TIME = threading.Semaphore(1)


class Argon2(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet)."""

    time_cost, memory_cost, parallelism = 2, 19 * 1024, 1

    def encode(self, password: str, salt: str) -> str:
        """What is kept of the password."""
        with _ONE_AT_A_TIME:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        """Whether this is the password."""
        with _ONE_AT_A_TIME:
            return bool(super().verify(password, encoded))

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: the costs are the same for all."""
        del password, encoded
