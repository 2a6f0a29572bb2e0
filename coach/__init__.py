"""The reflection coach: a Dutch-language assistant that asks, mirrors and quotes, and never judges."""

import os

__version__ = "0.1.0"

# onnxruntime reads this when it is imported, wherever that is first (chromadb imports it too): without it, it keeps a
# device id and a database of events under ~/.cache/Microsoft, and looks its maker's server up.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
