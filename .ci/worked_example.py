#!/usr/bin/env python3
"""Applies the worked example of CONTRIBUTING.md to a copy of the repository: worked_example.py REPOSITORY.

A listing after a line "`PATH`:" is a new file; a listing of the language diff is applied as a patch.
"""

import pathlib
import re
import subprocess
import sys

repository = pathlib.Path(sys.argv[1])
text = (repository / "CONTRIBUTING.md").read_text()
section = text.split("## Add a neuron model", 1)[1].split("\n## ", 1)[0]
blocks = re.findall(r"(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
for path, language, body in blocks:
    if language == "diff":
        subprocess.run(["git", "apply", "-"], input=body, text=True, cwd=repository, check=True)
    else:
        (repository / path).write_text(body)
print(f"{len(blocks)} listings applied")
