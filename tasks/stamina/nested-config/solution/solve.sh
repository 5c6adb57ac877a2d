#!/bin/bash
set -e
cp -R "$(dirname "$0")/files/." .
rm -f aircast/defaults.ini examples/small.ini examples/full.ini
