"""`python -m vango.cli`, where the command `vango` is not on the path."""

import sys

from vango.cli.command import main

sys.exit(main())
