"""How the lessons are compared under nbval: by what they say, not by how a page draws it."""


def pytest_collectstart(collector):
    """Pictures and players have words beside them (`text/plain`), which are compared; their HTML is not."""
    if type(collector).__name__ == "IPyNbFile":
        collector.skip_compare += ("stderr", "text/html")
