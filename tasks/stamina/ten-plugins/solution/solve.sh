#!/bin/sh
rm -f docs/interface-v1.md
cp -R "$(dirname "$0")/files/." .
