"""Inputs that people really hand in by mistake, and what each is answered with: one module for each kind of input."""
