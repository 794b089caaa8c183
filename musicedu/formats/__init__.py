"""Files and pages: a `Melody` to and from MusicXML, MIDI and ABC, and engraved as SVG; one format, one module."""
