"""Runs a command and writes what its whole process tree cost: meter.py RESULT.json COMMAND ARGS..

Times are those of every descendant that was waited for, as the kernel adds them up.
"""
import json
import resource
import subprocess
import sys

result, *command = sys.argv[1:]
code = subprocess.call(command)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(result, "w") as file:
    json.dump({"exitCode": code, "cpuSeconds": usage.ru_utime + usage.ru_stime}, file)
sys.exit(code if 0 <= code <= 255 else 1)
