"""`musicedu doctor`: is everything there, and what to do if not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from musicedu.cli.reporting import AsJson, print_json


def doctor(
    out: Annotated[Path | None, typer.Option(help="Keep the bar that was engraved and played in this folder.")] = None,
    play: Annotated[bool, typer.Option(help="Play the bar through the loudspeakers.")] = True,
    as_json: AsJson = False,
) -> None:
    """Look the installation over, and say what to do about what is missing.

    Engraves a bar of notation, makes and plays a bar of sound, reads the trained weights, writes to the cache folder
    and looks for JupyterLab. The exit code is 1 if something is missing.

    **Examples**

    `musicedu doctor` examines everything and plays a bar.

    `musicedu doctor --out trial/` keeps the bar, as a picture and as a sound.
    """
    from musicedu.course.doctor import examine, save_proofs

    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            mark = "ok     " if finding.is_well else "MISSING"
            print(f"{mark} {finding.part}: {finding.text}")
            if finding.remedy:
                print(f"        What to do: {finding.remedy}.")
    broken = [finding for finding in findings if not finding.is_well]
    hearing = {finding.part for finding in broken}.isdisjoint({"notation", "sound"})
    files = list(save_proofs(out)) if out is not None and hearing else []
    if as_json:
        print_json({"is_well": not broken, "findings": findings, "files": files})
    else:
        if play and "sound" not in {finding.part for finding in broken}:
            print(_played())
        for path in files:
            print(f"        {path}")
        print("All is well." if not broken else f"{len(broken)} of {len(findings)} parts need attention.")
    if broken:
        raise typer.Exit(1)


def _played() -> str:
    from musicedu.course.doctor import note_of_sound
    from musicedu.course.loudspeaker import play_wav

    if play_wav(note_of_sound()):
        return "ok      loudspeaker: four notes were played. Nothing heard? Turn up the volume."
    return "note    loudspeaker: no player found here; sounds still play in the notebooks and from the WAV files."
