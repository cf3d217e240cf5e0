"""Findings: the rules, the policy, ignores, the baseline and what changed between runs. Pure."""
