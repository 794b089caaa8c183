"""The cells of a lesson that its explorers need, and no other: a lesson's trainings take minutes, its knobs do not."""

import ast
import json

MAKERS = ("explore", "step_grid")


def code_cells(path):
    """The source of every code cell of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def is_shown(source):
    """Whether a cell ends with a widget that has knobs or a grid."""
    last = ast.parse(source).body[-1:]
    made = last[0].value if last and isinstance(last[0], ast.Expr) else None
    if isinstance(made, ast.Name):  # made above, shown here
        return any(f"{made.id} = {maker}(" in source for maker in MAKERS)
    return isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id in MAKERS


def needed_cells(sources):
    """The cells that show a widget, and those before them that give a name or a value to what they use."""
    wanted, kept = set(), []
    for source in reversed(sources):
        bound, used = _names(source)
        if is_shown(source) or bound & wanted:
            kept.append(source)
            wanted |= used
    return kept[::-1]


def _names(source):
    """The names that a cell binds or changes, and those that it uses."""
    bound, used = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            bound.update(one.id for one in ast.walk(node) if isinstance(one, ast.Name))
    return bound, used
