"""`python -m node` is the `covey` command."""

import sys

from node.cli.main import main

sys.exit(main())
