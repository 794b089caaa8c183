"""A process with everything imported, which forks one for each command line it is given: a kill then costs no start.

It reads lines of JSON, `{"arguments": […], "folder": …, "cache": …, "said": …}`, answers each with the number of the
process that runs it, and when that has ended with its exit code (minus the signal that ended it); an empty line then
lets it be forgotten.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Serve until there are no more lines."""
    import musicedu.classroom.assign
    import musicedu.cli.app
    import musicedu.corpus.build
    import musicedu.corpus.extraction
    import musicedu.corpus.load
    import musicedu.course.lab
    import musicedu.evaluation.likelihood
    import musicedu.exercise.generator
    import musicedu.exercise.piece.making
    import musicedu.sheet.folder
    import musicedu.sheet.piece_folder
    import musicedu.training.dataset  # noqa: F401

    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        process = os.fork()
        if process == 0:
            run(asked)
        print(process, flush=True)
        ended = os.waitid(
            os.P_PID, process, os.WEXITED | os.WNOWAIT
        )  # so long as it is not buried, nobody gets its number
        assert ended is not None
        print(ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status, flush=True)
        sys.stdin.readline()
        os.waitpid(process, 0)


def run(asked: dict[str, object]) -> None:
    """Be the command line that was asked for."""
    os.setsid()
    os.chdir(str(asked["folder"]))
    if asked["cache"] is not None:
        os.environ["MUSICEDU_CACHE"] = str(asked["cache"])
    said = os.open(str(asked["said"]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, stream in enumerate((nothing, said, said)):
        os.dup2(stream, number)
    code = 1
    try:
        from musicedu.cli import main as command_line

        command_line(asked["arguments"])  # type: ignore[arg-type]
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
