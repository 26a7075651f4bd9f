"""Build the optional C kernel; without a compiler the package installs and works with NumPy alone."""

import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext


class OptionalKernel(build_ext):
    """A plain shared library opened by ctypes: it needs no Python entry point."""

    def get_export_symbols(self, ext: Extension) -> list[str]:
        """Export the kernel's own functions where the platform asks for a list."""
        return list(ext.export_symbols)


FLAGS = [] if sys.platform == "win32" else ["-std=gnu99", "-O3", "-ffp-contract=fast"]
UNTRAPPED = [] if sys.platform == "win32" else ["-fno-math-errno", "-fno-trapping-math"]  # lets selects be vectors

setup(
    cmdclass={"build_ext": OptionalKernel},
    ext_modules=[
        Extension(
            "myotome.inference._kernel",
            sources=[f"src/myotome/inference/{part}.c" for part in ("elimination", "layout", "idle", "kernel")],
            depends=[f"src/myotome/inference/{part}.h" for part in ("kernel", "rows", "upward", "downward")],
            extra_compile_args=FLAGS,
            export_symbols=[f"myotome_{name}" for name in ("plan", "forget", "entries", "workspace", "run")],
            optional=True,
        ),
        Extension(
            "myotome.mechanism._kernel",
            sources=["src/myotome/mechanism/kernel.c"],
            depends=[f"src/myotome/mechanism/{part}.h" for part in ("kernel", "block", "lanes", "events")],
            extra_compile_args=[*FLAGS, *UNTRAPPED],
            export_symbols=[f"myotome_mechanism_{name}" for name in ("names", "lanes", "run")],
            optional=True,
        ),
    ],
)
