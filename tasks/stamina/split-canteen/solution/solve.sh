#!/bin/bash
set -e
rm -f canteen.py
cp -R "$(dirname "$0")/files/." .
