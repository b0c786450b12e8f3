"""Acts of people on versions as jobs with a typed config: each changes what is current or what counts as current."""
