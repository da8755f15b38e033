"""A seeded world: browsers with the shipped client, one server, and a network that fails (PROTOCOL 3).

`make soak-simulation SEEDS=1000 FROM=1` runs seeds; `SEEDS=1 FROM=17 TRACE=1` tells what happens in one.
"""
