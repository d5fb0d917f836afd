"""Figures out of measured moments."""


def percentile_ms(ordered: list[float], share: float) -> float:
    """The value below which `share` of the ordered seconds lie, in milliseconds; 0 without any."""
    if not ordered:
        return 0.0
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1)
