"""Reports as files: JSON is in extractor.report; here are text for people and CSV for tables."""
