"""Counterfactual scores: versions made with causes put back, and each cause's share of the change."""
