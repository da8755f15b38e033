"""What holds for all tests: no test measures time, whatever else the machine does meanwhile."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("vango", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vango")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, or at the end all workers wait for the one that came upon it last."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
