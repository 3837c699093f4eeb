"""What the Makefile runs, as `python -m scripts.<name>`.

`prepare`, `build_ui` and what they import run before anything is installed, so they use the
standard library only.
"""
