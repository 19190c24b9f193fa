"""Everything on one machine: embedded servers, supervision, the demo, the tests. Imports no Django.

`./run` comes here once `.venv` is ready; `python -m marketplace.local demo` is the same without the installation.
"""
