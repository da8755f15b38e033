"""What holds for all tests: no test measures time, whatever else the machine does meanwhile."""

from hypothesis import HealthCheck, settings

settings.register_profile("vango", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vango")
