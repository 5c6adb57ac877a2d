import sys

from people.index import Index

index = Index(sys.argv[1])
if sys.argv[2] == "add":
    index.add(" ".join(sys.argv[3:]))
else:
    for name in index.find(" ".join(sys.argv[3:])):
        print(name)
