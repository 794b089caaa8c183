"""Two programs that both use librosa for the first time, again and again: does any of them die, or a third after them?

Run: python benchmarks/first_compile.py [how often]
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PROGRAM = """
import musicedu, librosa, numpy as np
y = np.sin(np.arange(44_100) * 0.06)
librosa.feature.chroma_cqt(y=y.astype("float32"), sr=22_050)
librosa.pyin(y, sr=22_050, fmin=65, fmax=2000)
librosa.beat.beat_track(y=y, sr=22_050)
"""


def start(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    return subprocess.Popen(command, env={**os.environ, "NUMBA_CACHE_DIR": str(folder)}, stdout=subprocess.DEVNULL)


def main(often: int) -> None:
    died = 0
    for number in range(often):
        with TemporaryDirectory() as folder:
            codes = [process.wait() for process in [start(Path(folder)), start(Path(folder))]]
            codes.append(start(Path(folder)).wait())
        died += any(codes)
        print(f"{number + 1}: exit codes {codes}", flush=True)
    print(f"{died} of {often} times a program died")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
