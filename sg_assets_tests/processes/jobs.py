"""A job to start and stop."""

from typing import Final

SLEEPER: Final = """
import sys, time
from sg_assets.processes.job_process import run_payload
def work(spec):
    print("working", flush=True)
    time.sleep(60)
sys.exit(run_payload(["spec.json"], work))
"""
"""Python code of a job that says when it works, and sleeps."""
