"""Teach the reader and fit the ranker; see README.md here. Nothing in this folder is needed to run Citewell."""
