"""Incidents: opened, kept, escalated, closed, and told once per change to who is declared."""
