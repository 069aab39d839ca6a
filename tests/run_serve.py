"""A script: `serve` as an operator starts it, with a fake GPU child. Arguments: folder, child's command (JSON)."""

import json
import sys
from pathlib import Path

from nst_engine.contract.settings import EngineConfig, parse_config
from nst_engine.serve import run_serve

document = {
    "database": {"url": "sqlite:///stylize.db"},
    "blobs": {"directory": "blobs"},
    "engine": {"lease_seconds": 1},
}
config = parse_config(document, EngineConfig, folder=Path(sys.argv[1]))
sys.exit(run_serve(config, supervised="--supervised" in sys.argv, child_command=json.loads(sys.argv[2])))
