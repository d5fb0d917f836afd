"""An exception as a log may show it: what it is and where it happened, never its words."""

import traceback


def without_words(error: BaseException) -> dict[str, str]:
    """The type and the places, of what it was raised from too. The words may be a citizen's."""
    chain = [error]
    while (cause := chain[-1].__cause__) is not None and cause not in chain:
        chain.append(cause)
    places = ["".join(traceback.format_tb(each.__traceback__)) for each in chain]
    return {"error": " from ".join(type(each).__name__ for each in chain), "where": "".join(places)}
