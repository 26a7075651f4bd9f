"""``python -m benchmarks``: the figures of speed, one line each."""

import os
import sys

# One thread, also inside NumPy; it reads these when it is imported.
os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

from benchmarks.run import main

sys.exit(main(sys.argv[1:]))
