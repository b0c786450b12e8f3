"""Acts of people on versions as jobs with a typed config: publish, revert, verify, accept."""
