"""From a wish to a piece: specification, plan, composing, recipe, reasons, and a checker that trusts nobody."""
