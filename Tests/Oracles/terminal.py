"""Runs a program in a terminal of its own and prints all that it shows: terminal.py FOLDER PROGRAM ARGUMENT..."""

import os
import pty
import sys

os.chdir(sys.argv[1])
os.environ["COLUMNS"] = "200"
os.environ["TERM"] = "xterm-256color"
os.environ.pop("NO_COLOR", None)
pty.spawn(sys.argv[2:])
