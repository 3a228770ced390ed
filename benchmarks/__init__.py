"""Measurements of micrograd, side by side with what came before it; README.md says how and why so."""
