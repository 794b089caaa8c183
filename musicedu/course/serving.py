"""JupyterLab run on a workspace, so that whatever ends us ends it and its kernels too.

Run as a program, this module is JupyterLab itself. It holds one end of a pipe of which `start_lab` holds the other:
when that closes, JupyterLab ends as if it had been asked to. So it ends on every system, and even if we are killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

SETTINGS = Path(__file__).with_name("jupyter_settings")
"""Defaults for JupyterLab: no news are asked for. A student may change them."""
LAB_OPTIONS = (
    # Nothing is asked of the network: no news, no look for a newer JupyterLab.
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
_PATIENCE_SEC = 30
# A group of its own: Ctrl-C in the terminal is for us, and JupyterLab does not stop to ask.
_APART: Any = {"start_new_session": True} if os.name == "posix" else {"creationflags": 0x200}
_ENDED_BY = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


def start_lab(folder: str | Path, *, open_browser: bool = True, options: Sequence[str] = ()) -> int:
    """Run JupyterLab on a workspace until it is closed, by its menu, Ctrl-C, or an order to this process.

    Returns its exit code, 0 after Ctrl-C, 128 and the signal's number after another signal. `options` are passed on.
    """
    command = [sys.executable, "-m", "musicedu.course.serving", str(folder), *LAB_OPTIONS, *options]
    if not open_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        print("You are root, which JupyterLab must be told to allow: passing --allow-root.", file=sys.stderr)
        command.append("--allow-root")
    with (
        _environment() as environment,
        _signals() as came,
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, **_APART) as running,
    ):
        code = _wait(running, came)
    if came:
        return 0 if came[0] == signal.SIGINT else 128 + came[0]
    return int(code)


def serve(arguments: Sequence[str]) -> None:
    """Be JupyterLab, until the process that started us is gone."""
    from jupyterlab.labapp import main

    threading.Thread(target=_end_with_parent, daemon=True).start()
    main(list(arguments))


def _wait(running: subprocess.Popen[bytes], came: list[int]) -> int:
    asked = False
    while True:
        if came and not asked:
            asked = True
            print("Closing JupyterLab and the lessons that run in it.", file=sys.stderr)
            running.stdin.close()  # type: ignore[union-attr]
        try:
            return running.wait(_PATIENCE_SEC if asked else 0.5)
        except subprocess.TimeoutExpired:
            if asked:
                running.kill()


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Gather the signals that end us, instead of ending."""
    came: list[int] = []
    heard = [number for number in _ENDED_BY if signal.getsignal(number) is not signal.SIG_IGN]  # `nohup` wants it so
    before = {number: signal.signal(number, lambda received, _: came.append(received)) for number in heard}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _environment() -> Iterator[dict[str, str]]:
    paths = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    # Lessons run in this very installation, whatever kernel of the same name the user may have elsewhere.
    environment = {**os.environ, "JUPYTER_PREFER_ENV_PATH": "1", "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}
    with TemporaryDirectory(prefix="musicedu-jupyter-", ignore_cleanup_errors=True) as scratch:
        closed = [name for name, folder in _jupyter_folders().items() if not _can_write(folder)]
        if closed:
            print("Your home folder cannot be written: settings of JupyterLab are not kept.", file=sys.stderr)
        environment |= {name: str(Path(scratch) / name.lower()) for name in closed}
        yield environment


def _jupyter_folders() -> dict[str, Path]:
    from jupyter_core import paths

    return {
        "JUPYTER_CONFIG_DIR": Path(paths.jupyter_config_dir()),
        "JUPYTER_DATA_DIR": Path(paths.jupyter_data_dir()),
        "JUPYTER_RUNTIME_DIR": Path(paths.jupyter_runtime_dir()),
        "IPYTHONDIR": Path(os.environ.get("IPYTHONDIR") or Path.home() / ".ipython"),
    }


def _can_write(folder: Path) -> bool:
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return os.access(folder, os.W_OK)
    return False


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGTERM)
    else:
        os.kill(os.getpid(), signal.SIGTERM)  # heard by the main thread, wherever it waits


if __name__ == "__main__":
    serve(sys.argv[1:])
