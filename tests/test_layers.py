"""Who may import whom (docs/ARCHITECTURE.md): a new arrow in the wrong direction fails here."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / "python" / "vango"
RUST = ROOT / "rust" / "core" / "src"

# Each layer may import the layers above it in this list, never those below.
PYTHON_LAYERS = [
    {"_core", "_tags", "errors", "limits"},
    {"core", "events", "clock"},
    {"signals"},
    {"scope"},
    {"state"},
    {"component", "html", "svg"},
    {"protocol", "ledger", "stretch", "transports.base"},
    {"view"},
    {"transports.memory", "session"},
    {"attachment", "registry"},
    {"security", "assets", "page", "transports.websocket"},
    {"app"},
    {"server"},
    {"cli", "dev", "testing"},
]

RUST_LAYERS = {
    "limits": set(),
    "error": {"limits"},
}
