"""Sellers' pages about their goods, a module for each page; all under `/sell/`."""
