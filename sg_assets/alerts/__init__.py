"""Incidents: opened, escalated and closed; each change is sent once to the declared targets."""
