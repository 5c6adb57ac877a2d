import sys

from hours.report import report

print(report(sys.argv[1]), end="")
