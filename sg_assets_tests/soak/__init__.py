"""Kills and concurrent commands on real processes: a sample of each in `make test`, all of them in `make soak`."""
