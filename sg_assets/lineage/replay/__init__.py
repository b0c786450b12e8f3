"""Counterfactual scores: versions made with causes restored, and each cause's share of the change."""
